"""Deal time (2.7): where one deal's age went. Microseconds, so that nothing is rounded."""

from datetime import timedelta

from .config import Config
from .journey import Journey
from .query import Query
from .ranges import TICK


def deal_time(journeys: list[Journey], config: Config, query: Query) -> dict:
    """Time in stages + time lost = age, for every deal."""
    return {journey.deal: _time(journey) for journey in sorted(journeys, key=lambda one: one.deal)}


def _time(journey: Journey) -> dict:
    stages: dict[str, int] = {}
    for stay in journey.stays:
        spent = ((stay.left or journey.as_of) - stay.entered) // TICK
        stages[stay.stage_id] = stages.get(stay.stage_id, 0) + spent
    lost = sum(((loss.reopened or journey.as_of) - loss.at for loss in journey.losses), timedelta())
    return {"stages": stages, "lost": lost // TICK, "age": (journey.as_of - journey.started) // TICK}
