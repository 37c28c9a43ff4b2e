"""Logs in the interchange format: loaded, asked, and held against the design's answers."""

import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from leads.domain.audit import differences
from leads.domain.interchange import load_events
from leads.models import Deal
from stages.models import DealEvent
from tests.stages.metrics_log import DESIGN, at_path, completed, load, patched

pytestmark = pytest.mark.django_db
CASES = len(json.loads((DESIGN / "metrics-cases.json").read_text())["cases"]) if DESIGN.exists() else 1


@pytest.fixture
def ask(tmp_path):
    """The command `funnel_metrics`, as anyone would use it."""

    def run(query, **options):
        path = tmp_path / "query.json"
        path.write_text(json.dumps(query))
        out = StringIO()
        call_command("funnel_metrics", path, stdout=out, **options)
        return json.loads(out.getvalue())

    return run


@pytest.fixture
def give(tmp_path):
    """The command `load_events`."""

    def run(rows, config, **options):
        log, rules, out = tmp_path / "log.jsonl", tmp_path / "config.json", StringIO()
        log.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
        rules.write_text(json.dumps(config))
        call_command("load_events", log, config=rules, stdout=out, stderr=StringIO(), **options)
        return json.loads(out.getvalue())

    return run


def row(number: int, deal: str = "D", kind: str = "created", to: str | None = "awareness", **fields) -> dict:
    at = f"2026-01-{number:02}T00:00:00Z"
    values = {"id": number, "deal": deal, "seq": number, "at": at, "recorded_at": at, "kind": kind, "to": to}
    return values | {"owner": "ann", "amount": "100", "currency": "EUR"} | fields


CONFIG = {
    "tz": "UTC",
    "base_currency": "EUR",
    "stages": [
        {"id": name, "name": name.title(), "position": place, "side": side, "probability": 10 * place}
        for place, (name, side) in enumerate(
            [("awareness", "open"), ("interest", "open"), ("purchase", "won"), ("loyalty", "won")], start=1
        )
    ],
    "rates": [],
    "reasons": {"price": "competitive"},
}


@pytest.mark.parametrize("number", range(CASES))
def test_a_case_of_the_design_makes_the_round_trip(number, give, ask):
    design = load("metrics-cases.json")
    case = design["cases"][number]
    config = patched(design["default_config"], case.get("config", {}))
    rows = completed(case["log"], design["defaults"])
    random.Random(number).shuffle(rows)

    assert give(rows, config) == {"read": len(rows), "new": len(rows), "known": 0, "refused": []}
    for check in case["checks"]:
        patch = dict(check.get("config", {}))
        archived = patch.pop("include_archived", False)
        give([], patched(config, patch))
        found = ask(check["query"], include_archived=archived)
        assert {path: at_path(found, path) for path in check["expect"]} == check["expect"]
        assert list(differences()) == []


def test_the_examples_make_the_round_trip(pipeline, give, ask):
    """Also into an installation that has its six stages and lists already."""
    design = load("metrics-examples.json")
    give(design["log"], design["config"])

    found = ask([example["query"] for example in design["answers"]])

    assert found == [example["answer"] for example in design["answers"]]


def test_the_same_rows_again_change_nothing(give, ask):
    rows = [
        row(1),
        row(2, kind="moved", to="purchase"),
        row(3, "E"),
        row(4, "E", "lost", None, reason="price"),
    ]
    query = {"metric": "funnel", "as_of": "2026-02-01T00:00:00Z", "ids": True}

    assert give([*rows, rows[0]], CONFIG) == {"read": 5, "new": 4, "known": 1, "refused": []}
    before = ask(query)
    assert give(reversed(rows), CONFIG) == {"read": 4, "new": 0, "known": 4, "refused": []}
    assert ask(query) == before
    assert list(differences()) == []


def test_rows_that_come_in_several_files_in_any_order_say_the_same(give, ask):
    rows = [
        row(1),
        row(2, kind="moved", to="interest"),
        row(3, kind="moved", to="purchase", at="2026-01-02T00:00:00Z"),  # the same instant: seq decides
        row(4, kind="voided", to=None, voids=3),
        row(5, kind="voided", to=None, voids=4),
    ]
    whole = {"metric": "deal_time", "as_of": "2026-02-01T00:00:00Z"}
    for part in ([rows[2], rows[0]], [rows[3]], [rows[1], rows[4]]):
        assert give(part, CONFIG)["refused"] == []
        assert list(differences()) == []

    assert list(DealEvent.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert Deal.objects.get().stage.slug == "purchase"
    day = 24 * 3600 * 10**6
    assert ask(whole)["D"]["stages"] == {"awareness": day, "interest": 0, "purchase": 30 * day}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "not a row of JSON"),
        ("[1]", "is an object"),
        (row(2, kind="sold"), "no kind"),
        (row(2, at="2026-01-02T00:00:00"), "no offset"),
        (row(2, at="2999-01-02T00:00:00Z"), "future"),
        (row(2, to="nowhere"), "no stage"),
        (row(2, kind="moved", to=None), "“to” is missing"),
        (row(2, kind="voided", to=None, voids=77), "No earlier row"),
        (row(2, kind="voided", to=None), "goes with the kind"),
        (row(2, amount="-1"), "negative"),
        (row(2, amount="NaN"), "not a number"),
        (row(2, amount="1.2345678"), "more digits"),
        (row(2, currency="EURO"), "longer than 3"),
        (row(2, probability=101), "0 to 100"),
        (row(2, seq=1), "has the seq 1"),
        (row(2, "E", kind="lost", to=None), "begin in no stage"),
        (row(2, owner="x" * 200), "longer than 120"),
        (row(2, deal=""), "not a text"),
        (row(2, id=None), "not an id"),
    ],
)
def test_a_row_that_cannot_be_kept_is_refused_by_its_line(bad, reason, give):
    answer = give([row(1), bad, row(3, kind="moved", to="interest")], CONFIG)

    assert (answer["read"], answer["new"]) == (3, 2)
    ((line, why),) = [(entry["line"], entry["reason"]) for entry in answer["refused"]]
    assert line == 2
    assert reason in why
    assert list(differences()) == []


def test_a_deal_whose_rows_are_all_taken_back_is_not_there(give, ask):
    give([row(1), row(2, kind="voided", to=None, voids=1)], CONFIG)

    assert ask({"metric": "quality"})["deals"] == 0
    assert Deal.objects.get().deleted_at
    assert list(differences()) == []


def test_an_amount_without_a_currency_is_unpriced_and_three_decimals_are_kept(give, ask):
    give([row(1, currency=None), row(2, "E", amount=None), row(3, "F", amount="10.005")], CONFIG)

    found = ask({"metric": "pipeline", "as_of": "2026-02-01T00:00:00Z"})["total"]["*"]
    assert (found["open"], found["unpriced"], found["value"]) == (3, 2, 1001)
    assert list(differences()) == []


def test_a_log_does_not_mix_with_real_deals(deal, give, ask):
    with pytest.raises(CommandError, match="pipeline of its own"):
        give([row(1)], CONFIG)

    give([row(1)], CONFIG, pipeline="measured")

    assert ask({"metric": "quality"}, pipeline="measured")["deals"] == 1
    assert ask({"metric": "quality"})["deals"] == 1
    assert list(differences()) == []


def test_loading_takes_no_more_statements_for_more_deals(give, django_assert_max_num_queries):
    with django_assert_max_num_queries(90):
        load_events([json.dumps(row(n, f"D{n}")) for n in range(1, 29)], CONFIG)
    assert Deal.objects.count() == 28


@pytest.mark.parametrize(
    "query", [{}, {"metric": "sales"}, {"metric": "funnel", "from": "soon"}, {"metric": "funnel", "by": "x"}]
)
def test_a_query_without_an_answer_says_why(query, give, ask):
    give([row(1)], CONFIG)
    with pytest.raises(CommandError):
        ask(query)
