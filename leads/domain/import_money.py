"""What an amount of an import means, in the notations that exports use. Pure: no database.

Which sign stands before the decimals is told, or read off all cells of the column
(`MoneyEvidence`): 1,054 alone is a thousand in one country and one in another.
"""

import re
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from funnelcrm.tabular import NotAValue
from leads.domain.import_values import LONGEST, BadValue, text_of

MOST = Decimal("999999999999.99")
_MONEY = re.compile(
    r"(?P<open>\()?(?P<sign>[-\u2212\u2013])?(?P<before>[^\d.,\s()\u2212\u2013-]{0,4})\s?(?P<inner>[-\u2212\u2013])?"
    r"(?P<number>\d[\d.,]*)\s?(?P<after>[^\d.,\s()\u2212\u2013-]{0,4})(?P<last>-)?(?P<close>\))?",
    re.ASCII,
)
_GROUP_SPACE = re.compile(r"(?<=\d)[ '\u2019](?=\d{3}(?!\d))", re.ASCII)
SIGNS = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "zł": "PLN", "₹": "INR", "chf": "CHF"}
# Signs that more than one currency uses: what was told decides.
SHARED_SIGNS = {
    "$": {"USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "ARS", "CLP", "COP"},
    "¥": {"JPY", "CNY"},
}


@dataclass(slots=True)
class MoneyEvidence:
    """Which sign the cells of a column use before the decimals, and the first row that says so."""

    signs: dict[str, int] = field(default_factory=dict)
    open: int = 0  # first row that could be both, as 1,054 could
    currencies: dict[str, int] = field(default_factory=dict)

    def add(self, number: int, value: object) -> None:
        match = _money_match(value) if isinstance(value, str) and value.strip() else None
        if not match:
            return
        sign = _decimal_sign(match["number"])
        if sign == "?":
            self.open = self.open or number
        elif sign:
            self.signs.setdefault(sign, number)
        if mark := match["before"] or match["after"]:
            self.currencies.setdefault(mark, number)


def parse_money(value: object, *, decimal: str, told: str) -> tuple[Decimal | None, str]:
    """An amount and its currency: the one that the cell names, else the one told.

    `decimal` is the sign before the decimals. More than two decimals are refused unless they are zeros.
    """
    if isinstance(value, NotAValue):
        raise BadValue(value.why)
    if isinstance(value, bool | date | time):
        raise BadValue("This is not an amount.")
    if isinstance(value, int | float):
        return _checked(_exact(value)), told
    text = (value or "").strip()
    if not text:
        return None, ""
    match = _money_match(text)
    if not match or (match["before"] and match["after"]) or bool(match["open"]) != bool(match["close"]):
        raise BadValue(f"“{text[:40]}” is not an amount.")
    if match["sign"] or match["inner"] or match["last"] or match["open"]:
        raise BadValue("An amount cannot be negative.")
    number = _plain_number(match["number"], decimal)
    return _checked(number), _currency(match["before"] or match["after"], told)


def _money_match(text: str) -> re.Match | None:
    text = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    return _MONEY.fullmatch(_GROUP_SPACE.sub("", text)) if len(text) <= LONGEST else None


def _decimal_sign(number: str) -> str:
    """The sign before the decimals, as far as this number shows it: , or . or ? or nothing."""
    commas, points = number.count(","), number.count(".")
    if commas and points:
        return "," if number.rfind(",") > number.rfind(".") else "."
    sign = "," if commas else "."
    count = commas + points
    if count > 1:  # 1.054.000: this sign groups, so the other one is for decimals
        return "." if commas else ","
    if count == 0:
        return ""
    whole, _, rest = number.partition(sign)
    return "?" if len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0" else sign


def _plain_number(number: str, decimal: str) -> Decimal:
    group = "," if decimal == "." else "."
    whole, found, rest = number.partition(decimal)
    groups = whole.split(group)
    grouped = len(groups) > 1
    wrong = grouped and (not 1 <= len(groups[0]) <= 3 or any(len(part) != 3 for part in groups[1:]))
    if wrong or (found and not rest.isdigit()) or not all(part.isdigit() for part in groups):
        raise BadValue(f"“{number[:40]}” is not an amount with “{decimal}” before the decimals.")
    return Decimal("".join(groups) + ("." + rest if rest else ""))


def _exact(number: int | float) -> Decimal:
    """A number of a spreadsheet, without the dust that binary fractions leave behind the 15th digit."""
    found = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not found.is_finite():
        raise BadValue("This is not an amount.")
    rounded = Decimal(f"{number:.2f}") if abs(found) <= MOST else found
    return rounded if abs(rounded - found) < Decimal("1e-6") else found


def _checked(amount: Decimal) -> Decimal:
    if amount < 0:
        raise BadValue("An amount cannot be negative.")
    if amount > MOST:
        raise BadValue("The amount is too big: at most twelve digits before the decimals.")
    rounded = amount.quantize(Decimal("0.01"))
    if rounded != amount:
        raise BadValue("The amount has more than two decimals.")
    return rounded


def _currency(mark: str, told: str) -> str:
    if not mark or told in SHARED_SIGNS.get(mark, ()):
        return told
    if known := SIGNS.get(mark.lower()):
        return known
    if len(mark) == 3 and mark.isascii() and mark.isalpha():
        return mark.upper()
    raise BadValue(f"“{mark}” is not a currency known here. Write its three letters.")


def parse_currency(value: object) -> str:
    """The three letters of a currency, in a column of its own."""
    text = text_of(value)
    if not text or (len(text) == 3 and text.isascii() and text.isalpha()):
        return text.upper()
    raise BadValue(f"“{text[:20]}” is not the three letters of a currency.")
