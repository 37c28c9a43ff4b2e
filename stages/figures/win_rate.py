"""Win rate (2.5): of the deals decided in a range, and of those started in it, how many are won."""

from functools import partial

from .breakdown import Tallies, ids_of
from .config import Config
from .journey import Journey
from .money import Purse
from .query import Query
from .rates import rate


def win_rate(journeys: list[Journey], config: Config, query: Query) -> dict:
    """`decided` goes by the day of closing, `cohort` by the day of the start. Standing outcomes."""
    period = query.range(config)
    decided = Tallies(query, partial(_Decided, config, query.ids))
    cohort = Tallies(query, partial(_Started, query.ids))
    for journey in journeys:
        if journey.closed_at in period:
            decided.add(journey, journey.closing)
        if journey.started in period:
            cohort.add(journey, journey.stays[0].event)
    return {"decided": decided.answer(), "cohort": cohort.answer()}


class _Decided:
    """Deals won and lost. Competitive: without losses that derailed, which nobody won from us."""

    def __init__(self, config: Config, ids: bool) -> None:
        self.config, self.ids = config, ids
        self.deals: dict[str, list[Journey]] = {"won": [], "lost": []}
        self.purses = {"won": Purse(), "lost": Purse()}
        self.derailed: list[Journey] = []

    def add(self, journey: Journey) -> None:
        self.deals[journey.outcome].append(journey)
        self.purses[journey.outcome].add(journey.value)
        if journey.outcome == "lost" and self.config.derails(journey.loss.reason_id):
            self.derailed.append(journey)

    def answer(self) -> dict:
        won, lost, derailed = len(self.deals["won"]), len(self.deals["lost"]), len(self.derailed)
        found = {
            "won": won,
            "lost": lost,
            "win_rate": rate(won, won + lost),
            "derailed": derailed,
            "competitive_win_rate": rate(won, won + lost - derailed),
            "won_value": self.purses["won"].value,
            "won_unpriced": self.purses["won"].unpriced,
            "lost_value": self.purses["lost"].value,
            "lost_unpriced": self.purses["lost"].unpriced,
        }
        if self.ids:
            lists = self.deals | {"derailed": self.derailed}
            found["ids"] = {name: ids_of(deals) for name, deals in lists.items()}
        return found


class _Started:
    """Deals that started, by what they are now."""

    def __init__(self, ids: bool) -> None:
        self.ids = ids
        self.deals: dict[str, list[Journey]] = {"started": [], "won": [], "lost": [], "open": []}

    def add(self, journey: Journey) -> None:
        self.deals["started"].append(journey)
        self.deals[journey.outcome].append(journey)

    def answer(self) -> dict:
        found: dict = {name: len(deals) for name, deals in self.deals.items()}
        found["win_rate"] = rate(found["won"], found["started"])
        if self.ids:
            found["ids"] = {name: ids_of(deals) for name, deals in self.deals.items()}
        return found
