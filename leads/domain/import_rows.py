"""The rows of a file, read field by field. All are looked through first, to learn their conventions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from funnelcrm.errors import DomainError
from funnelcrm.models import Organisation
from funnelcrm.tabular import Table
from leads.domain.import_mapping import Column
from leads.domain.import_money import MoneyEvidence, parse_currency, parse_money
from leads.domain.import_values import BadValue, DateEvidence, parse_moment, parse_whole, text_of

DATE_FIELDS = ("started", "closed", "expected_close")
SIGN_NAMES = {"comma": ",", "point": "."}


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the cells of a file are to be read, and how many rows it has."""

    columns: Mapping[str, Column]
    organisation: Organisation
    orders: Mapping[str, str]
    decimal: str
    currency: str
    rows: int
    width: int
    marks: Sequence[str] = ()  # the currencies that the amounts name themselves


def learn(
    table: Table,
    columns: Mapping[str, Column],
    *,
    date_order: str = "",
    decimal: str = "",
    currency: str = "",
) -> Conventions:
    """Look through all rows once. What cannot be told from them, and was not told, is refused."""
    dates = {name: DateEvidence() for name in DATE_FIELDS if name in columns}
    money = MoneyEvidence()
    rows = 0
    for number, cells in table.rows():
        rows += 1
        for name, evidence in dates.items():
            evidence.add(number, columns[name].cell(cells))
        if "amount" in columns:
            money.add(number, columns["amount"].cell(cells))
    organisation = Organisation.current()
    return Conventions(
        columns=columns,
        organisation=organisation,
        orders={name: date_order or _order(name, dates, columns) for name in dates},
        decimal=SIGN_NAMES.get(decimal, decimal) or _decimal(money, columns),
        currency=parse_currency(currency) or organisation.currency,
        rows=rows,
        width=len(table.header),
        marks=list(money.currencies),
    )


def _order(name: str, dates: Mapping[str, DateEvidence], columns: Mapping[str, Column]) -> str:
    """By the column itself; where all its days are below 13, by the other columns of the file."""
    evidence, label = dates[name], columns[name].label
    if evidence.day_first and evidence.month_first:
        raise DomainError(
            f"Column “{label}” mixes two orders: row {evidence.day_first} has the day first, "
            f"row {evidence.month_first} the month. Tell which one holds: dmy or mdy."
        )
    others = {other.order for other in dates.values() if other.order}
    if not evidence.order and evidence.open and len(others) != 1:
        raise DomainError(
            f"Column “{label}” does not show whether the day or the month comes first "
            f"(row {evidence.open} could be both). Tell the order of dates: dmy or mdy."
        )
    return evidence.order or (others.pop() if len(others) == 1 else "")


def _decimal(money: MoneyEvidence, columns: Mapping[str, Column]) -> str:
    if len(money.signs) == 2:
        raise DomainError(
            f"Column “{columns['amount'].label}” has amounts with a decimal comma "
            f"(row {money.signs[',']}) and with a decimal point (row {money.signs['.']}). "
            "Tell which one holds: comma or point."
        )
    if not money.signs and money.open:
        raise DomainError(
            f"Column “{columns['amount'].label}” does not show what stands before the decimals "
            f"(row {money.open} could be thousands or not). Tell it: comma or point."
        )
    return next(iter(money.signs), ".")


@dataclass(slots=True)
class Row:
    """One row. A field that cannot be read is noted in `problems` and reads as nothing."""

    number: int
    cells: Sequence[object]
    conventions: Conventions
    problems: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str, *, longest: int, needed: bool = False) -> str:
        text = self._read(name, "", self._filled)
        if needed and not text and not self._has_problem(name):
            self.problem(name, "This is needed, and it is blank.")
        if len(text) > longest:
            self.problem(name, f"This has {len(text)} characters. At most {longest} have room.")
        return text

    def moment(self, name: str) -> datetime | date | None:
        order = self.conventions.orders.get(name, "")
        zone = self.conventions.organisation.zone
        return self._read(
            name, None, lambda column: parse_moment(column.cell(self.cells), order=order, zone=zone)
        )

    def money(self) -> tuple[Decimal | None, str]:
        """The amount and its currency: by the cell itself, a column for it, or what was told."""
        told = self._read("currency", "", lambda column: parse_currency(column.cell(self.cells)))
        told = told or self.conventions.currency
        read = lambda column: parse_money(  # noqa: E731 -- one use, named for the line's length
            column.cell(self.cells), decimal=self.conventions.decimal, told=told
        )
        amount, currency = self._read("amount", (None, ""), read)
        return amount, currency if amount is not None else ""

    def whole(self, name: str) -> int | None:
        return self._read(name, None, lambda column: parse_whole(column.cell(self.cells)))

    def email(self, name: str, *, longest: int = 254) -> str:
        text = self.text(name, longest=longest)
        try:
            if text:
                validate_email(text)
        except ValidationError:
            self.problem(name, f"“{text[:60]}” is not an e-mail address.")
        return text

    def check_width(self) -> None:
        """More cells than columns: a delimiter inside a cell that is not quoted has moved everything."""
        width = self.conventions.width
        if any(str(cell or "").strip() for cell in self.cells[width:]):
            self.problems.append(("", f"The row has {len(self.cells)} cells, the header {width}."))

    def problem(self, name: str, reason: str) -> None:
        column = self.conventions.columns.get(name)
        self.problems.append((column.label if column else name, reason))

    def _has_problem(self, name: str) -> bool:
        column = self.conventions.columns.get(name)
        return any(label == (column.label if column else name) for label, _ in self.problems)

    def _read(self, name: str, nothing, read: Callable):
        column = self.conventions.columns.get(name)
        if column is None:
            return nothing
        try:
            return read(column)
        except BadValue as error:
            self.problem(name, str(error))
            return nothing

    def _filled(self, column: Column) -> str:
        cells = [self.cells[place] if place < len(self.cells) else "" for place in column.places]
        texts = [text_of(cell) for cell in cells]
        return column.filled(texts) if column.texts else texts[0]
