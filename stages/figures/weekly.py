"""Weekly figures (2.6): whole ISO weeks, whatever part of them the range covers."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from .breakdown import group_of
from .config import Config
from .journey import Journey
from .ledger import LogRow
from .money import Purse
from .query import Query
from .ranges import DAY, TICK, local_day, midnight, monday, weeks
from .rates import rate


def weekly(journeys: list[Journey], config: Config, query: Query) -> list | dict:
    """One row for each week of the range that has begun. Won and lost are standing, by closing."""
    new = partial(_Weeks, config, query)
    total, groups = new(), defaultdict(new)
    for journey in journeys:
        for what, week, entry in _happenings(journey, config):
            total.add(journey, what, week)
            if query.by:
                groups[group_of(query, journey, entry)].add(journey, what, week)
    mondays = list(_mondays(total, config, query))
    if not query.by:
        return total.answer(mondays)
    return {
        "total": total.answer(mondays),
        "groups": {name: groups[name].answer(mondays) for name in sorted(groups)},
    }


def _happenings(journey: Journey, config: Config) -> Iterator[tuple[str, date, LogRow]]:
    """What counts in which week: the start, the closing, each arrival; with the row that says the group."""

    def week(moment) -> date:
        return monday(local_day(moment, config.zone))

    yield "created", week(journey.started), journey.stays[0].event
    if journey.closed_at:
        yield journey.outcome, week(journey.closed_at), journey.closing
    for stay in journey.stays:
        yield f"entered {stay.stage_id}", week(stay.entered), stay.event


def _mondays(total: "_Weeks", config: Config, query: Query) -> Iterator[date]:
    end = local_day(query.as_of - TICK, config.zone) + DAY
    first = query.start or min(total.counts, default=end)
    return weeks(first, min(query.end, end) if query.end else end)


class _Weeks:
    """Counts by week."""

    def __init__(self, config: Config, query: Query) -> None:
        self.config, self.query = config, query
        self.counts: dict[date, Counter[str]] = defaultdict(Counter)
        self.purses: dict[date, Purse] = defaultdict(Purse)
        self.ids: dict[date, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def add(self, journey: Journey, what: str, week: date) -> None:
        self.counts[week][what] += 1
        self.ids[week][what].append(journey.deal)
        if what == "won":
            self.purses[week].add(journey.value)
        elif what == "created":
            self.counts[week][f"cohort_{journey.outcome}"] += 1

    def answer(self, mondays: list[date]) -> list[dict]:
        return [self._week(day) for day in mondays]

    def _week(self, day: date) -> dict:
        count = self.counts.get(day, Counter())
        end = midnight(day + timedelta(days=7), self.config.zone)
        found = {
            "week": day.isoformat(),
            "partial": end > self.query.as_of,
            "created": count["created"],
            "won": count["won"],
            "lost": count["lost"],
            "win_rate": rate(count["won"], count["won"] + count["lost"]),
            "won_value": self.purses[day].value if day in self.purses else 0,
            "entered": {stage.id: count[f"entered {stage.id}"] for stage in self.config.shown},
            "cohort_won": rate(count["cohort_won"], count["created"]),
            "cohort_open": count["cohort_open"],
        }
        if self.query.ids:
            found["ids"] = {what: sorted(self.ids[day][what]) for what in ("created", "won", "lost")}
        return found
