"""Taking back: what comes back, for how long, and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import now

from funnelcrm.errors import DomainError, Gone, Stale
from leads.domain import undo as undo_module
from leads.domain.deals import assign_deals, create_deal, delete_deal, move_deal, revise_deal
from leads.domain.undo import undo
from leads.models import Deal
from leads.queries.wording import what
from tests.factories import make_deal

pytestmark = pytest.mark.usefixtures("clean_audit")


def test_undoing_twice_has_one_effect(deal, stages, alice):
    key = uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice, operation=key)

    undo(operation=key, by=alice)
    undo(operation=key, by=alice)

    assert [event.kind for event in deal.events.order_by("seq")] == ["created", "moved", "voided"]


def test_an_undone_revision_gives_the_values_back(deal, alice, bob):
    key = uuid4()
    revise_deal(deal_id=deal.pk, seen=1, by=alice, changes={"title": "Renamed", "owner": bob}, operation=key)

    undo(operation=key, by=alice)

    deal.refresh_from_db()
    assert (deal.title, deal.owner, deal.search) == ("Kiln and mill package", alice, "kiln and mill package")
    assert deal.events.last().title == "Kiln and mill package"


def test_a_deal_given_away_by_mistake_comes_back(stages, mona, alice, charlie, ada):
    deal = make_deal(stages["interest"], alice)
    key = uuid4()
    assign_deals(seen={deal.pk: 1}, owner=charlie, by=mona, operation=key)

    undo(operation=key, by=mona)

    deal.refresh_from_db()
    assert deal.owner == alice


def test_a_deal_out_of_sight_is_refused_without_a_word_about_it(stages, mona, alice, charlie):
    deal = make_deal(stages["interest"], alice, "Secret")
    key = uuid4()
    assign_deals(seen={deal.pk: 1}, owner=charlie, by=mona, operation=key)
    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["purchase"], by=charlie)

    with pytest.raises(Stale, match=r"^This deal has changed since\.$"):
        undo(operation=key, by=mona)


def test_undoing_an_addition_deletes_it_and_undoing_a_deletion_restores_it(stages, alice):
    added, deleted = uuid4(), uuid4()
    first = create_deal(title="Kiln", stage=stages["interest"], by=alice, owner=alice, operation=added)
    second = make_deal(stages["interest"], alice)
    delete_deal(deal_id=second.pk, seen=1, by=alice, operation=deleted)

    undo(operation=added, by=alice)
    undo(operation=added, by=alice)
    undo(operation=deleted, by=alice)

    assert list(Deal.objects.visible_to(alice)) == [second]
    first.refresh_from_db()
    assert first.deleted_at is not None
    assert first.events.count() == 2


def test_undo_is_open_for_ten_minutes(deal, stages, alice, monkeypatch):
    key = uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice, operation=key)

    monkeypatch.setattr(undo_module, "now", lambda: now() + timedelta(minutes=11))

    with pytest.raises(DomainError, match="ten minutes"):
        undo(operation=key, by=alice)


def test_there_is_nothing_to_undo_for_others(deal, stages, alice, bob):
    key = uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice, operation=key)

    with pytest.raises(Gone):
        undo(operation=key, by=bob)


def test_gestures_are_taken_back_one_after_the_other(deal, stages, alice):
    first, second = uuid4(), uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=alice, operation=first)
    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["purchase"], by=alice, operation=second)

    undo(operation=second, by=alice)
    undo(operation=first, by=alice)

    deal.refresh_from_db()
    assert (deal.stage, deal.won_at) == (stages["evaluation"], None)


def test_a_slip_is_taken_back_too(deal, stages, alice):
    there, back = uuid4(), uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=alice, operation=there)
    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["evaluation"], by=alice, operation=back)

    undo(operation=back, by=alice)
    deal.refresh_from_db()
    assert deal.stage == stages["engagement"]

    undo(operation=there, by=alice)
    deal.refresh_from_db()
    assert deal.stage == stages["evaluation"]


def test_what_a_colleague_built_on_stays(deal, stages, alice, bob):
    first = uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["engagement"], by=alice, operation=first)
    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["purchase"], by=bob)

    with pytest.raises(Stale, match="Bob Berg moved this to Purchase"):
        undo(operation=first, by=alice)


def test_what_was_taken_back_is_said_in_plain_words(deal, stages, alice):
    first, second = uuid4(), uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice, operation=first)
    undo(operation=first, by=alice, key=second)
    assert what(deal.events.last()) == "moved this back to Evaluation"

    undo(operation=second, by=alice)

    assert what(deal.events.last()) == "moved this to Purchase"
