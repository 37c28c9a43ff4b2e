"""Importing small files: every row accounted for, problems named, all or nothing, stopped in the middle."""

import csv
import json
import stat

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from funnelcrm.errors import DomainError
from funnelcrm.models import Team, User
from leads.domain import imports
from leads.domain.audit import differences
from leads.domain.imports import Choices, plan_import, run_import
from leads.models import Account, Contact, Deal
from stages.models import BoardCell, DealEvent, Source

STAGES = {"Open": "Awareness", "Won": "won:Purchase", "Lost": "lost:Engagement"}
DEALS = "id,title,account,owner,stage,started,closed,amount\n"
GOOD = "1,Kiln,Acme,Ann Lee,Open,2017-01-02,,10"


@pytest.fixture
def plan(tmp_path, pipeline):
    def plan(text: str, kind: str = "deals", **choices):
        path = tmp_path / "file.csv"
        path.write_text(text)
        stages = STAGES if kind == "deals" else {}
        return plan_import(path, Choices(**({"kind": kind, "stages": stages, "currency": "USD"} | choices)))

    return plan


def counts(outcomes) -> tuple:
    total = outcomes.created + outcomes.updated + outcomes.unchanged + outcomes.failed + outcomes.held_back
    assert outcomes.read == total
    return outcomes.created, outcomes.updated, outcomes.unchanged, outcomes.failed, outcomes.held_back


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (",Kiln,,,Open,,,", "id", "needed"),
        ("2,,,,Open,,,", "title", "needed"),
        ("2," + "x" * 161 + ",,,Open,,,", "title", "161 characters"),
        ("2,Kiln," + "x" * 161 + ",,Open,,,", "account", "161 characters"),
        ("2,Kiln,,,Fishing,,,", "stage", "Fishing"),
        ("2,Kiln,,,,,,", "stage", "needed"),
        ("2,Kiln,,,Open,2017-02-29,,", "started", "no day"),
        ("2,Kiln,,,Open,2199-01-01,,", "started", "future"),
        ("2,Kiln,,,Won,2017-02-01,2017-01-31,", "closed", "before it begins"),
        ("2,Kiln,,,Won,2017-02-01,,", "closed", "blank"),
        ("2,Kiln,,,Lost,2017-02-01,2199-01-01,", "closed", "future"),
        ("2,Kiln,,,Open,,,-5", "amount", "negative"),
        ("2,Kiln,,,Open,,,1e308", "amount", "not an amount"),
        ("2,Kiln,,,Open,,,NaN", "amount", "not an amount"),
        ("2,Kiln,,,Open,,,1,054.00", "", "9 cells, the header 8"),
        ("1,Kiln,,,Open,,,", "", "same deal as in row 2"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_are_taken(plan, row, column, says):
    outcomes = run_import(plan(f"{DEALS}{GOOD}\n{row}\n3,Mill,,,Open,,,5\n", per_row=True))
    assert counts(outcomes) == (2, 0, 0, 1, 0)
    (problem,) = outcomes.problems
    assert (problem.row, problem.column) == (3, column)
    assert says in problem.reason
    assert set(Deal.objects.values_list("external_id", flat=True)) == {"1", "3"}
    assert list(differences()) == []


def test_all_or_nothing_writes_nothing_when_a_row_is_bad(plan):
    outcomes = run_import(plan(f"{DEALS}{GOOD}\n2,Kiln,,,Open,,,-5\n"))
    assert counts(outcomes) == (0, 0, 0, 1, 1)
    assert not Deal.objects.exists()
    assert not Account.objects.exists()


def test_all_or_nothing_also_takes_back_what_only_the_database_refuses(plan, alice):
    User.objects.create_user("other@example.com", name=alice.name)
    text = f"{DEALS}{GOOD}\n2,Kiln,,{alice.name},Open,,,5\n"
    outcomes = run_import(plan(text))
    assert counts(outcomes) == (0, 0, 0, 1, 1)
    assert "2 people here" in outcomes.problems[0].reason
    assert not Deal.objects.exists()
    assert counts(run_import(plan(text, per_row=True))) == (1, 0, 0, 1, 0)


def test_a_dry_run_counts_and_leaves_nothing(plan):
    assert counts(run_import(plan(f"{DEALS}{GOOD}\n"), dry_run=True)) == (1, 0, 0, 0, 0)
    assert not Deal.objects.exists()
    assert not Account.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(("per_row", "kept"), [(True, 4), (False, 0)])
def test_stopped_in_the_middle_it_has_whole_batches_and_can_be_completed(plan, monkeypatch, per_row, kept):
    monkeypatch.setattr(imports, "BATCH", 2)
    text = DEALS + "".join(f"{n},Deal {n},Acme,Ann,Won,2017-01-02,2017-02-03,{n}\n" for n in range(1, 8))

    def stop(doing: str, done: int, total: int) -> None:
        if doing == "imported" and done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(plan(text, per_row=per_row), on_progress=stop)
    assert Deal.objects.count() == kept
    assert DealEvent.objects.count() == 2 * kept
    assert list(differences()) == []
    assert counts(run_import(plan(text, per_row=per_row))) == (7 - kept, 0, kept, 0, 0)
    assert list(differences()) == []
    assert sum(BoardCell.objects.values_list("amount", flat=True)) == 2800


def test_owners_who_are_not_here_are_made_and_cannot_sign_in(plan, alice):
    run_import(plan(f"{DEALS}{GOOD}\n2,Mill,,{alice.name.upper()},Open,,,\n3,Oven,,{alice.email},Open,,,\n"))
    ann = User.objects.get(name="Ann Lee")
    assert (ann.email, ann.is_active, ann.has_usable_password()) == ("ann-lee@imported.invalid", False, False)
    assert Deal.objects.filter(owner=alice).count() == 2


def test_accounts_are_made_once_whatever_their_spelling(plan):
    run_import(plan(f"{DEALS}{GOOD}\n2,Mill,ACME,,Open,,,\n3,Oven,,,Open,,,\n"))
    (acme,) = Account.objects.all()
    assert acme.deals.count() == 2
    assert Deal.objects.get(external_id="3").account is None


def test_the_board_has_the_totals(plan):
    run_import(
        plan(f"{DEALS}{GOOD}\n2,Mill,,,Won,2017-01-02,2017-02-03,20\n3,Oven,,,Lost,2017-01-02,2017-02-03,4\n")
    )
    cells = {str(cell.stage): (cell.deals, cell.amount) for cell in BoardCell.objects.exclude(deals=0)}
    assert cells == {"Awareness": (1, 1000), "Purchase": (1, 2000)}
    assert not Deal.objects.filter(next_step__isnull=False).exists()


def test_a_source_is_found_or_made(plan):
    head = DEALS.strip() + ",lead source\n"
    run_import(plan(f"{head}{GOOD},Webinar\n2,Mill,,,Open,,,,Billboard\n"))
    assert Deal.objects.get(external_id="1").source == Source.objects.get(name="Webinar")
    assert Deal.objects.get(external_id="2").source.name == "Billboard"


def test_an_ambiguous_column_must_be_told(plan):
    text = f"{DEALS}1,Kiln,,,Open,01/02/2017,,10\n"
    with pytest.raises(DomainError, match="“started” does not show whether the day or the month"):
        plan(text)
    run_import(plan(text, date_order="dmy"))
    assert Deal.objects.get().started_at.month == 1  # 31 January in UTC is 1 February in Berlin
    with pytest.raises(DomainError, match="comma or point"):
        plan(f'{DEALS}1,Kiln,,,Open,,,"1,054"\n')


def test_a_column_that_mixes_two_orders_is_refused(plan):
    with pytest.raises(DomainError, match="row 2 has the day first, row 3 the month"):
        plan(f"{DEALS}1,Kiln,,,Open,13/02/2017,,\n2,Kiln,,,Open,02/13/2017,,\n")


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ({"columns": {"colour": "title"}}, "no field “colour”"),
        ({"columns": {"title": "nothing"}}, "no column “nothing”"),
        ({"columns": {"title": "{nothing}"}}, "no column “nothing”"),
        ({"columns": {"title": ""}}, "No column is mapped to “title”"),
        ({"stages": {"Won": "won:Awareness"}}, "no stage of won deals"),
        ({"stages": {"Won": "Fishing"}}, "no stage “Fishing”"),
        ({"kind": "boats"}, "cannot be imported"),
        ({"date_order": "xyz"}, "order of dates"),
        ({"origin": "demo"}, "taken"),
        ({"currency": "dollars"}, "three letters"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(plan, choices, says):
    with pytest.raises(DomainError, match=says):
        plan(f"{DEALS}{GOOD}\n", **choices)


def test_a_title_can_be_put_together(plan):
    text = "id,product,account,stage\n1,GTX,Acme,Open\n2,GTX,,Open\n"
    run_import(plan(text, columns={"title": "{account}: {product}"}))
    assert list(Deal.objects.order_by("pk").values_list("title", flat=True)) == ["Acme: GTX", "GTX"]


def test_accounts_are_updated_by_what_the_file_says(plan):
    head = "account,sector,employees,subsidiary_of\n"
    assert counts(run_import(plan(f"{head}Bolt,retail,12,Acme\nAcme,,,\n", "accounts"))) == (2, 0, 0, 0, 0)
    bolt = Account.objects.get(name="Bolt")
    assert (bolt.industry, bolt.employees, bolt.parent.name, bolt.search) == ("retail", 12, "Acme", "bolt")
    text = f"{head}Bolt,,13,Acme\nAcme,,,\n"
    assert counts(run_import(plan(text, "accounts"))) == (0, 1, 1, 0, 0)
    assert counts(run_import(plan(text, "accounts"))) == (0, 0, 2, 0, 0)
    bolt.refresh_from_db()
    assert (bolt.industry, bolt.employees) == ("retail", 13)


def test_an_account_that_a_deal_named_first_gets_its_id_later(plan):
    run_import(plan(f"{DEALS}{GOOD}\n"))
    assert counts(run_import(plan("id,name\nA-1,Acme\n", "accounts"))) == (0, 1, 0, 0, 0)
    assert Account.objects.get().external_id == "A-1"
    run_import(plan(f"{DEALS}{GOOD}\n2,Mill,Acme,,Open,,,\n"))
    assert Account.objects.count() == 1


def test_contacts_have_an_account_and_a_valid_address(plan):
    text = "first name,last name,email,company\nEve,Ek,eve@acme.example,Acme\nBo,Ek,not an address,Acme\n"
    outcomes = run_import(plan(text, "contacts", per_row=True))
    assert counts(outcomes) == (1, 0, 0, 1, 0)
    assert "not an e-mail address" in outcomes.problems[0].reason
    eve = Contact.objects.get()
    assert (eve.name, eve.account.name) == ("Eve Ek", "Acme")
    assert run_import(plan(text, "contacts", per_row=True)).unchanged == 1


def test_people_have_teams_that_their_managers_lead(plan, alice):
    text = f"name,manager\nAnn Lee,Mo Ma\nBo Li,Mo Ma\n{alice.name},Mo Ma\n"
    assert counts(run_import(plan(text, "people"))) == (2, 0, 1, 0, 0)
    team, mo = Team.objects.get(name="Team Mo Ma"), User.objects.get(name="Mo Ma")
    assert {user.name for user in team.members.all()} == {"Ann Lee", "Bo Li"}
    assert (list(team.leads.all()), mo.role, mo.is_active) == ([mo], "manager", False)
    alice.refresh_from_db()
    assert alice.team.name == "Field team"
    assert counts(run_import(plan(text, "people"))) == (0, 0, 3, 0, 0)


def test_a_formula_in_a_workbook_is_a_problem_of_its_cell(tmp_path, pipeline):
    book = Workbook()
    for row in (["id", "title", "stage", "amount"], [1, "Kiln", "Open", 5], [2, "Mill", "Open", "=1+1"]):
        book.active.append(row)
    book.save(tmp_path / "file.xlsx")
    plan = plan_import(tmp_path / "file.xlsx", Choices(kind="deals", stages=STAGES, per_row=True))
    outcomes = run_import(plan)
    assert counts(outcomes) == (1, 0, 0, 1, 0)
    assert (outcomes.problems[0].row, outcomes.problems[0].column) == (3, "amount")
    assert Deal.objects.get().external_id == "1"


def command(tmp_path, *lines, **options):
    path = tmp_path / "file.csv"
    path.write_text(DEALS + "\n".join(lines) + "\n")
    options = {"kind": "deals", "stages": ["Open=Awareness"], "currency": "USD"} | options
    call_command("import_csv", path, **options)


def test_the_command_says_how_it_reads_the_file_and_what_came_of_it(tmp_path, pipeline, capsys):
    command(tmp_path, GOOD)
    command(tmp_path, GOOD)
    said = capsys.readouterr().out
    assert "started = started" in said
    assert "stage Open = Awareness" in said
    assert "1 of 1 rows imported (100%" in said
    assert "1 rows: 1 new, 0 changed, 0 already known" in said
    assert "1 rows: 0 new, 0 changed, 1 already known" in said


def test_the_command_writes_the_bad_rows_to_a_file_that_is_inert_and_private(tmp_path, pipeline, capsys):
    bad = tmp_path / "bad.csv"
    command(tmp_path, GOOD, "2, =cmd(),,,Open,,,-5", per_row=True, problems=bad)
    with bad.open(encoding="utf-8-sig", newline="") as file:
        (problem,) = csv.DictReader(file)
    assert (problem["row"], problem["column"], problem["title"]) == ("3", "amount", "'=cmd()")
    assert stat.S_IMODE(bad.stat().st_mode) == 0o600
    assert "row 3, amount: An amount cannot be negative." in capsys.readouterr().err


def test_the_command_fails_where_nothing_was_written(tmp_path, pipeline):
    with pytest.raises(CommandError, match=r"1 held back\. Nothing was written"):
        command(tmp_path, GOOD, "2,Mill,,,Open,,,-5")
    with pytest.raises(CommandError, match="WORD=STAGE"):
        command(tmp_path, GOOD, stages=["Open"])
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_csv", tmp_path / "none.csv", kind="deals")


def test_the_mapping_can_be_a_file(tmp_path, pipeline):
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"stages": {"Open": "Interest"}, "columns": {"title": "{id} {title}"}}))
    command(tmp_path, GOOD, mapping=mapping, stages=[])
    assert (Deal.objects.get().title, Deal.objects.get().stage.slug) == ("1 Kiln", "interest")
    mapping.write_text('{"colour": "red"}')
    with pytest.raises(CommandError, match="unknown entry “colour”"):
        command(tmp_path, GOOD, mapping=mapping)
