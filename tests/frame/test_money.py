"""Money in words."""

from decimal import Decimal

import pytest

from funnelcrm.money import full, short


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "€0"),
        ("949.50", "€950"),
        ("1000", "€1k"),
        ("1500", "€1.5k"),
        ("9960", "€10k"),
        ("48000", "€48k"),
        ("1542000", "€1,542k"),
        ("38000000", "€38M"),
    ],
)
def test_short(amount, words):
    assert short(Decimal(amount), "EUR") == words


def test_a_currency_without_a_sign_is_named():
    assert short(Decimal(5000), "CHF") == "CHF 5k"


@pytest.mark.parametrize(("amount", "words"), [("48000", "€48,000"), ("48000.5", "€48,000.50")])
def test_full(amount, words):
    assert full(Decimal(amount), "EUR") == words
