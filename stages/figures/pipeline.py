"""The pipeline (2.8): the open deals, their value, and what of it is likely to come. A snapshot."""

from datetime import timedelta
from fractions import Fraction
from functools import partial

from .breakdown import Tallies
from .config import Config
from .journey import Journey
from .money import Purse, rounded
from .query import Query
from .rates import rate

HISTORY = timedelta(days=365)
ALL = "*"


def chance(journey: Journey) -> Fraction:
    """The chance of an open deal to be won: its own if set, else its stage's."""
    own = journey.last.probability
    return Fraction(journey.config.by_id[journey.stage].probability if own is None else own, 100)


def weighted(journey: Journey) -> int:
    """What an open deal is likely to bring, in minor units; unpriced ones add nothing."""
    return rounded(journey.value * chance(journey)) if journey.value is not None else 0


def pipeline(journeys: list[Journey], config: Config, query: Query) -> dict:
    """Open deals by stage, and all of them as "*". `history` is how deals of each stage really ended."""
    history = _history(journeys, config, query)
    chances = {
        stage.id: Fraction(*history[stage.id])
        if history[stage.id][1] >= max(query.min_sample, 1)
        else Fraction(stage.probability, 100)
        for stage in config.open_stages
    }
    tallies = Tallies(query, partial(_Open, config, chances, query.ids))
    for journey in journeys:
        if journey.outcome == "open":
            tallies.add(journey, journey.last)
    return tallies.answer() | {"history": {stage_id: rate(*pair) for stage_id, pair in history.items()}}


def _history(journeys: list[Journey], config: Config, query: Query) -> dict[str, tuple[int, int]]:
    """For each open stage: (won, won + lost) of the deals closed in the last 365 days that reached it."""
    closed = [one for one in journeys if one.closed_at and one.closed_at >= query.as_of - HISTORY]
    found = {}
    for stage in config.open_stages:
        reached = [one for one in closed if one.furthest >= stage.position]
        found[stage.id] = sum(one.outcome == "won" for one in reached), len(reached)
    return found


class _Open:
    def __init__(self, config: Config, chances: dict[str, Fraction], ids: bool) -> None:
        self.config, self.chances, self.ids = config, chances, ids
        self.deals: dict[str, list[Journey]] = {stage.id: [] for stage in config.open_stages}

    def add(self, journey: Journey) -> None:
        self.deals[journey.stage].append(journey)

    def answer(self) -> dict:
        every = [journey for deals in self.deals.values() for journey in deals]
        return {name: self._sums(deals) for name, deals in [(ALL, every), *self.deals.items()]}

    def _sums(self, deals: list[Journey]) -> dict:
        purse = Purse()
        for journey in deals:
            purse.add(journey.value)
        priced = [journey for journey in deals if journey.value is not None]
        found = {
            "open": len(deals),
            "value": purse.value,
            "unpriced": purse.unpriced,
            "weighted": sum(weighted(journey) for journey in priced),
            "weighted_history": sum(rounded(one.value * self.chances[one.stage]) for one in priced),
        }
        return found | {"ids": sorted(one.deal for one in deals)} if self.ids else found
