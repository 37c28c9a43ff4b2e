"""Next steps: planned, moved, done, snoozed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.domain.touchpoints import plan_step
from leads.models import Touchpoint
from stages.models import TouchpointType

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("clean_audit")


def test_a_step_is_planned_moved_and_done(signed_in, deal, organisation):
    call = TouchpointType.objects.get(name="Call")
    today = organisation.today()

    signed_in.post(
        reverse("leads:plan", args=[deal.pk]),
        {"type": call.pk, "summary": "Call Tomas", "due_on": today.isoformat()},
    )
    deal.refresh_from_db()
    assert deal.next_due_at == organisation.end_of(today)

    later = today + timedelta(days=7)
    signed_in.post(reverse("leads:step-reschedule", args=[deal.next_step_id]), {"day": later.isoformat()})
    deal.refresh_from_db()
    assert deal.next_step.due_on == later

    signed_in.post(reverse("leads:step-done", args=[deal.next_step_id]), {"note": "He agrees"})
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_due_at) == (None, None)
    assert Touchpoint.objects.get().note == "He agrees"
    assert deal.last_touch_at is not None


def test_snoozing_moves_the_next_step_or_makes_one(signed_in, deal, organisation):
    day = organisation.today() + timedelta(days=10)
    url = reverse("leads:snooze", args=[deal.pk])

    assert signed_in.post(url, {"day": organisation.today().isoformat()}, headers=HTMX).status_code == 422
    signed_in.post(url, {"day": day.isoformat()})
    signed_in.post(url, {"day": (day + timedelta(days=1)).isoformat()})

    deal.refresh_from_db()
    assert deal.next_step.due_on == day + timedelta(days=1)
    assert deal.touchpoints.count() == 1


def test_snoozing_puts_off_every_step_that_is_due_before(signed_in, deal, alice, organisation):
    call, today = TouchpointType.objects.get(name="Call"), organisation.today()
    for days in (1, 3, 30):
        plan_step(deal_id=deal.pk, type=call, summary="", due_on=today + timedelta(days=days), by=alice)

    signed_in.post(reverse("leads:snooze", args=[deal.pk]), {"day": (today + timedelta(days=10)).isoformat()})

    deal.refresh_from_db()
    due = sorted((step.due_on - today).days for step in deal.touchpoints.all())
    assert due == [10, 10, 30]
    assert deal.next_step.due_on == today + timedelta(days=10)
