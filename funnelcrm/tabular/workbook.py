"""XLSX, read as a stream. How big the parts are is looked at before any of them is parsed."""

import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl import DEFUSEDXML, load_workbook

from .shared import MAX_CELL, MAX_COLUMNS, MAX_ROWS, NotAValue, Table, Unreadable, checked_header

MIB = 1 << 20
MAX_ENTRIES = 5_000
MAX_INFLATED = 400 * MIB  # all parts together
MAX_SHARED_STRINGS = 24 * MIB  # this part is held in memory whole
MAX_PART = 8 * MIB  # any other part that is not a sheet
MAX_RATIO = 200  # a sheet of numbers and dates comes to about 10, one of a single repeated word to 100
TYPES = "[Content_Types].xml"
SHEET_ROWS = 1_048_576  # what a spreadsheet can hold


class Workbook(Table):
    """One sheet of a workbook: the first, or the one that is told."""

    def __init__(self, path: Path, *, sheet: str = "", max_rows: int = MAX_ROWS) -> None:
        self.path, self.max_rows = path, max_rows
        check_parts(path)
        self.sheet = self._find_sheet(sheet)
        self.header = checked_header(next(self._records(), None))
        while self.header and not self.header[-1]:  # formatted cells to the right of the table
            self.header.pop()

    def describe(self) -> str:
        return f"XLSX, sheet “{self.sheet}”"

    def _find_sheet(self, told: str) -> str:
        book = _load(self.path)
        try:
            names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        finally:
            book.close()
        if told and told not in names:
            raise Unreadable(f"There is no sheet “{told}”. There are: {', '.join(names[:20])}.")
        if not names:
            raise Unreadable("The workbook has no sheet to read.")
        return told or names[0]

    def _records(self) -> Iterator[list[object]]:
        book = _load(self.path)
        try:
            sheet = book[self.sheet]
            sheet.reset_dimensions()  # the file may say anything about its own size
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                if number > SHEET_ROWS:
                    raise Unreadable("The sheet says that it has more rows than a sheet can have.")
                if number == 1 and len(cells) > MAX_COLUMNS:
                    raise Unreadable(
                        f"The file has {len(cells):,} columns. At most {MAX_COLUMNS} can be read."
                    )
                yield [_value(cell) for cell in cells]
        except Unreadable:
            raise
        except Exception as error:  # whatever a broken or hostile part makes the parser raise
            raise Unreadable(f"The workbook is damaged: {type(error).__name__}.") from error
        finally:
            book.close()


def check_parts(path: Path) -> None:
    """Refuse what would fill the memory or never end, by the sizes that the zip's directory states.

    The directory cannot lie: a part is never read beyond the size stated there.
    """
    try:
        with ZipFile(path) as parts:
            entries = parts.infolist()
            if len(entries) > MAX_ENTRIES:
                raise Unreadable("The workbook has too many parts.")
            sheets, strings = _content_types(parts)
    except (BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        raise Unreadable("This is not an XLSX workbook: the zip file is damaged.") from None
    if sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise Unreadable(f"The workbook is over {MAX_INFLATED // MIB} MiB when unpacked. Send it as CSV.")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unreadable("The workbook is protected with a password.")
        if entry.file_size > MIB and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Unreadable("The workbook is packed more tightly than real data ever is: refused.")
        if entry.file_size > _limit(entry.filename, sheets, strings):
            raise Unreadable(f"A part of the workbook is too big ({entry.filename[:60]}). Send it as CSV.")


def _content_types(parts: ZipFile) -> tuple[set[str], set[str]]:
    """The names of the parts that say they are sheets, and of those with the shared strings."""
    if parts.getinfo(TYPES).file_size > MIB:
        raise Unreadable("The workbook's list of parts is too big.")
    try:
        root = fromstring(parts.read(TYPES))
    except (DefusedXmlException, ParseError):
        raise Unreadable("The workbook is damaged: its list of parts cannot be read.") from None
    named = [(part.get("PartName", "").lstrip("/"), part.get("ContentType", "")) for part in root]
    sheets = {name for name, kind in named if kind.endswith("worksheet+xml")}
    return sheets, {name for name, kind in named if kind.endswith("sharedStrings+xml")}


def _limit(name: str, sheets: set[str], strings: set[str]) -> int:
    """Only what is called a sheet and says that it is one may be big: everything else is parsed whole."""
    if name.startswith("xl/media/") or (name.startswith("xl/worksheets/") and name in sheets):
        return MAX_INFLATED
    return MAX_SHARED_STRINGS if name in strings else MAX_PART


def _load(path: Path):
    if not DEFUSEDXML:
        raise Unreadable("XLSX cannot be read safely here: the package defusedxml is missing.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions and styles that do not concern the values
            return load_workbook(path, read_only=True, keep_links=False)
    except Exception as error:  # whatever a broken or hostile part makes the parser raise
        raise Unreadable(f"The workbook is damaged: {type(error).__name__}.") from error


def _value(cell) -> object:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return NotAValue("This cell holds a formula. Copy the column and paste it as values.")
    if cell.data_type == "e":
        return NotAValue(f"This cell holds an error of the spreadsheet ({str(value)[:20]}).")
    if isinstance(value, str):
        if len(value) > MAX_CELL:
            return NotAValue(f"This cell is longer than {MAX_CELL:,} characters.")
        return value.strip("\0")
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date()
    return value
