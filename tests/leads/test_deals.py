"""What can be done with a deal, and what the ledger and the row say afterwards."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from funnelcrm.errors import DomainError, Gone, Missing, Stale
from leads.domain.deals import (
    assign_deals,
    create_deal,
    delete_deal,
    lose_deal,
    move_deal,
    move_deals,
    reopen_deal,
    revise_deal,
)
from leads.models import Deal
from stages.models import DealEvent, LossReason
from tests.factories import make_deal

pytestmark = pytest.mark.usefixtures("clean_audit")

Kind = DealEvent.Kind


def kinds(deal: Deal) -> list[str]:
    return [event.kind for event in deal.events.order_by("seq")]


def test_a_new_deal_has_entered_its_stage(stages, alice):
    deal = create_deal(
        title="Line 3", stage=stages["interest"], by=alice, owner=alice, amount=Decimal(5), currency="EUR"
    )

    event = deal.events.get()
    assert (event.kind, event.to_stage, event.actor, event.seq) == ("created", stages["interest"], alice, 1)
    assert (event.amount, event.currency, event.owner, event.title) == (Decimal(5), "EUR", alice, "Line 3")
    deal.refresh_from_db()
    assert (deal.stage, deal.status, deal.version) == (stages["interest"], "open", 1)


def test_creating_twice_with_one_key_makes_one_deal(stages, alice):
    key = uuid4()

    first = create_deal(title="Line 3", stage=stages["interest"], by=alice, operation=key)
    second = create_deal(title="Line 3", stage=stages["interest"], by=alice, operation=key)

    assert first == second
    assert Deal.objects.count() == 1


def test_a_move_is_an_event_and_the_row_follows(deal, stages, alice):
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=alice)

    deal.refresh_from_db()
    assert (deal.stage, deal.version) == (stages["engagement"], 2)
    event = deal.events.last()
    assert (event.kind, event.from_stage, event.to_stage) == (
        "moved",
        stages["evaluation"],
        stages["engagement"],
    )
    assert deal.stage_entered_at == event.at


def test_entering_the_first_won_stage_is_the_win(deal, stages, alice):
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice)
    deal.refresh_from_db()
    won_at = deal.won_at
    assert deal.status == "won"

    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["loyalty"], by=alice)

    deal.refresh_from_db()
    assert deal.won_at == won_at


def test_a_stale_move_is_refused_and_says_who_was_faster(deal, stages, alice, bob):
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=bob)

    with pytest.raises(Stale, match="Bob Berg moved this to Purchase just now"):
        move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=alice)

    assert kinds(deal) == ["created", "moved"]


def test_a_repeated_move_has_one_effect(deal, stages, alice):
    key = uuid4()

    for _ in range(3):
        move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=alice, operation=key)

    assert kinds(deal) == ["created", "moved"]


def test_one_key_cannot_serve_two_moves(deal, stages, alice):
    key = uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=alice, operation=key)

    with pytest.raises(DomainError, match="another move"):
        move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice, operation=key)


def test_a_drop_where_the_deal_is_changes_nothing(deal, stages, alice):
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["evaluation"], by=alice)

    assert kinds(deal) == ["created"]


def test_putting_a_card_back_within_a_minute_voids_the_slip(deal, stages, alice):
    entered = deal.stage_entered_at
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice)

    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["evaluation"], by=alice)

    deal.refresh_from_db()
    assert kinds(deal) == ["created", "moved", "voided"]
    assert (deal.stage, deal.status, deal.stage_entered_at) == (stages["evaluation"], "open", entered)


def test_moving_back_what_a_colleague_moved_is_a_real_move(deal, stages, alice, bob):
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=bob)

    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["evaluation"], by=alice)

    assert kinds(deal) == ["created", "moved", "moved"]


def test_somebody_elses_deal_is_not_there(deal, stages, charlie):
    with pytest.raises(Gone):
        move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=charlie)


def test_a_loss_needs_a_reason_and_other_needs_a_note(deal, alice):
    other = LossReason.objects.get(name="Other")

    with pytest.raises(Missing, match="why"):
        lose_deal(deal_id=deal.pk, seen=1, reason=None, by=alice)
    with pytest.raises(Missing, match="note"):
        lose_deal(deal_id=deal.pk, seen=1, reason=other, by=alice)

    assert kinds(deal) == ["created"]


def test_a_lost_deal_leaves_the_board_and_reopening_brings_it_back(deal, stages, alice):
    price = LossReason.objects.get(name="Price")
    lose_deal(deal_id=deal.pk, seen=1, reason=price, by=alice)
    deal.refresh_from_db()
    assert (deal.status, deal.on_board, deal.loss_reason) == ("lost", False, price)

    reopen_deal(deal_id=deal.pk, seen=2, by=alice)

    deal.refresh_from_db()
    assert (deal.status, deal.on_board, deal.lost_at, deal.stage) == (
        "open",
        True,
        None,
        stages["evaluation"],
    )


def test_losing_a_customer_is_churn_and_the_win_stands(stages, alice):
    deal = make_deal(stages["loyalty"], alice)

    lose_deal(deal_id=deal.pk, seen=1, reason=LossReason.objects.get(name="Price"), by=alice)

    deal.refresh_from_db()
    assert deal.status == "churned"
    assert deal.won_at is not None


def test_a_lost_deal_does_not_move(deal, stages, alice):
    lose_deal(deal_id=deal.pk, seen=1, reason=LossReason.objects.get(name="Price"), by=alice)

    with pytest.raises(DomainError, match="Reopen"):
        move_deal(deal_id=deal.pk, seen=2, to_stage=stages["engagement"], by=alice)


def test_a_revision_keeps_the_values_of_that_time(deal, alice, bob):
    revise_deal(
        deal_id=deal.pk,
        seen=1,
        by=alice,
        changes={"amount": Decimal("48000"), "currency": "EUR", "title": "Mill only"},
    )
    assign_deals(seen={deal.pk: 2}, owner=bob, by=alice)

    first, second = deal.events.filter(kind="revised").order_by("seq")
    assert (first.amount, first.owner, first.title) == (Decimal("48000"), alice, "Mill only")
    assert (second.amount, second.owner) == (Decimal("48000"), bob)
    deal.refresh_from_db()
    assert (deal.owner, deal.search) == (bob, "mill only")


def test_a_revision_that_changes_nothing_is_no_event(deal, alice):
    revise_deal(
        deal_id=deal.pk, seen=1, by=alice, changes={"title": deal.title, "amount": None, "currency": "EUR"}
    )

    assert kinds(deal) == ["created"]


def test_a_deleted_deal_is_gone_for_everybody(deal, alice, ada):
    delete_deal(deal_id=deal.pk, seen=1, by=alice)

    assert not Deal.objects.visible_to(alice).exists()
    assert not Deal.objects.visible_to(ada).exists()


def test_a_bulk_move_moves_what_it_can_and_names_the_rest(stages, alice, bob):
    deals = [make_deal(stages["interest"], alice, f"Deal {letter}") for letter in "ABC"]
    move_deal(deal_id=deals[1].pk, seen=1, to_stage=stages["purchase"], by=bob)

    outcome = move_deals(seen={deal.pk: 1 for deal in deals}, to_stage=stages["evaluation"], by=alice)

    assert [str(deal) for deal in outcome.changed] == ["Deal A", "Deal C"]
    assert [(str(deal), reason) for deal, reason in outcome.refused] == [
        ("Deal B", "Bob Berg moved this to Purchase just now.")
    ]
    assert DealEvent.objects.filter(operation=deals[0].events.last().operation).count() == 2


def test_nothing_is_recorded_in_the_future(stages, alice):
    with pytest.raises(DomainError, match="future"):
        make_deal(stages["interest"], alice, at=now() + timedelta(hours=1))


def test_a_move_costs_at_most_eight_queries(deal, stages, alice):
    alice.scope  # noqa: B018 -- read once per request, before the move

    with CaptureQueriesContext(connection) as queries:
        move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice)

    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 8
