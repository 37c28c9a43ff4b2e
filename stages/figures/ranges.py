"""Local days, weeks, months, and the half-open ranges between their first instants (2.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


@lru_cache(maxsize=50_000)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC. Where the clocks jump over it, the instant after the jump."""
    moment = datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
    if local_day(moment - TICK, zone) < day:
        return moment
    before = moment - DAY  # a gap that began the evening before: look for its end
    while moment - before > TICK:
        middle = before + (moment - before) / 2
        before, moment = (middle, moment) if local_day(middle, zone) < day else (before, middle)
    return moment


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Range:
    """[start, end) in time. None: no bound on that side."""

    start: datetime | None = None
    end: datetime | None = None

    def __contains__(self, moment: datetime | None) -> bool:
        return (
            moment is not None
            and (self.start is None or moment >= self.start)
            and (self.end is None or moment < self.end)
        )


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(first: date, end: date) -> Iterator[date]:
    """The Mondays of the ISO weeks that have a day in [first, end)."""
    day = monday(first)
    while day < end:
        yield day
        day += timedelta(days=7)


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months(first: date, end: date) -> Iterator[date]:
    """The first days of the calendar months that have a day in [first, end)."""
    day = month_of(first)
    while day < end:
        yield day
        day = next_month(day)


def month_name(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def hours(duration: timedelta) -> int:
    """A duration as reported, rounded down: whole hours below 72, from there whole days in hours."""
    whole = duration // HOUR
    return whole if whole < 72 else whole // 24 * 24
