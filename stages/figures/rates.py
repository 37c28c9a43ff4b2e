"""A share of deals: (num, den), its percent in words, and how sure one can be of it (2.10)."""

from math import sqrt

Z = 1.959964  # 95 %


def percent(num: int, den: int) -> str | None:
    """One decimal, half away from zero; "100.0" only for all, "0.0" only for none; None for none of none."""
    if den == 0:
        return None
    tenths = (2000 * num + den) // (2 * den)
    if num < den:
        tenths = min(tenths, 999)
    if num > 0:
        tenths = max(tenths, 1)
    return f"{tenths // 10}.{tenths % 10}"


def wilson(num: int, den: int) -> tuple[float | None, float | None]:
    """The bounds of the 95 % Wilson interval, to four decimals."""
    if den == 0:
        return None, None
    share = num / den
    spread = 1 + Z * Z / den
    centre = share + Z * Z / (2 * den)
    half = Z * sqrt(share * (1 - share) / den + Z * Z / (4 * den * den))
    low = 0.0 if num == 0 else max(0.0, round((centre - half) / spread, 4))
    high = 1.0 if num == den else min(1.0, round((centre + half) / spread, 4))
    return low, high


def rate(num: int, den: int) -> dict:
    """A rate as answers have it. `lo` and `hi` are shares, 0 to 1."""
    low, high = wilson(num, den)
    return {"num": num, "den": den, "pct": percent(num, den), "lo": low, "hi": high}
