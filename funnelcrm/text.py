"""Text as people type it, made comparable."""

import unicodedata

# Letters that decomposition does not take apart, as people type them without the right keyboard.
_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
)


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: "Müller  & Søn" and "muller & son" fold to the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.split())
