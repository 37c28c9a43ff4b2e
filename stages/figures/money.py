"""Money in whole minor units of the base currency, rounded half away from zero (2.8, 2.10)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

EXACT = Context(prec=120, rounding=ROUND_HALF_UP)
# ISO 4217: currencies whose minor unit is not a hundredth.
MINOR_DIGITS = dict.fromkeys(["CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"], 0)
MINOR_DIGITS |= dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)


class Rates:
    """Dated exchange rates into the base currency: the newest on or before a day holds."""

    def __init__(self, rows: Iterable[tuple[str, date, Decimal]] = ()) -> None:
        self._days: dict[str, list[date]] = defaultdict(list)
        self._rates: dict[str, list[Decimal]] = defaultdict(list)
        for currency, day, rate in sorted(rows):
            self._days[currency].append(day)
            self._rates[currency].append(rate)

    def on(self, currency: str, day: date) -> Decimal | None:
        """The rate of that day, or None if there is none yet."""
        place = bisect_right(self._days.get(currency, ()), day)
        return self._rates[currency][place - 1] if place else None


def in_base(amount: Decimal | None, currency: str | None, day: date, rates: Rates, base: str) -> int | None:
    """An amount in minor units of the base currency at that day's rate; None: it has no price."""
    if amount is None or not currency:
        return None
    rate = Decimal(1) if currency == base else rates.on(currency, day)
    if rate is None:
        return None
    minor = EXACT.scaleb(EXACT.multiply(amount, rate), MINOR_DIGITS.get(base, 2))
    return int(minor.to_integral_value(rounding=ROUND_HALF_UP, context=EXACT))


def rounded(value: Fraction) -> int:
    """The nearest whole number, half away from zero."""
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return whole if value >= 0 else -whole


def decimals(value: Fraction, places: int) -> float:
    """A number for people, rounded half away from zero."""
    return rounded(value * 10**places) / 10**places


@dataclass(slots=True)
class Purse:
    """A sum of deals' values, and how many had none."""

    value: int = 0
    unpriced: int = 0

    def add(self, value: int | None) -> None:
        if value is None:
            self.unpriced += 1
        else:
            self.value += value
