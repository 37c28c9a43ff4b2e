"""The ledger as plain data (funnel-metrics.md, 2.1 and 3): rows by deal, in any order, and repeated."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from stages.domain.life import Kind

KINDS = frozenset(kind.value for kind in Kind)
TEXTS = ("actor", "currency", "owner", "source", "customer", "referrer")


class BadRow(ValueError):
    """A row of a log that cannot be read, with the reason for people."""


@dataclass(slots=True)
class LogRow:
    """One thing that happened to a deal, and the deal's values right after it.

    The names up to `note` are those of `stages.models.DealEvent`, so that the same replay reads
    both. Ids of stages, reasons, people, sources and customers are opaque.
    """

    pk: int | str
    deal: str
    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    from_stage_id: str | None = None
    to_stage_id: str | None = None
    reason_id: str | None = None
    voids_id: int | str | None = None
    note: str = ""
    actor: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    owner: str | None = None
    source: str | None = None
    expected_close: date | None = None
    probability: int | None = None
    customer: str | None = None
    referrer: str | None = None


class Ledger:
    """The rows of many deals."""

    def __init__(self, rows: Iterable[LogRow] = ()) -> None:
        self.deals: dict[str, list[LogRow]] = defaultdict(list)
        for row in rows:
            self.deals[row.deal].append(row)

    def known_at(self, moment: datetime | None) -> Iterator[tuple[str, list[LogRow]]]:
        """Each deal with its rows recorded before that moment; None: all of them."""
        for deal, rows in self.deals.items():
            yield deal, rows if moment is None else [row for row in rows if row.recorded_at < moment]


def read_row(data: Mapping) -> LogRow:
    """A row of the interchange format. What it leaves out is null; `BadRow` says what is wrong."""
    if not isinstance(data, Mapping):
        raise BadRow("A row is an object.")
    if data.get("kind") not in KINDS:
        raise BadRow(f"There is no kind of event “{data.get('kind')}”.")
    at = read_instant(data, "at")
    return LogRow(
        pk=_identity(data, "id", needed=True),
        deal=_text(data, "deal", needed=True),
        seq=_whole(data, "seq", needed=True),
        at=at,
        recorded_at=read_instant(data, "recorded_at") if data.get("recorded_at") else at,
        kind=data["kind"],
        from_stage_id=_text(data, "from"),
        to_stage_id=_text(data, "to"),
        reason_id=_text(data, "reason"),
        voids_id=_identity(data, "voids"),
        amount=_amount(data),
        expected_close=_day(data, "expected_close"),
        probability=_whole(data, "probability"),
        **{name: _text(data, name) for name in TEXTS},
    )


def read_instant(data: Mapping, name: str) -> datetime:
    """ISO 8601 with an offset, as UTC."""
    try:
        moment = datetime.fromisoformat(data[name])
    except (KeyError, TypeError, ValueError) as error:
        raise BadRow(f"“{name}” is not an instant: {data.get(name)!r}.") from error
    if moment.tzinfo is None:
        raise BadRow(f"“{name}” has no offset: {data[name]!r}.")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadRow(f"“{name}” lies beyond the calendar: {data[name]!r}.") from error


def _identity(data: Mapping, name: str, *, needed: bool = False) -> int | str | None:
    value = data.get(name)
    if value is None and not needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise BadRow(f"“{name}” is not an id: {value!r}.")
    return value


def _text(data: Mapping, name: str, *, needed: bool = False) -> str | None:
    value = data.get(name)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or (needed and not value):
        raise BadRow(f"“{name}” is not a text: {value!r}.")
    if "\0" in value:
        raise BadRow(f"“{name}” contains a NUL.")
    return value or None


def _whole(data: Mapping, name: str, *, needed: bool = False) -> int | None:
    value = data.get(name)
    if value is None and not needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadRow(f"“{name}” is not a whole number: {value!r}.")
    return value


def _amount(data: Mapping) -> Decimal | None:
    value = data.get("amount")
    if value is None:
        return None
    try:
        amount = Decimal(value if isinstance(value, str) else repr(value))
    except InvalidOperation as error:
        raise BadRow(f"“amount” is not a number: {value!r}.") from error
    if not amount.is_finite():
        raise BadRow(f"“amount” is not a number: {value!r}.")
    return amount


def _day(data: Mapping, name: str) -> date | None:
    value = data.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadRow(f"“{name}” is not a day: {value!r}.") from error
