"""Loyalty (2.5): do customers stay, come back, and bring others."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from .config import Config
from .journey import Journey
from .query import Query
from .ranges import Range, local_day
from .rates import rate

WINDOW_DAYS = 180


@dataclass(slots=True)
class _Customer:
    """A customer whose first standing win lies in the range."""

    name: str
    wins: list[Journey]
    first: datetime
    window: Range
    mature: bool

    def repeats(self, config: Config) -> bool:
        """A second standing win, on a later local day and within the window."""
        day = local_day(self.first, config.zone)
        return any(
            win.won_at in self.window and local_day(win.won_at, config.zone) > day for win in self.wins
        )


def loyalty(journeys: list[Journey], config: Config, query: Query) -> dict:
    """`retained` is of all customers of the range; `repeat` and `referring` of the mature ones."""
    period = query.range(config)
    customers = _customers(journeys, query, period)
    mature = [customer for customer in customers if customer.mature]
    referred = _referred(journeys, mature)
    won = [journey for journey in journeys if journey.won_at in period]
    last = config.shown[-1].position
    repeating = [customer for customer in mature if customer.repeats(config)]
    retained = [one for one in customers if any(not win.churned for win in one.wins)]
    found = {
        "customers": len(customers),
        "retained": rate(len(retained), len(customers)),
        "mature": len(mature),
        "immature": len(customers) - len(mature),
        "repeat": rate(len(repeating), len(mature)),
        "referring": rate(sum(bool(deals) for deals in referred.values()), len(mature)),
        "referred_deals": sum(len(deals) for deals in referred.values()),
        "referred_won": sum(deal.outcome == "won" for deals in referred.values() for deal in deals),
        "won_deals": len(won),
        "churned_deals": sum(journey.churned for journey in won),
        "reached_last_stage": rate(sum(journey.furthest >= last for journey in won), len(won)),
    }
    if query.ids:
        found["ids"] = _ids(won, referred, last)
    return found


def _customers(journeys: list[Journey], query: Query, period: Range) -> list[_Customer]:
    wins: dict[str, list[Journey]] = defaultdict(list)
    for journey in journeys:
        if journey.won_at and journey.last.customer is not None:
            wins[journey.last.customer].append(journey)
    window = timedelta(days=WINDOW_DAYS if query.window_days is None else query.window_days)
    found = []
    for name, deals in wins.items():
        first = min(deal.won_at for deal in deals)
        if first in period:
            end = first + window
            found.append(_Customer(name, deals, first, Range(first, end), end <= query.as_of))
    return found


def _referred(journeys: list[Journey], mature: list[_Customer]) -> dict[str, list[Journey]]:
    """For each mature customer: the deals of others that it brought within its window."""
    windows = {customer.name: customer.window for customer in mature}
    found: dict[str, list[Journey]] = {name: [] for name in windows}
    for journey in journeys:
        referrer = journey.last.referrer
        if referrer in windows and journey.last.customer != referrer and journey.started in windows[referrer]:
            found[referrer].append(journey)
    return found


def _ids(won: list[Journey], referred: dict[str, list[Journey]], last: int) -> dict[str, list[str]]:
    brought = [deal for deals in referred.values() for deal in deals]
    return {
        "won_deals": sorted(one.deal for one in won),
        "churned_deals": sorted(one.deal for one in won if one.churned),
        "reached_last_stage": sorted(one.deal for one in won if one.furthest >= last),
        "referred_deals": sorted(one.deal for one in brought),
        "referred_won": sorted(one.deal for one in brought if one.outcome == "won"),
    }
