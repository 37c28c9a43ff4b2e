"""Ageing (2.7): how long the open deals have been where they are. A snapshot."""

from datetime import timedelta
from fractions import Fraction
from functools import partial

from .breakdown import Tallies
from .config import Config, StageRule
from .journey import Journey
from .money import Purse
from .quantiles import nearest_rank
from .query import Query
from .ranges import hours

EDGES = [timedelta(days=days) for days in (7, 30, 90)]
HALF, MOST = Fraction(1, 2), Fraction(9, 10)


def ageing(journeys: list[Journey], config: Config, query: Query) -> dict:
    """For each open stage: the deals there, by the length of their current stay. Groups are those of now."""
    tallies = {stage.id: Tallies(query, partial(_Ages, stage, query.ids)) for stage in config.open_stages}
    for journey in journeys:
        if journey.outcome == "open":
            tallies[journey.stage].add(journey, journey.last)
    return {stage_id: tally.answer() for stage_id, tally in tallies.items()}


class _Ages:
    def __init__(self, stage: StageRule, ids: bool) -> None:
        self.rot = None if stage.rot_days is None else timedelta(days=stage.rot_days)
        self.ids = ids
        self.deals: list[str] = []
        self.stalled: list[str] = []
        self.buckets = [0, 0, 0, 0]
        self.stays: list[int] = []
        self.ages: list[int] = []
        self.purse = Purse()

    def add(self, journey: Journey) -> None:
        stay = journey.as_of - journey.stays[-1].entered
        self.deals.append(journey.deal)
        self.buckets[sum(stay >= edge for edge in EDGES)] += 1
        self.stays.append(hours(stay))
        self.ages.append(hours(journey.as_of - journey.started))
        if self.rot is not None and stay >= self.rot:
            self.stalled.append(journey.deal)
        self.purse.add(journey.value)

    def answer(self) -> dict:
        found = {
            "open": len(self.deals),
            "buckets": self.buckets,
            "stay_p50": nearest_rank(self.stays, HALF),
            "stay_p90": nearest_rank(self.stays, MOST),
            "deal_age_p50": nearest_rank(self.ages, HALF),
            "stalled": len(self.stalled),
            "value": self.purse.value,
            "unpriced": self.purse.unpriced,
        }
        if self.ids:
            found["ids"] = {"open": sorted(self.deals), "stalled": sorted(self.stalled)}
        return found
