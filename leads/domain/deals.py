"""What can be done with a deal. Each function is one transaction and one gesture of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.timezone import now

from funnelcrm.errors import DomainError, Missing, Stale
from funnelcrm.models import User
from leads.domain.change import DealChange, deal_change, search_text
from leads.models import Account, Deal
from leads.queries.wording import who_did_what
from stages.models import DealEvent, LossReason, Source, Stage

Kind = DealEvent.Kind

# A card put back this soon by the same hand was a slip: the move is voided and never counts.
SLIP = timedelta(seconds=60)


@dataclass(slots=True)
class Outcome:
    """What came of a gesture on several deals: those changed, and those refused with the reason."""

    changed: list[Deal] = field(default_factory=list)
    refused: list[tuple[Deal, str]] = field(default_factory=list)


def create_deal(
    *,
    title: str,
    stage: Stage,
    by: User | None,
    account: Account | None = None,
    owner: User | None = None,
    amount: Decimal | None = None,
    currency: str = "",
    source: Source | None = None,
    expected_close: date | None = None,
    operation: UUID | None = None,
    at: datetime | None = None,
) -> Deal:
    """Begin a deal in a stage. The same `operation` again answers with the deal that it made before."""
    if made := _made_by(operation, by):
        return made
    check_stage(stage)
    with deal_change(by=by, operation=operation, at=at) as change:
        deal = Deal.objects.create(
            title=title,
            search=search_text(title, account),
            account=account,
            owner=owner,
            amount=amount,
            currency=currency if amount is not None else "",
            source=source,
            expected_close=expected_close,
            stage=stage,
            stage_entered_at=change.at,
            started_at=change.at,
            won_at=change.at if stage.is_won else None,
            status=Deal.Status.WON if stage.is_won else Deal.Status.OPEN,
        )
        change.append(deal, Kind.CREATED, to_stage=stage)
    return deal


def _made_by(operation: UUID | None, by: User | None) -> Deal | None:
    """The deal that this very request made before, if it is a repetition."""
    if operation is None:
        return None
    return Deal.objects.filter(
        events__operation=operation, events__actor=by, events__kind=Kind.CREATED
    ).first()


def move_deal(*, deal_id: int, seen: int, to_stage: Stage, by: User, operation: UUID | None = None) -> Deal:
    """Move a deal to another stage.

    `seen` is the version that the person saw. If the deal has changed meanwhile
    we raise `Stale` rather than undo a colleague's work. Dropping a deal where
    it already is changes nothing, and a repeated request has one effect.
    """
    with deal_change(by=by, operation=operation) as change:
        (deal,) = change.lock([deal_id])
        _move(change, deal, seen, to_stage)
    return deal


def move_deals(
    *, seen: Mapping[int, int], to_stage: Stage, by: User, operation: UUID | None = None
) -> Outcome:
    """Move several deals, each from the version seen. What is refused stays; the rest moves."""
    return _each(seen, by, operation, lambda change, deal: _move(change, deal, seen[deal.pk], to_stage))


def lose_deal(
    *,
    deal_id: int,
    seen: int,
    reason: LossReason | None,
    by: User,
    note: str = "",
    operation: UUID | None = None,
) -> Deal:
    """Mark a deal as lost in the stage where it is. In a won stage the customer is gone: churn."""
    check_reason(reason, note)
    with deal_change(by=by, operation=operation) as change:
        (deal,) = change.lock([deal_id])
        _lose(change, deal, seen, reason, note)
    return deal


def lose_deals(
    *,
    seen: Mapping[int, int],
    reason: LossReason | None,
    by: User,
    note: str = "",
    operation: UUID | None = None,
) -> Outcome:
    """Mark several deals as lost for one reason."""
    check_reason(reason, note)
    return _each(seen, by, operation, lambda change, deal: _lose(change, deal, seen[deal.pk], reason, note))


def assign_deals(*, seen: Mapping[int, int], owner: User, by: User, operation: UUID | None = None) -> Outcome:
    """Give several deals to one person."""

    def assign(change: DealChange, deal: Deal) -> None:
        if _repeated_or_stale(change, deal, seen[deal.pk]) or deal.owner_id == owner.pk:
            return
        deal.owner = owner
        change.append(deal, Kind.REVISED)

    return _each(seen, by, operation, assign)


def reopen_deal(*, deal_id: int, seen: int, by: User, operation: UUID | None = None) -> Deal:
    """Take a loss back because the buyer came back: the deal goes on in the stage it was lost from."""
    with deal_change(by=by, operation=operation) as change:
        (deal,) = change.lock([deal_id])
        if not _repeated_or_stale(change, deal, seen):
            if not deal.is_lost:
                raise DomainError("This deal is not lost, so there is nothing to reopen.")
            change.append(deal, Kind.REOPENED, to_stage=change.stages[deal.stage_id])
    return deal


def revise_deal(
    *, deal_id: int, seen: int, by: User, changes: Mapping[str, object], operation: UUID | None = None
) -> Deal:
    """Change a deal's title or values. `changes` holds only fields that a person may edit."""
    with deal_change(by=by, operation=operation) as change:
        (deal,) = change.lock([deal_id])
        if _repeated_or_stale(change, deal, seen):
            return deal
        if changes.get("amount", deal.amount) is None:
            changes = {**changes, "currency": ""}  # no amount, no currency
        changed = {name: value for name, value in changes.items() if getattr(deal, name) != value}
        if not changed:
            return deal
        for name, value in changed.items():
            setattr(deal, name, value)
        change.append(deal, Kind.REVISED)
    return deal


def delete_deal(*, deal_id: int, seen: int, by: User, operation: UUID | None = None) -> Deal:
    """Delete a deal: it leaves every list and figure, the past ones too. Undo brings it back."""
    with deal_change(by=by, operation=operation) as change:
        (deal,) = change.lock([deal_id])
        if not _repeated_or_stale(change, deal, seen):
            change.append(deal, Kind.DELETED)
    return deal


def check_stage(stage: Stage) -> None:
    """Raise where no deal can go."""
    if stage.archived_at:
        raise DomainError(f"“{stage}” is no longer in use. Choose another stage.")


def check_reason(reason: LossReason | None, note: str) -> None:
    """Raise `Missing` unless the reason of a loss is complete."""
    if reason is None:
        raise Missing("Say why the deal was lost.", fields=("reason",))
    if reason.needs_note and not note.strip():
        raise Missing(f"“{reason}” needs a short note: what happened?", fields=("note",))


def _move(change: DealChange, deal: Deal, seen: int, to_stage: Stage) -> None:
    if repeated := change.already_done(deal):
        _check_same_request(change, repeated, to_stage)
        return
    _check_seen(change, deal, seen)
    from_stage = change.stages[deal.stage_id]
    if deal.is_lost:
        raise DomainError("This deal is lost. Reopen it before you move it.")
    if to_stage.pk == from_stage.pk:
        return
    if to_stage.pipeline_id != from_stage.pipeline_id:
        raise DomainError("This stage belongs to another pipeline.")
    check_stage(to_stage)
    if slip := _slip(change, deal, to_stage):
        change.append(deal, Kind.VOIDED, voids=slip)
        return
    change.append(deal, Kind.MOVED, from_stage=from_stage, to_stage=to_stage)
    if to_stage.is_won:
        change.follow_up("won", deal)


def _lose(change: DealChange, deal: Deal, seen: int, reason: LossReason, note: str) -> None:
    if _repeated_or_stale(change, deal, seen):
        return
    if deal.is_lost:
        raise DomainError("This deal is already lost.")
    change.append(deal, Kind.LOST, from_stage=change.stages[deal.stage_id], reason=reason, note=note)


def _slip(change: DealChange, deal: Deal, to_stage: Stage) -> DealEvent | None:
    """The move that this one takes back, if it was made by the same hand less than a minute ago."""
    last = change.history[deal.pk][-1]
    by_same_hand = change.by is not None and last.actor_id == change.by.pk
    back = last.kind == Kind.MOVED and last.from_stage_id == to_stage.pk
    return last if by_same_hand and back and now() - last.recorded_at < SLIP else None


def _check_same_request(change: DealChange, repeated: DealEvent, to_stage: Stage) -> None:
    arrived = repeated.to_stage_id
    if repeated.kind == Kind.VOIDED:
        events = {event.pk: event for event in change.history[repeated.deal_id]}
        arrived = events[repeated.voids_id].from_stage_id
    if arrived != to_stage.pk:
        raise DomainError("This request was used before, for another move. Reload the page and try again.")


def _repeated_or_stale(change: DealChange, deal: Deal, seen: int) -> bool:
    """True where the request is a repetition; raises `Stale` where the deal is not what the person saw."""
    if change.already_done(deal):
        return True
    _check_seen(change, deal, seen)
    return False


def _check_seen(change: DealChange, deal: Deal, seen: int) -> None:
    if deal.version != seen:
        raise Stale(who_did_what(change.history[deal.pk][-1]))


def _each(seen: Mapping[int, int], by: User, operation: UUID | None, act) -> Outcome:
    outcome = Outcome()
    with deal_change(by=by, operation=operation) as change:
        for deal in change.lock(seen):
            try:
                act(change, deal)
            except DomainError as error:
                outcome.refused.append((deal, str(error)))
            else:
                outcome.changed.append(deal)
    return outcome
