"""What cells mean: days and amounts in the notations of exports, and what is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from leads.domain.import_money import MoneyEvidence, parse_money
from leads.domain.import_values import BadValue, DateEvidence, parse_moment, parse_whole, text_of


def moment(value, order="dmy"):
    return parse_moment(value, order=order, zone=UTC)


@pytest.mark.parametrize(
    ("value", "order", "day"),
    [
        ("2016-10-20", "", date(2016, 10, 20)),
        ("2016/1/2", "mdy", date(2016, 1, 2)),
        ("20.10.2016", "dmy", date(2016, 10, 20)),
        ("01/02/2016", "dmy", date(2016, 2, 1)),
        ("01/02/2016", "mdy", date(2016, 1, 2)),
        (date(2016, 10, 20), "", date(2016, 10, 20)),
        (" 2016-10-20 ", "", date(2016, 10, 20)),
        ("", "", None),
        (None, "", None),
        ("29/02/2024", "dmy", date(2024, 2, 29)),
    ],
)
def test_days(value, order, day):
    assert moment(value, order) == day


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2016-10-20T10:00:00Z", datetime(2016, 10, 20, 10, tzinfo=UTC)),
        ("2016-10-20 10:00:00+02:00", datetime(2016, 10, 20, 8, tzinfo=UTC)),
        ("4/8/2025 5:19 PM", datetime(2025, 8, 4, 17, 19, tzinfo=UTC)),
        ("4/8/2025 12:01 AM", datetime(2025, 8, 4, 0, 1, tzinfo=UTC)),
    ],
)
def test_instants(value, instant):
    assert moment(value) == instant


@pytest.mark.parametrize(
    "value",
    [
        "29/02/2023",
        "31/04/2020",
        "12/31/2020",
        "01/01/0001",
        "0000-01-01",
        "9999-12-31",
        "10000-01-01",
        "now",
        "1/2/16",
        "\u0662\u0660\u0662\u0660-01-01",
        "2016-10-20T25:00",
        "2016-10-20/" * 5000,
        5,
        True,
    ],
)
def test_what_is_no_day_is_refused(value):
    with pytest.raises(BadValue):
        moment(value)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["01/02/2016", "13/02/2016"], "dmy"),
        (["01/02/2016", "02/13/2016"], "mdy"),
        (["01/02/2016"], ""),
        (["05/05/2016", "2016-01-02", "", "x"], ""),
        (["13/02/2016", "02/13/2016"], ""),
    ],
)
def test_the_whole_column_tells_the_order(cells, order):
    evidence = DateEvidence()
    for number, cell in enumerate(cells, start=2):
        evidence.add(number, cell)
    assert evidence.order == order


@pytest.mark.parametrize(
    ("value", "decimal", "amount", "currency"),
    [
        ("1.054,00", ",", "1054.00", "XTS"),
        ("$1,054.00", ".", "1054.00", "USD"),
        ("£1,054.00", ".", "1054.00", "GBP"),
        ("1.054,00 €", ",", "1054.00", "EUR"),
        ("CHF 1'054.50", ".", "1054.50", "CHF"),
        ("1 054,5", ",", "1054.50", "XTS"),
        ("1\u00a0054,50\u00a0EUR", ",", "1054.50", "EUR"),
        ("1,234,567", ".", "1234567.00", "XTS"),
        ("1054", ".", "1054.00", "XTS"),
        ("0", ".", "0.00", "XTS"),
        ("50.000", ".", "50.00", "XTS"),
        ("50.000", ",", "50000.00", "XTS"),
        ("999999999999.99", ".", "999999999999.99", "XTS"),
        (1054.25, ".", "1054.25", "XTS"),
        (7, ".", "7.00", "XTS"),
        (0.1 + 0.2, ".", "0.30", "XTS"),
    ],
)
def test_amounts(value, decimal, amount, currency):
    assert parse_money(value, decimal=decimal, told="XTS") == (Decimal(amount), currency)


def test_a_blank_amount_is_none():
    assert parse_money("", decimal=".", told="XTS") == (None, "")


def test_a_shared_sign_is_the_currency_told():
    assert parse_money("$5", decimal=".", told="CAD") == (Decimal("5.00"), "CAD")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("-5", "negative"),
        ("(5.00)", "negative"),
        ("$-5", "negative"),
        ("\u22125", "negative"),
        (-6, "negative"),
        ("NaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("1e308", "not an amount"),
        (float("nan"), "not an amount"),
        (1e308, "too big"),
        ("1000000000000", "too big"),
        ("12345678901234", "too big"),
        ("٣", "not an amount"),
        ("1,05,000", "not an amount"),
        ("1.054,00", "not an amount"),
        ("12 34", "not an amount"),
        ("5.001", "two decimals"),
        (5.125, "two decimals"),
        ("5 QQQQ", "currency"),
        ("=1+1", "not an amount"),
        (True, "not an amount"),
        ("1" * 5000, "not an amount"),
    ],
)
def test_what_is_no_amount_is_refused(value, says):
    with pytest.raises(BadValue, match=says):
        parse_money(value, decimal=".", told="XTS")


@pytest.mark.parametrize(
    ("cells", "signs"),
    [
        (["1,054", "50,00"], {","}),
        (["1,054", "50.00"], {"."}),
        (["1,054.00"], {"."}),
        (["1.054.000"], {","}),
        (["1,054", "7"], set()),
        (["0,123"], {","}),
        (["1,5", "1.5"], {",", "."}),
    ],
)
def test_the_whole_column_tells_the_decimal_sign(cells, signs):
    evidence = MoneyEvidence()
    for number, cell in enumerate(cells, start=2):
        evidence.add(number, cell)
    assert set(evidence.signs) == signs


def test_whole_numbers_and_texts():
    assert parse_whole("12,345") == 12345
    assert parse_whole("") is None
    with pytest.raises(BadValue):
        parse_whole("many")
    assert text_of(" two\n words ") == "two words"
    assert text_of(123.0) == "123"
