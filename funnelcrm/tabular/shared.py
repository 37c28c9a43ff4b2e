"""What every format of table has in common: the header's rules and the limits."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from funnelcrm.errors import DomainError
from funnelcrm.text import fold

MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
MAX_CELL = 100_000  # characters

_LOOKS_LIKE_DATA = re.compile(r"[-+$£€]?\d[\d.,:/ -]*(?:T[\d:.]+Z?)?", re.ASCII)


class Unreadable(DomainError):
    """The file as a whole is refused: nothing of it was used."""


@dataclass(frozen=True, slots=True)
class NotAValue:
    """A cell that holds no value of its own: a formula, or an error of the spreadsheet."""

    why: str

    def __str__(self) -> str:
        return ""


class Table(ABC):
    """A header, and rows of cells with their numbers as a spreadsheet shows them (the header is row 1)."""

    header: list[str]
    max_rows: int

    @abstractmethod
    def _records(self) -> Iterator[Sequence[object]]:
        """All records with the header, blank ones too, so that the numbers hold."""

    @abstractmethod
    def describe(self) -> str:
        """How the file was understood, in a few words."""

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Each row that is not blank, with its number."""
        rows = 0
        for number, cells in enumerate(self._records(), start=1):
            if number == 1 or all(cell is None or cell == "" for cell in cells):
                continue
            rows += 1
            if rows > self.max_rows:
                raise Unreadable(
                    f"The file has more than {self.max_rows:,} rows. Split it, and import the parts."
                )
            yield number, cells


def checked_header(cells: Sequence[object] | None) -> list[str]:
    """The names of the columns, or the reason why this cannot be a header."""
    if cells is None:
        raise Unreadable("The file is empty.")
    names = [str(cell).strip() if cell is not None else "" for cell in cells]
    if len(names) > MAX_COLUMNS:
        raise Unreadable(f"The file has {len(names):,} columns. At most {MAX_COLUMNS} can be read.")
    if not any(names):
        raise Unreadable("The first row is blank. It must hold the names of the columns.")
    data = next((name for name in names if _LOOKS_LIKE_DATA.fullmatch(name)), None)
    if data:
        raise Unreadable(
            f"The first row must hold the names of the columns, but “{data[:40]}” looks like data."
        )
    seen: set[str] = set()
    for name in filter(None, names):
        if fold(name) in seen:
            raise Unreadable(f"Two columns are called “{name[:80]}”. Give each its own name.")
        seen.add(fold(name))
    return names
