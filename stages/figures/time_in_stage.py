"""Time in stage (2.7): how long the stays that began in a range lasted. One observation per stay."""

from functools import partial

from stages.domain.life import Stay

from .breakdown import Tallies
from .config import Config
from .journey import Journey
from .quantiles import QUANTILES, kaplan_meier, nearest_rank
from .query import Query
from .ranges import hours


def time_in_stage(journeys: list[Journey], config: Config, query: Query) -> dict:
    """Hours. p50 to p90 of the completed stays alone; km_ also counts the ongoing ones for what they are."""
    period = query.range(config)
    tallies = {stage.id: Tallies(query, partial(_Stays, query.ids)) for stage in config.shown}
    for journey in journeys:
        for stay in journey.stays:
            if stay.entered in period:
                tallies[stay.stage_id].add(journey, stay.event, stay)
    return {stage_id: tally.answer() for stage_id, tally in tallies.items()}


class _Stays:
    def __init__(self, ids: bool) -> None:
        self.ids = ids
        self.completed: list[int] = []
        self.ongoing: list[int] = []
        self.deals: dict[str, list[str]] = {"stays": [], "completed": [], "ongoing": []}

    def add(self, journey: Journey, stay: Stay) -> None:
        durations = self.ongoing if stay.left is None else self.completed
        durations.append(hours((stay.left or journey.as_of) - stay.entered))
        self.deals["stays"].append(journey.deal)
        self.deals["ongoing" if stay.left is None else "completed"].append(journey.deal)

    def answer(self) -> dict:
        found: dict = {name: len(deals) for name, deals in self.deals.items()}
        found |= {name: nearest_rank(self.completed, share) for name, share in QUANTILES.items()}
        survival = kaplan_meier(self.completed, self.ongoing, QUANTILES.values())
        found |= {f"km_{name}": value for name, value in zip(QUANTILES, survival, strict=True)}
        if self.ids:
            found["ids"] = {name: sorted(deals) for name, deals in self.deals.items()}
        return found
