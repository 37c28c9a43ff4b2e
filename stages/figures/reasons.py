"""Reasons (2.6): why deals closed in a range were lost, or won, and in which stage. Standing outcomes."""

from collections import Counter
from functools import partial

from .activity import NEW
from .breakdown import NONE, Tallies, ids_of
from .config import Config
from .journey import Journey
from .money import Purse
from .query import Query


def reasons(journeys: list[Journey], config: Config, query: Query) -> dict:
    """By reason: how many, worth what, and the stage they were lost (or won) from."""
    period = query.range(config)
    tallies = Tallies(query, partial(_Reasons, query.outcome, query.ids))
    for journey in journeys:
        if journey.outcome == query.outcome and journey.closed_at in period:
            tallies.add(journey, journey.closing)
    return tallies.answer()


def _why(journey: Journey) -> tuple[str, str]:
    """The reason of the standing outcome, and the stage the deal was in before."""
    if journey.outcome == "lost":
        return journey.loss.reason_id or NONE, journey.loss.stage_id
    before = journey.stays[journey.winning - 1].stage_id if journey.winning else NEW
    return journey.closing.reason_id or NONE, before


class _Reasons:
    def __init__(self, outcome: str, ids: bool) -> None:
        self.outcome, self.ids = outcome, ids
        self.deals: dict[str, list[Journey]] = {}
        self.stages: dict[str, Counter[str]] = {}
        self.purses: dict[str, Purse] = {}

    def add(self, journey: Journey) -> None:
        reason, stage = _why(journey)
        self.deals.setdefault(reason, []).append(journey)
        self.stages.setdefault(reason, Counter())[stage] += 1
        self.purses.setdefault(reason, Purse()).add(journey.value)

    def answer(self) -> dict:
        return {
            self.outcome: sum(len(deals) for deals in self.deals.values()),
            "reasons": {reason: self._reason(reason) for reason in sorted(self.deals)},
        }

    def _reason(self, reason: str) -> dict:
        found = {
            self.outcome: len(self.deals[reason]),
            "value": self.purses[reason].value,
            "unpriced": self.purses[reason].unpriced,
            "from": dict(sorted(self.stages[reason].items())),
        }
        return found | {"ids": ids_of(self.deals[reason])} if self.ids else found
