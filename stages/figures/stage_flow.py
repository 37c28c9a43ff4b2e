"""Stage flow (2.5): of the deals that were really in a stage, how many got beyond it. A cohort figure."""

from collections import Counter
from functools import partial

from stages.domain.life import Stay

from .breakdown import Tallies, ids_of
from .config import Config
from .journey import Journey
from .query import Query
from .rates import rate


def stage_flow(journeys: list[Journey], config: Config, query: Query) -> dict:
    """For each stage: the deals that entered it for the first time in the range, and where they went next."""
    period = query.range(config)
    tallies = {
        stage.id: Tallies(query, partial(_Flow, config.after(stage.id), query.ids)) for stage in config.shown
    }
    for journey in journeys:
        seen = set()
        for place, stay in enumerate(journey.stays):
            if stay.stage_id in seen:
                continue
            seen.add(stay.stage_id)
            if stay.entered in period:
                beyond = _first_beyond(journey, place)
                again = sum(later.stage_id == stay.stage_id for later in journey.stays[place + 1 :])
                tallies[stay.stage_id].add(journey, stay.event, beyond, again)
    return {stage_id: tally.answer() for stage_id, tally in tallies.items()}


def _first_beyond(journey: Journey, place: int) -> str | None:
    """The first stage further on that the deal landed in after that stay."""
    places = journey.config.places
    here = places[journey.stays[place].stage_id].position
    later: list[Stay] = journey.stays[place + 1 :]
    return next((stay.stage_id for stay in later if places[stay.stage_id].position > here), None)


class _Flow:
    """What became of the deals that entered one stage. entered = advanced + lost + open."""

    def __init__(self, following, ids: bool) -> None:
        self.following, self.ids = following, ids
        self.deals: dict[str, list[Journey]] = {"entered": [], "advanced": [], "lost": [], "open": []}
        self.landed: Counter[str] = Counter()
        self.reentries = 0

    def add(self, journey: Journey, beyond: str | None, again: int) -> None:
        self.reentries += again
        self.deals["entered"].append(journey)
        if beyond:
            self.landed[beyond] += 1
        fate = "advanced" if beyond else "lost" if journey.lost else "open"
        self.deals[fate].append(journey)

    def answer(self) -> dict:
        count = {name: len(deals) for name, deals in self.deals.items()}
        entered = count["entered"]
        advanced_next = self.landed[self.following.id] if self.following else 0
        found = {
            "entered": entered,
            "reentries": self.reentries,
            "advanced": count["advanced"],
            "advanced_next": advanced_next,
            "advanced_to": dict(sorted((stage, n) for stage, n in self.landed.items() if n)),
            "lost": count["lost"],
            "open": count["open"],
            "rate_any_later": rate(count["advanced"], entered),
            "rate_next": rate(advanced_next, entered),
            "rate_lost": rate(count["lost"], entered),
        }
        if self.ids:
            found["ids"] = {name: ids_of(deals) for name, deals in self.deals.items()}
        return found
