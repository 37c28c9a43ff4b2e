"""What a cell of an import means: text, days, whole numbers (money: import_money). Pure: no database.

Whether a column has the day or the month first is told, or read off all of its
cells (`DateEvidence`); it is never guessed from one cell.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from funnelcrm.errors import DomainError
from funnelcrm.tabular import NotAValue

LONGEST = 60  # characters of a day or an amount: what is longer is neither
FIRST_YEAR, LAST_YEAR = 1900, 2200
ORDERS = ("dmy", "mdy", "ymd")

_TIME = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,6})?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)? ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _TIME, re.ASCII)


class BadValue(DomainError):
    """A cell that does not mean what its column is for. The message is a sentence for people."""


def text_of(value: object) -> str:
    """A cell as text, on one line."""
    if isinstance(value, NotAValue):
        raise BadValue(value.why)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return " ".join(str(value).split()) if value is not None else ""


@dataclass(slots=True)
class DateEvidence:
    """Which orders of day and month the cells of a column allow, and the first row that rules one out."""

    day_first: int = 0  # number of the first row that can only be day first
    month_first: int = 0
    open: int = 0  # ... that could be both

    def add(self, number: int, value: object) -> None:
        match = (
            _YEAR_LAST.fullmatch(value.strip()) if isinstance(value, str) and len(value) < LONGEST else None
        )
        if not match:
            return
        first, second = int(match[1]), int(match[3])
        if 12 < first <= 31 and 1 <= second <= 12:
            self.day_first = self.day_first or number
        elif 12 < second <= 31 and 1 <= first <= 12:
            self.month_first = self.month_first or number
        elif first != second:
            self.open = self.open or number

    @property
    def order(self) -> str:
        """dmy or mdy where the cells say so, blank where they do not or contradict each other."""
        if bool(self.day_first) == bool(self.month_first):
            return ""
        return "dmy" if self.day_first else "mdy"


def parse_moment(value: object, *, order: str, zone: tzinfo) -> datetime | date | None:
    """A day, or an instant where the cell has a time of day. Without an offset it is local to `zone`."""
    if isinstance(value, NotAValue):
        raise BadValue(value.why)
    if isinstance(value, datetime):
        return _in_range(value if value.tzinfo else value.replace(tzinfo=zone))
    if isinstance(value, date):
        return _in_range(value)
    text = str(value or "").strip()
    return _in_range(_read(text, order, zone)) if text else None


def _read(text: str, order: str, zone: tzinfo) -> datetime | date:
    if len(text) > LONGEST:
        raise BadValue("This is not a date.")
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match[1], match[3], match[4]
    elif match := _YEAR_LAST.fullmatch(text):
        day, month, year = match[1], match[3], match[4]
        if order == "ymd":
            raise BadValue(f"“{text}” does not have the year first.")
        if order == "mdy":
            day, month = month, day
    else:
        raise BadValue(f"“{text}” is not a date. Write it like 2026-01-31, with four digits of the year.")
    try:
        found = date(int(year), int(month), int(day))
        return _with_time(found, match, zone)
    except ValueError:
        hint = f" (read as {order})" if match.re is _YEAR_LAST else ""
        raise BadValue(f"There is no day “{text}”{hint}.") from None


def _with_time(day: date, match: re.Match, zone: tzinfo) -> datetime | date:
    if match["hour"] is None:
        return day
    hour, half = int(match["hour"]), (match["half"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "pm" else 0)
    clock = time(hour, int(match["minute"]), int(match["second"] or 0))
    return datetime.combine(day, clock, tzinfo=_offset(match["zone"]) or zone)


def _offset(text: str | None) -> tzinfo | None:
    if text in (None, "Z", "UTC"):
        return UTC if text else None
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _in_range(found: datetime | date) -> datetime | date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue(f"The year {found.year} cannot be right.")
    return found


def parse_whole(value: object) -> int | None:
    """A whole number, as of employees."""
    text = re.sub("(?<=\\d)[,.'\u2019 ](?=\\d{3}(?!\\d))", "", text_of(value))
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise BadValue(f"“{text[:40]}” is not a whole number.")
    return int(text)
