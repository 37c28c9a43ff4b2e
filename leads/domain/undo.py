"""Taking back a gesture: ten minutes long, whatever it touched, unless somebody built on it since."""

from datetime import timedelta
from uuid import UUID

from django.utils.timezone import now

from funnelcrm.errors import DomainError, Gone, Stale
from funnelcrm.models import User
from leads.domain.change import DealChange, deal_change
from leads.domain.deals import Outcome
from leads.models import Deal
from leads.queries.wording import who_did_what
from stages.models import DealEvent

Kind = DealEvent.Kind
WINDOW = timedelta(minutes=10)
NEVER_ADDED = "Undone right after it was added."


def undo(*, operation: UUID, by: User, key: UUID | None = None) -> Outcome:
    """Void what one gesture of this person did.

    An undone move never counts in any figure. A deal that has changed since is
    left alone and named with the reason; if that is all of them we raise `Stale`.
    `key` makes a repeated request harmless.
    """
    events = list(DealEvent.objects.filter(operation=operation, actor=by).order_by("deal_id", "seq"))
    if not events:
        raise Gone("There is nothing to undo.")
    if now() - events[-1].recorded_at > WINDOW:
        raise DomainError("Undo is open for ten minutes, and they have passed.")
    outcome = Outcome()
    with deal_change(by=by, operation=key) as change:
        # Also a deal that this very gesture gave away, or deleted, and that one no longer sees.
        for deal in change.lock({event.deal_id for event in events}, visible=False):
            _undo_one(change, deal, [event for event in events if event.deal_id == deal.pk], outcome)
    if outcome.refused and not outcome.changed:
        raise Stale(outcome.refused[0][1])
    return outcome


def _undo_one(change: DealChange, deal: Deal, done: list[DealEvent], outcome: Outcome) -> None:
    history = change.history[deal.pk]
    undone = _undone(history)
    # What was taken back itself stands in nobody's way: gestures are undone one after the other.
    later = [event for event in history if event.seq > done[-1].seq and event.kind != Kind.VOIDED]
    later = [event for event in later if event.pk not in undone]
    created = any(event.kind == Kind.CREATED for event in done)
    if created and later and later[-1].note == NEVER_ADDED:
        outcome.changed.append(deal)  # likewise: an addition is taken back by a deletion
    elif later:
        outcome.refused.append((deal, _why_not(change, deal, later[-1])))
    elif {event.pk for event in done} <= undone:
        outcome.changed.append(deal)  # undone before: the request is a repetition
    elif created:
        change.append(deal, Kind.DELETED, note=NEVER_ADDED)
        outcome.changed.append(deal)
    else:
        for event in reversed(done):
            change.append(deal, Kind.VOIDED, voids=event)
        outcome.changed.append(deal)


def _undone(history: list[DealEvent]) -> set[int]:
    """The ids of events that no longer count. A void can be voided itself."""
    undone: set[int] = set()
    for event in sorted(history, key=lambda event: event.seq, reverse=True):
        if event.kind == Kind.VOIDED and event.pk not in undone:
            undone.add(event.voids_id)
    return undone


def _why_not(change: DealChange, deal: Deal, latest: DealEvent) -> str:
    """The reason, without a word about a deal that has left the person's sight meanwhile."""
    scope = change.by.scope
    if scope.everything or deal.owner_id in scope.owner_ids:
        return f"“{deal}” has changed since: {who_did_what(latest)}"
    return "This deal has changed since."
