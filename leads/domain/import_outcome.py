"""What came of an import: every row is counted once, and each problem has its row, column and reason."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from leads.domain.import_rows import Row

MOST_KEPT = 200  # problems kept in memory; all of them go to `on_problem`


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was left out. The row's number is the spreadsheet's: the header is row 1."""

    row: int
    column: str
    reason: str
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"row {self.row}" + (f", {self.column}" if self.column else "") + f": {self.reason}"


@dataclass(slots=True)
class Outcomes:
    """read = created + updated + unchanged + failed + held back."""

    on_problem: Callable[[Problem], None] | None = None
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    held_back: int = 0  # good rows that were not written because others were not good
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    def count(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)

    def fail_row(self, row: Row) -> None:
        """A row with the problems that it has noted itself."""
        self.failed += 1
        for column, reason in row.problems:
            self._note(row, column, reason)

    def fail(self, row: Row, column: str, reason: str) -> None:
        self.failed += 1
        self._note(row, column, reason)

    def hold_back(self) -> None:
        """Nothing was written after all."""
        self.created = self.updated = self.unchanged = 0
        self.held_back = self.read - self.failed

    def _note(self, row: Row, column: str, reason: str) -> None:
        cells = tuple("" if cell is None else str(cell) for cell in row.cells)
        problem = Problem(row.number, column, reason, cells)
        self.problem_count += 1
        if len(self.problems) < MOST_KEPT:
            self.problems.append(problem)
        if self.on_problem:
            self.on_problem(problem)


class Seen:
    """The keys that a file has had so far, each with its row: on disk, as there may be a million."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")  # a private temporary file
        self._rows.execute("PRAGMA journal_mode=OFF")
        self._rows.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def earlier(self, key: str, row: int) -> int | None:
        """The row that had this key before; None, and from now on this row, where there is none."""
        digest = sha256(key.encode()).digest()[:16]
        if self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, row)).rowcount:
            return None
        return self._rows.execute("SELECT row FROM seen WHERE key = ?", (digest,)).fetchone()[0]

    def close(self) -> None:
        self._rows.close()
