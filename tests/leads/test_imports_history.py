"""An import run again: unchanged rows change nothing, changed ones tell their news, people's work stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.timezone import now

from funnelcrm.models import Organisation
from leads.domain.audit import differences
from leads.domain.deals import lose_deal, move_deal, revise_deal
from leads.domain.imports import Choices, plan_import, run_import
from leads.domain.undo import undo
from leads.models import Deal
from stages.models import DealEvent, LossReason

HEAD = "id,title,account,owner,stage,started,closed,amount,reason\n"
STAGES = {
    "Prospecting": "Awareness",
    "Engaging": "Engagement",
    "Won": "won:Engagement>Purchase",
    "Lost": "lost:Engagement",
}
ENGAGING = "7,Kiln,Acme,Ann Lee,Engaging,2017-01-02,,,"


@pytest.fixture
def run(tmp_path, pipeline):
    def run(*rows, head=HEAD):
        path = tmp_path / "deals.csv"
        path.write_text(head + "\n".join(rows) + "\n")
        choices = Choices(kind="deals", origin="old crm", stages=STAGES, currency="USD")
        outcomes = run_import(plan_import(path, choices))
        assert list(differences()) == []
        return outcomes

    return run


def the_deal() -> Deal:
    return Deal.objects.get(external_id="7")


def told() -> list[tuple]:
    """The deal's events, as (kind, stage arrived in, day)."""
    day_of = Organisation.current().day_of
    return [
        (event.kind, str(event.to_stage or ""), day_of(event.at).isoformat())
        for event in DealEvent.objects.select_related("to_stage").order_by("deal", "seq")
    ]


def test_history_days_are_kept_as_events(run):
    run("7,Kiln,Acme,Ann Lee,Won,2017-01-02,2017-03-01,1054,")
    deal = the_deal()
    assert told() == [("created", "Engagement", "2017-01-02"), ("moved", "Purchase", "2017-03-01")]
    assert (deal.status, deal.stage.slug, deal.amount, deal.currency) == ("won", "purchase", 1054, "USD")
    assert deal.started_at.isoformat() == "2017-01-01T23:00:00+00:00"  # midnight in Berlin
    event = deal.events.first()
    assert abs((now() - event.recorded_at).total_seconds()) < 60


def test_a_lost_deal_has_its_reason(run):
    run("7,Kiln,,Ann Lee,Lost,2017-01-02,2017-03-01,0,Price", "8,Mill,,Ann Lee,Lost,2017-01-02,2017-03-01,0,")
    assert told()[:2] == [("created", "Engagement", "2017-01-02"), ("lost", "", "2017-03-01")]
    assert the_deal().loss_reason.name == "Price"
    assert Deal.objects.get(external_id="8").loss_reason.name == "Not given"


def test_begun_and_closed_on_one_day_stays_in_order(run):
    run("7,Kiln,,Ann Lee,Won,2017-03-01,2017-03-01,5,")
    assert (the_deal().status, the_deal().stage.slug) == ("won", "purchase")


def test_a_deal_without_a_day_begins_with_the_import(run):
    run("7,Kiln,,Ann Lee,Prospecting,,,,")
    assert the_deal().stage.slug == "awareness"
    assert abs((now() - the_deal().started_at).total_seconds()) < 60


def test_the_same_file_twice_changes_nothing(run):
    rows = [
        ENGAGING,
        "8,Mill,,Ann Lee,Prospecting,,,,",
        "9,Oven,Acme,Bo,Won,2017-01-02,2017-03-01,5,",
        "10,Lathe,Acme,Bo,Lost,2017-01-02,2017-03-01,0,",
    ]
    assert run(*rows).created == 4
    before = list(DealEvent.objects.order_by("pk").values())
    outcomes = run(*rows)
    assert (outcomes.created, outcomes.updated, outcomes.unchanged, outcomes.failed) == (0, 0, 4, 0)
    assert list(DealEvent.objects.order_by("pk").values()) == before


def test_a_row_that_was_won_since_appends_the_win(run):
    run(ENGAGING)
    assert run("7,Kiln,Acme,Ann Lee,Won,2017-01-02,2017-03-01,1054,").updated == 1
    assert told() == [("created", "Engagement", "2017-01-02"), ("moved", "Purchase", "2017-03-01")]
    assert the_deal().amount == 1054
    assert run("7,Kiln,Acme,Ann Lee,Won,2017-01-02,2017-03-01,1054,").unchanged == 1


def test_a_row_that_was_lost_since_appends_the_loss(run):
    run(ENGAGING)
    run("7,Kiln,Acme,Ann Lee,Lost,2017-01-02,2017-03-01,0,Price")
    assert told()[1:] == [("lost", "", "2017-03-01")]
    assert the_deal().status == "lost"


def test_a_win_that_the_file_takes_back_is_voided(run):
    run("7,Kiln,Acme,Ann Lee,Won,2017-01-02,2017-03-01,1054,")
    run("7,Kiln,Acme,Ann Lee,Engaging,2017-01-02,,,")
    assert [kind for kind, *_ in told()] == ["created", "moved", "voided", "revised"]
    assert (the_deal().status, the_deal().stage.slug, the_deal().amount) == ("open", "engagement", None)
    assert run("7,Kiln,Acme,Ann Lee,Engaging,2017-01-02,,,").unchanged == 1


def test_a_corrected_first_day_rewrites_the_story(run):
    run("7,Kiln,Acme,Ann Lee,Won,2017-01-02,2017-03-01,1054,")
    run("7,Kiln,Acme,Ann Lee,Won,2017-03-01,2017-03-01,1054,")
    deal = the_deal()
    assert deal.status == "won"
    assert deal.started_at == deal.won_at
    assert [kind for kind, *_ in told()] == ["created", "moved", "voided", "voided", "created", "moved"]
    assert run("7,Kiln,Acme,Ann Lee,Won,2017-03-01,2017-03-01,1054,").unchanged == 1


def test_a_deal_that_was_undated_first_and_then_has_a_past_begins_there(run):
    run("7,Kiln,,Ann Lee,Prospecting,,,,")
    run("7,Kiln,,Ann Lee,Won,2017-01-02,2017-03-01,5,")
    deal = the_deal()
    assert (deal.status, deal.stage.slug) == ("won", "purchase")
    assert deal.started_at.year == 2017
    assert run("7,Kiln,,Ann Lee,Won,2017-01-02,2017-03-01,5,").unchanged == 1


def test_a_deal_that_was_known_before_it_was_engaged_moves(run):
    head = HEAD.replace("started", "create date")
    run("7,Kiln,,Ann Lee,Prospecting,2016-12-01,,,", head=head)
    run(ENGAGING)
    assert told() == [("created", "Awareness", "2016-12-01"), ("moved", "Engagement", "2017-01-02")]
    assert run(ENGAGING).unchanged == 1


def test_values_that_changed_in_the_file_are_revised(run):
    run(ENGAGING)
    run("7,Kiln and mill,Acme,Bo,Engaging,2017-01-02,2017-09-30,70,")
    deal = the_deal()
    assert (deal.title, deal.owner.name, deal.amount, deal.expected_close) == (
        "Kiln and mill",
        "Bo",
        Decimal(70),
        date(2017, 9, 30),
    )
    assert [kind for kind, *_ in told()] == ["created", "revised"]
    assert deal.search == "kiln and mill acme"


def test_what_people_changed_is_not_taken_back(run, ada, stages):
    run(ENGAGING)
    deal = the_deal()
    revise_deal(deal_id=deal.pk, seen=deal.version, by=ada, changes={"amount": Decimal(9), "currency": "USD"})
    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["evaluation"], by=ada)
    assert run(ENGAGING).unchanged == 1
    assert run(ENGAGING.replace("Kiln", "Mill")).updated == 1  # only the title is news
    assert run(ENGAGING.replace("Kiln", "Mill")).unchanged == 1
    deal = the_deal()
    assert (deal.title, deal.amount, deal.stage.slug) == ("Mill", Decimal(9), "evaluation")


def test_a_new_stage_in_the_file_does_not_undo_a_move_of_people(run, ada, stages):
    run(ENGAGING)
    move_deal(deal_id=the_deal().pk, seen=1, to_stage=stages["evaluation"], by=ada)
    outcomes = run("7,Kiln,Acme,Ann Lee,Won,2017-01-02,2017-03-01,1054,")
    assert outcomes.failed == 1
    assert "was moved here since" in outcomes.problems[0].reason
    assert (the_deal().stage.slug, the_deal().amount) == ("evaluation", None)


def test_a_loss_recorded_by_people_stays(run, ada):
    run(ENGAGING)
    lose_deal(deal_id=the_deal().pk, seen=1, reason=LossReason.objects.get(name="Price"), by=ada)
    assert run("7,Kiln,Acme,Ann Lee,Won,2017-01-02,2017-03-01,1054,").failed == 1
    assert the_deal().status == "lost"


def test_a_move_that_was_undone_is_no_obstacle(run, ada, stages):
    run(ENGAGING)
    move_deal(deal_id=the_deal().pk, seen=1, to_stage=stages["evaluation"], by=ada)
    undo(operation=the_deal().events.last().operation, by=ada)
    assert run("7,Kiln,Acme,Ann Lee,Won,2017-01-02,2017-03-01,1054,").updated == 1
    assert the_deal().status == "won"
