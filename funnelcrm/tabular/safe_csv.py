"""Writing CSV that a spreadsheet opens as text and never runs."""

import csv
from collections.abc import Sequence
from typing import TextIO

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def inert(value: object) -> str:
    """A cell's text. What a spreadsheet might run gets an apostrophe before it; numbers stay numbers."""
    text = "" if value is None else str(value).strip()
    if not text.startswith(_STARTS):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


class SafeWriter:
    """A CSV writer for files that people will open in a spreadsheet."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)

    def row(self, cells: Sequence[object]) -> None:
        self._writer.writerow([inert(cell) for cell in cells])
