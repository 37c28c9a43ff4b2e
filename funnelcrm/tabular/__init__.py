"""Reading tables that people send: CSV in its dialects, and XLSX. Streaming, and careful.

    table = open_table(path)
    for number, cells in table.rows(): ...

`rows()` may be called again: it reads the file anew and keeps no more than a row in
memory. What cannot be read is refused with a sentence (`Unreadable`) and nothing guessed.
"""

from pathlib import Path

from .shared import MAX_ROWS, NotAValue, Table, Unreadable
from .text_file import TextTable
from .workbook import Workbook

__all__ = ["MAX_ROWS", "NotAValue", "Table", "TextTable", "Unreadable", "Workbook", "open_table"]

OLE = b"\xd0\xcf\x11\xe0"  # the container of .xls, and of every workbook with a password


def open_table(
    path: Path | str,
    *,
    delimiter: str = "",
    encoding: str = "",
    sheet: str = "",
    max_rows: int = MAX_ROWS,
) -> Table:
    """The table in a file, whatever its name says: what it begins with decides the format."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None
    if start == OLE:
        raise Unreadable(
            "This is an old Excel file (.xls), or one with a password. Save it as .xlsx without one."
        )
    if start.startswith(b"PK"):
        return Workbook(path, sheet=sheet, max_rows=max_rows)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        raise Unreadable("This is not an XLSX workbook: it is not a zip file.")
    return TextTable(path, delimiter=delimiter, encoding=encoding, max_rows=max_rows)
