"""A whole CRM's pipeline, in seven dialects, against figures that were computed without us.

The data are no part of the product: FUNNEL_SHARED says where they are. Without them these tests are skipped.
"""

import json
import os
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count, Q, Sum

from funnelcrm.models import User
from funnelcrm.tabular import open_table
from leads.domain.audit import differences
from leads.domain.import_mapping import map_columns
from leads.domain.import_rows import Row, learn
from leads.domain.imports import Choices, plan_import, run_import
from leads.models import Account, Deal
from stages.models import BoardCell, DealEvent

DATA = Path(os.environ.get("FUNNEL_SHARED", settings.BASE_DIR.parent / "shared")) / "data"
MAVEN, DIALECTS = DATA / "maven_crm", DATA / "dialects"
PIPELINE = MAVEN / "sales_pipeline.csv"
STAGES = {
    "Prospecting": "Awareness",
    "Engaging": "Engagement",
    "Won": "won:Engagement>Purchase",
    "Lost": "lost:Engagement",
}
pytestmark = pytest.mark.skipif(not PIPELINE.exists(), reason=f"no data in {DATA} (see FUNNEL_SHARED)")


@pytest.fixture(scope="module")
def facts() -> dict:
    return json.loads((MAVEN / "facts.json").read_text())


def imported(path: Path, kind: str = "deals", **choices):
    stages = STAGES if kind == "deals" else {}
    plan = plan_import(path, Choices(kind=kind, origin="maven", stages=stages, currency="USD", **choices))
    outcomes = run_import(plan)
    assert (outcomes.failed, outcomes.held_back) == (0, 0)
    return outcomes


def board() -> dict:
    """What the board shows: deals and value of each column, from the kept totals."""
    columns = BoardCell.objects.values("stage__name").annotate(n=Sum("deals"), value=Sum("amount"))
    return {column["stage__name"]: (column["n"], column["value"] // 100) for column in columns}


def check_board(facts: dict) -> None:
    by_stage, won_value = facts["by_stage"], facts["overall"]["won_value_total"]
    assert {name: figures for name, figures in board().items() if figures[0]} == {
        "Awareness": (by_stage["Prospecting"], 0),
        "Engagement": (by_stage["Engaging"], 0),
        "Purchase": (by_stage["Won"], won_value),
    }
    lost = Deal.objects.filter(status="lost", stage__slug="engagement", on_board=False)
    assert lost.count() == by_stage["Lost"]
    assert Deal.objects.count() == facts["rows"]["pipeline"] == 8800


def figures(owner: Q) -> dict:
    won, lost = Q(status="won"), Q(status="lost")
    return Deal.objects.filter(owner).aggregate(
        opportunities=Count("pk"),
        won=Count("pk", filter=won),
        lost=Count("pk", filter=lost),
        open=Count("pk", filter=Q(status="open")),
        won_value=Sum("amount", filter=won),
    )


def check_people(facts: dict) -> None:
    """Each agent's figures, and each manager's by the door through which they will see them."""
    for name, said in facts["by_agent"].items():
        mine = figures(Q(owner__name=name))
        assert mine == {key: said[key] for key in mine}, name
    for name, said in facts["by_manager"].items():
        mine = figures(Q(pk__in=Deal.objects.visible_to(User.objects.get(name=name))))
        assert mine == {key: said[key] for key in mine}, name


def check_days(facts: dict) -> None:
    """The days between the events of the ledger are the days between the dates of the file."""
    days = Counter()
    for started, won in Deal.objects.filter(status="won").values_list("started_at", "won_at"):
        days[round((won - started).total_seconds() / 86400)] += 1  # an hour more or less where clocks change
    said = facts["overall"]["days_won"]
    assert (min(days), max(days)) == (said["min"], said["max"])
    assert sum(n * day for day, n in days.items()) / days.total() == pytest.approx(said["mean"])


def test_the_whole_crm_comes_in_and_a_second_run_changes_nothing(pipeline, facts):
    assert imported(MAVEN / "accounts.csv", "accounts").created == facts["rows"]["accounts"]
    assert imported(MAVEN / "sales_teams.csv", "people").created == facts["rows"]["sales_teams"]
    assert imported(PIPELINE).created == 8800
    assert Account.objects.count() == 85
    assert Account.objects.exclude(parent=None).count() == facts["quirks"]["subsidiary_of_filled"]
    assert Deal.objects.filter(account=None).count() == facts["quirks"]["blank_account"]
    assert DealEvent.objects.count() == 8800 + facts["by_stage"]["Won"] + facts["by_stage"]["Lost"]
    assert DealEvent.objects.get(deal__external_id="1C1I7A6R", seq=1).title == "GTX Plus Basic"
    check_board(facts)
    check_people(facts)
    check_days(facts)

    for path, kind in (("accounts", "accounts"), ("sales_teams", "people"), ("sales_pipeline", "deals")):
        again = imported(MAVEN / f"{path}.csv", kind)
        assert (again.created, again.updated, again.unchanged) == (0, 0, again.read)
    assert DealEvent.objects.count() == 15511
    assert list(differences()) == []


# One text file and the workbook go the whole way; that the others hold the same rows is checked below.
@pytest.mark.parametrize("name", ["p03_de_semicolon_cp1252.csv", "p20_xlsx_true_dates.xlsx"])
def test_a_dialect_gives_the_same_board(pipeline, facts, name):
    assert imported(DIALECTS / name).created == 8800
    check_board(facts)
    assert list(differences()) == []


def read_rows(path: Path) -> list[tuple]:
    table = open_table(path)
    columns = map_columns("deals", table.header, {})
    conventions = learn(table, columns)
    found = []
    for number, cells in table.rows():
        row = Row(number, cells, conventions)
        texts = [
            row.text(name, longest=200) for name in ("external_id", "title", "account", "owner", "stage")
        ]
        found.append((*texts, row.moment("started"), row.moment("closed"), row.money()[0]))
        assert not row.problems
    return found


def test_all_dialects_hold_the_same_rows(db):
    paths = sorted(DIALECTS.glob("p*"))
    assert len(paths) == 6
    said = read_rows(PIPELINE)
    assert said[0][-3:] == (date(2016, 10, 20), date(2017, 3, 1), Decimal("1054.00"))
    for path in paths:
        assert read_rows(path) == said, path.name


def test_names_are_the_same_in_three_encodings():
    """The file in cp1252 leaves out the 18 rows that cp1252 cannot write."""
    rows = {
        path.stem: [tuple(cells) for _, cells in open_table(path).rows()]
        for path in DIALECTS.glob("orgs_*.csv")
    }
    assert len(rows["orgs_utf8"]) == 10_251
    assert rows["orgs_utf8sig"] == rows["orgs_utf8"]
    missing = set(rows["orgs_utf8"]) - set(rows["orgs_cp1252"])
    assert rows["orgs_cp1252"] == [row for row in rows["orgs_utf8"] if row not in missing]
    assert len(missing) == 18
    assert not any(is_western(row) for row in missing)


def is_western(row: tuple) -> bool:
    try:
        "".join(row).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
