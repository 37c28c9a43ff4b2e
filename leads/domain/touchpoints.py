"""Next steps and touchpoints: what is planned with the buyer, and what was done."""

from datetime import date, datetime, time
from uuid import UUID

from django.utils.timezone import now

from funnelcrm.errors import DomainError, Gone
from funnelcrm.models import Organisation, User
from leads.domain.change import DealChange, deal_change
from leads.models import Deal, Touchpoint
from stages.models import TouchpointType


def plan_step(
    *,
    deal_id: int,
    type: TouchpointType,
    summary: str,
    due_on: date,
    by: User | None,
    due_time: time | None = None,
    owner: User | None = None,
    operation: UUID | None = None,
) -> Touchpoint:
    """Plan what to do next with a deal."""
    with deal_change(by=by, operation=operation) as change:
        (deal,) = change.lock([deal_id])
        step = Touchpoint.objects.create(
            deal=deal,
            type=type,
            summary=summary,
            owner=owner or deal.owner,
            stage_id=deal.stage_id,
            due_on=due_on,
            due_time=due_time,
            due_at=due_instant(due_on, due_time),
            created_by=by,
        )
        refresh_next_step(change, deal)
    return step


def reschedule_step(*, step_id: int, due_on: date, by: User, due_time: time | None = None) -> Touchpoint:
    """Move a planned step to another day."""
    with deal_change(by=by) as change:
        deal, step = _lock_step(change, step_id)
        if step.done_at:
            raise DomainError("This step is already done.")
        step.due_on, step.due_time, step.due_at = due_on, due_time, due_instant(due_on, due_time)
        step.save(update_fields=["due_on", "due_time", "due_at"])
        refresh_next_step(change, deal)
    return step


def snooze_deal(*, deal_id: int, until: date, by: User) -> Deal:
    """Let a deal rest: what is planned for an earlier day moves to `until`.

    Where nothing is planned, a step to come back to the deal is. So the card says
    `until`, unless it was further off already.
    """
    if until <= Organisation.current().today():
        raise DomainError("Choose a day to come.")
    with deal_change(by=by) as change:
        (deal,) = change.lock([deal_id])
        planned = list(deal.touchpoints.filter(done_at=None))
        if planned:
            _put_off([step for step in planned if step.due_on < until], until)
        else:
            _plan_to_come_back(deal, until, by)
        refresh_next_step(change, deal)
    return deal


def _put_off(steps: list[Touchpoint], until: date) -> None:
    for step in steps:
        step.due_on, step.due_at = until, due_instant(until, step.due_time)
        step.save(update_fields=["due_on", "due_at"])


def _plan_to_come_back(deal: Deal, until: date, by: User) -> None:
    Touchpoint.objects.create(
        deal=deal,
        type=TouchpointType.objects.filter(retired_at=None).order_by("position", "pk").first(),
        summary="Come back to this",
        owner=deal.owner,
        stage_id=deal.stage_id,
        due_on=until,
        due_at=due_instant(until, None),
        created_by=by,
    )


def complete_step(*, step_id: int, by: User, note: str = "", at: datetime | None = None) -> Touchpoint:
    """Say that a planned step was done. Doing it twice changes nothing."""
    with deal_change(by=by) as change:
        deal, step = _lock_step(change, step_id)
        if not step.done_at:
            step.done_at, step.note = at or now(), note
            step.stage_id = deal.stage_id
            step.save(update_fields=["done_at", "note", "stage"])
            refresh_next_step(change, deal)
    return step


def log_touchpoint(
    *,
    deal_id: int,
    type: TouchpointType,
    summary: str,
    by: User | None,
    note: str = "",
    at: datetime | None = None,
) -> Touchpoint:
    """Write down a touchpoint that happened."""
    with deal_change(by=by) as change:
        (deal,) = change.lock([deal_id])
        touchpoint = Touchpoint.objects.create(
            deal=deal,
            type=type,
            summary=summary,
            note=note,
            owner=by or deal.owner,
            stage_id=deal.stage_id,
            done_at=at or change.at,
            created_by=by,
        )
        refresh_next_step(change, deal)
    return touchpoint


def due_instant(due_on: date, due_time: time | None) -> datetime:
    """From when on a step is late: its time, or the end of the organisation's day where none is given."""
    organisation = Organisation.current()
    if due_time is None:
        return organisation.end_of(due_on)
    return datetime.combine(due_on, due_time, tzinfo=organisation.zone)


def refresh_next_step(change: DealChange, deal: Deal) -> None:
    """Let the deal's row show its nearest planned step and its newest touch. Needs the deal's lock."""
    planned = deal.touchpoints.filter(done_at=None).order_by("due_at", "pk").first()
    newest = deal.touchpoints.filter(done_at__isnull=False).order_by("-done_at").first()
    deal.next_step = planned
    deal.next_due_at = planned.due_at if planned else None
    deal.last_touch_at = newest.done_at if newest else None
    deal.save(update_fields=["next_step", "next_due_at", "last_touch_at"])
    change.touch(deal)


def _lock_step(change: DealChange, step_id: int) -> tuple[Deal, Touchpoint]:
    """A planned step with its deal, the deal locked first: everybody locks in this order."""
    deal_id = Touchpoint.objects.filter(pk=step_id).values_list("deal_id", flat=True).first()
    if deal_id is None:
        raise Gone("This step is no longer here.")
    (deal,) = change.lock([deal_id])
    return deal, Touchpoint.objects.get(pk=step_id)
