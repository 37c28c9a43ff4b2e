"""What is asked: the query of the interchange format (3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from .config import Config
from .ledger import BadRow, read_instant
from .ranges import Range, midnight

ATTRIBUTES = (
    "owner",
    "source",
    "currency",
    "customer",
    "referrer",
    "expected_close",
    "probability",
    "amount",
    "actor",
)


class BadQuery(ValueError):
    """A query that has no answer, with the reason for people."""


@dataclass(frozen=True, slots=True)
class Query:
    """`start` and `end` are local days, [start, end). Nothing that happened at `as_of` or later counts."""

    metric: str
    as_of: datetime
    start: date | None = None
    end: date | None = None
    by: str | None = None
    attribution: str | None = None
    anchor: str | None = None
    window_days: int | None = None
    known_at: datetime | None = None
    target_stage: str | None = None
    target: int | None = None
    outcome: str = "lost"
    min_sample: int = 20
    ids: bool = False

    def range(self, config: Config) -> Range:
        """From the first instant of `start` to the first instant of `end`."""
        return Range(
            midnight(self.start, config.zone) if self.start else None,
            midnight(self.end, config.zone) if self.end else None,
        )


def read_query(data: Mapping, now: datetime | None = None) -> Query:
    """A query of the interchange format; `now` stands in for a missing as_of."""
    if not isinstance(data, Mapping) or not isinstance(data.get("metric"), str):
        raise BadQuery("A query is an object with a “metric”.")
    try:
        query = Query(
            metric=data["metric"],
            as_of=read_instant(data, "as_of") if data.get("as_of") else now or datetime.now(UTC),
            start=_day(data, "from"),
            end=_day(data, "to"),
            known_at=read_instant(data, "known_at") if data.get("known_at") else None,
            outcome=data.get("outcome") or "lost",
            ids=bool(data.get("ids")),
            min_sample=_whole(data, "min_sample", default=20),
            window_days=_whole(data, "window_days"),
            target=_whole(data, "target"),
            **{name: data.get(name) for name in ("by", "attribution", "anchor", "target_stage")},
        )
    except BadRow as error:
        raise BadQuery(str(error)) from error
    _check(query)
    return query


def _check(query: Query) -> None:
    if query.by not in (None, *ATTRIBUTES):
        raise BadQuery(f"Deals cannot be grouped by “{query.by}”.")
    if query.attribution not in (None, "entry", "now"):
        raise BadQuery("The attribution is “entry” or “now”.")
    if query.outcome not in ("lost", "won"):
        raise BadQuery("The outcome is “lost” or “won”.")
    if query.window_days is not None and not 1 <= query.window_days <= 36_500:
        raise BadQuery("A window is from 1 to 36500 days long.")


def _day(data: Mapping, name: str) -> date | None:
    try:
        return date.fromisoformat(data[name]) if data.get(name) else None
    except (TypeError, ValueError) as error:
        raise BadQuery(f"“{name}” is not a day: {data[name]!r}.") from error


def _whole(data: Mapping, name: str, default: int | None = None) -> int | None:
    value = data.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadQuery(f"“{name}” is not a whole number: {value!r}.")
    return value
