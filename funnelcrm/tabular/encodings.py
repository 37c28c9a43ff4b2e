"""Which encoding a text file has: by its first bytes, as valid UTF-8, or by its letters."""

import codecs
from pathlib import Path

from charset_normalizer import from_bytes as matches_in

from .shared import Unreadable

CHUNK = 1 << 20
BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# Where several encodings of one script fit, the one that Windows writes.
LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp932", "gb18030", "big5", "euc_kr"]


def detect_encoding(path: Path) -> str:
    """The encoding of a file, by the name that Python knows it by."""
    with path.open("rb") as file:
        start = file.read(4096)
    for bom, name in BOMS:
        if start.startswith(bom):
            return name
    if wide := _utf16_without_bom(start):
        return wide
    return "utf-8" if _is_utf8(path) else _by_letters(path)


def checked_encoding(name: str) -> str:
    """An encoding that was told, or a refusal where there is none of that name."""
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except (LookupError, ValueError, AttributeError):
        raise Unreadable(f"There is no encoding called “{name}”.") from None
    return "utf-8-sig" if found == "utf-8" else found  # which reads a file without its mark as well


def _utf16_without_bom(start: bytes) -> str:
    """Latin text in UTF-16 has a zero in every second byte."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > len(start) // 4 and not even:
        return "utf-16-le"
    if even > len(start) // 4 and not odd:
        return "utf-16-be"
    return ""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _by_letters(path: Path) -> str:
    """By the lines that have letters beyond ASCII: the others say nothing."""
    sample = bytearray()
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(CHUNK), b""):
            if not line.isascii():
                sample += line
            if len(sample) > 1 << 16:
                break
    return _likeliest(bytes(sample))


def _likeliest(sample: bytes) -> str:
    """cp1252, unless the letters make clearly more of a language in another encoding.

    Western text is as likely in cp1250 and others, which differ in a few letters only:
    what most exports are written in wins.
    """
    found = {
        match.encoding: match.coherence for match in matches_in(sample, cp_isolation=LIKELY, threshold=0.9)
    }
    best = max(found, key=found.get, default="cp1252")
    if found.get(best, 0) >= found.get("cp1252", 0) + 0.1 or not _decodes(sample, "cp1252"):
        return best
    return "cp1252"


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
