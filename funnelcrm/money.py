"""Money in words. Amounts stay Decimal (or whole hundredths) with a currency code until they are shown."""

from decimal import ROUND_HALF_UP, Decimal

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
CURRENCIES = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "INR", "CAD", "AUD"]


def _sign(currency: str) -> str:
    return SYMBOLS.get(currency, f"{currency} ")


def _whole(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal(1), rounding=ROUND_HALF_UP):,}"


def _tenths(thousands: Decimal) -> str:
    """One decimal where it says something: "1.5", "2"."""
    return f"{thousands.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):f}".removesuffix(".0")


def short(amount: Decimal, currency: str) -> str:
    """For cards and column heads: "€950", "€1.5k", "€48k", "€1,542k", "€38M"."""
    if amount < 1000:
        return f"{_sign(currency)}{_whole(amount)}"
    if amount < 10_000:
        return f"{_sign(currency)}{_tenths(amount / 1000)}k"
    if amount < 10_000_000:
        return f"{_sign(currency)}{_whole(amount / 1000)}k"
    return f"{_sign(currency)}{_whole(amount / 1_000_000)}M"


def full(amount: Decimal, currency: str) -> str:
    """For the deal's own page: "€48,000" or "€48,000.50"."""
    cents = amount != amount.to_integral_value()
    return f"{_sign(currency)}{amount:,.2f}" if cents else f"{_sign(currency)}{_whole(amount)}"


def from_hundredths(hundredths: int) -> Decimal:
    return Decimal(hundredths) / 100
