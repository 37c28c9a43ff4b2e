"""CSV and its relatives: any of four delimiters, any encoding, quotes as RFC 4180 has them."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from .encodings import checked_encoding, detect_encoding
from .shared import MAX_CELL, MAX_ROWS, Table, Unreadable, checked_header

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MAX_LINE = 4_000_000
SAMPLE_LINES = 100


class TextTable(Table):
    """A delimited text file."""

    def __init__(
        self, path: Path, *, delimiter: str = "", encoding: str = "", max_rows: int = MAX_ROWS
    ) -> None:
        self.path, self.max_rows = path, max_rows
        if path.stat().st_size == 0:
            raise Unreadable("The file is empty.")
        self.encoding = checked_encoding(encoding) if encoding else detect_encoding(path)
        self.delimiter = checked_delimiter(delimiter) if delimiter else self._detect_delimiter()
        records = self._records()
        self.header = checked_header(next(records, None))

    def describe(self) -> str:
        return f"CSV, {DELIMITERS[self.delimiter]}-separated, {self.encoding}"

    def _records(self) -> Iterator[list[str]]:
        # One number for the whole process; the reader's own default is in the same range.
        csv.field_size_limit(MAX_CELL)
        number = 1
        with self._open() as file:
            reader = csv.reader(_lines(file), delimiter=self.delimiter, strict=True)
            try:
                for number, record in enumerate(reader, start=2):  # noqa: B007 -- the number of the next one
                    yield record
            except csv.Error as error:
                raise Unreadable(_explain(error, number)) from None
            except UnicodeError:
                raise Unreadable(
                    f"Row {number} or one soon after it is not valid {self.encoding}. Tell the encoding."
                ) from None

    def _open(self) -> TextIOWrapper:
        return self.path.open(encoding=self.encoding, newline="")

    def _detect_delimiter(self) -> str:
        """The delimiter that cuts the first lines into most columns, as many in each as in the header."""
        try:
            with self._open() as file:
                lines = list(islice(_lines(file), SAMPLE_LINES))
        except UnicodeError:
            raise Unreadable(f"The file is not valid {self.encoding}. Tell the encoding.") from None
        return max(DELIMITERS, key=lambda delimiter: _fitness(lines, delimiter))


def checked_delimiter(told: str) -> str:
    """A delimiter as told: the sign, or its name."""
    named = {name: sign for sign, name in DELIMITERS.items()} | {"\\t": "\t"}
    sign = named.get(told.lower(), told)
    if sign not in DELIMITERS:
        raise Unreadable("The delimiter must be one of , ; | or tab.")
    return sign


def _lines(file: TextIOWrapper) -> Iterator[str]:
    while line := file.readline(MAX_LINE):
        if len(line) >= MAX_LINE:
            raise Unreadable("A line is millions of characters long: this is not a table.")
        if "\0" in line:
            raise Unreadable("The file holds NUL bytes: it is damaged, not text, or its encoding is UTF-16.")
        yield line


def _fitness(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        records = [record for record in csv.reader(lines, delimiter=delimiter) if record]
    except csv.Error:
        return (0, 0)
    if not records or len(records[0]) < 2:
        return (0, 0)
    columns = len(records[0])
    return (sum(len(record) == columns for record in records) / len(records), columns)


def _explain(error: csv.Error, number: int) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return f"A quotation mark is opened in row {number} and never closed."
    if "field larger" in text:
        return (
            f"A cell of row {number} is longer than {MAX_CELL:,} characters. "
            "Is a quotation mark opened there and never closed?"
        )
    return f"Row {number} is not well-formed CSV: a quotation mark stands where none can be."
