"""The funnel (2.5): of the deals that arrived in a range, how many got how far. A cohort figure."""

from datetime import timedelta
from functools import partial

from .breakdown import Tallies, ids_of
from .config import Config, StageRule
from .journey import Journey
from .money import Purse
from .query import Query
from .rates import rate


def funnel(journeys: list[Journey], config: Config, query: Query) -> dict:
    """Bars by the furthest stage ever reached. With a window, each deal is judged at the same age."""
    anchor = config.stage(query.anchor, config.shown[0])
    period = query.range(config)
    tallies = Tallies(query, partial(_Cohort, config, anchor, query.ids))
    immature = 0
    for journey in journeys:
        arrival = journey.arrival(anchor.position)
        if arrival is None or arrival.entered not in period:
            continue
        judged = _at_age(journey, arrival.entered, query.window_days)
        if judged is None:
            immature += 1
        else:
            tallies.add(judged, arrival.event)
    return tallies.answer() | {"immature": immature}


def _at_age(journey: Journey, arrived, window_days: int | None) -> Journey | None:
    """The deal as of its own arrival + window; None if that is still to come."""
    if window_days is None:
        return journey
    try:
        moment = arrived + timedelta(days=window_days)
    except OverflowError:
        return None
    return journey.at(moment) if moment <= journey.as_of else None


class _Cohort:
    """The deals of one cohort, and the bars that they make."""

    def __init__(self, config: Config, anchor: StageRule, ids: bool) -> None:
        self.config, self.ids = config, ids
        self.stages = [stage for stage in config.shown if stage.position >= anchor.position]
        self.deals: list[Journey] = []

    def add(self, journey: Journey) -> None:
        self.deals.append(journey)

    def answer(self) -> dict:
        outcomes = [journey.outcome for journey in self.deals]
        counts = {name: outcomes.count(name) for name in ("won", "lost", "open")}
        following = [*self.stages[1:], None]
        return {
            "cohort": len(self.deals),
            **counts,
            "churned": sum(journey.churned for journey in self.deals),
            "stages": [self._bar(stage, after) for stage, after in zip(self.stages, following, strict=True)],
        }

    def _bar(self, stage: StageRule, following: StageRule | None) -> dict:
        """One stage's bar: reached = converted + lost + open, and reached = visited + skipped."""
        reached = [journey for journey in self.deals if journey.furthest >= stage.position]
        converted = [one for one in reached if following and one.furthest >= following.position]
        resting = [one for one in reached if not following or one.furthest < following.position]
        lost = [one for one in resting if one.lost]
        open_ = [one for one in resting if not one.lost]
        visited = sum(any(stay.stage_id == stage.id for stay in one.stays) for one in reached)
        purse = Purse()
        for journey in reached:
            purse.add(journey.value)
        bar = {
            "stage": stage.id,
            "reached": len(reached),
            "visited": visited,
            "skipped": len(reached) - visited,
            "converted": len(converted),
            "lost": len(lost),
            "lost_here": sum(one.stage == stage.id for one in lost),
            "open": len(open_),
            "open_here": sum(one.stage == stage.id for one in open_),
            "to_next": rate(len(converted), len(reached)) if following else None,
            "from_start": rate(len(reached), len(self.deals)),
            "value_reached": purse.value,
            "unpriced_reached": purse.unpriced,
        }
        if self.ids:
            lists = {"reached": reached, "converted": converted, "lost": lost, "open": open_}
            bar["ids"] = {name: ids_of(deals) for name, deals in lists.items()}
        return bar
