"""What a worker does after a win, and that it does it once."""

from datetime import timedelta

import pytest

from leads.domain import follow_up
from leads.domain.deals import move_deal
from leads.domain.touchpoints import plan_step
from leads.models import Touchpoint
from stages.models import Outbox, TouchpointType


@pytest.fixture
def won(deal, stages, alice):
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=alice)
    return deal


def test_a_win_without_a_next_step_gets_one_in_the_rhythm_of_its_stage(won, alice, organisation):
    assert follow_up.drain() == 1

    won.refresh_from_db()
    assert (won.next_step.summary, won.next_step.owner) == ("Onboarding call", alice)
    assert won.next_step.due_on == organisation.today() + timedelta(days=10)
    assert Outbox.objects.count() == 0


def test_draining_again_does_nothing(won):
    follow_up.drain()

    assert follow_up.drain() == 0
    assert Touchpoint.objects.count() == 1


def test_what_the_rep_planned_stays(won, alice, organisation):
    call = TouchpointType.objects.get(name="Call")
    plan_step(deal_id=won.pk, type=call, summary="Thank them", due_on=organisation.today(), by=alice)

    follow_up.drain()

    assert [point.summary for point in Touchpoint.objects.all()] == ["Thank them"]


def test_a_failing_row_is_tried_five_times_and_hurts_no_other(won, stages, alice, monkeypatch):
    def fail(deal):
        raise RuntimeError("no")

    monkeypatch.setitem(follow_up.EFFECTS, "won", fail)
    for _ in range(7):
        assert follow_up.drain() == 0

    assert Outbox.objects.get().attempts == 5
