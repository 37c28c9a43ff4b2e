"""What happened to a deal, in words a salesperson uses."""

from django.utils.timesince import timesince
from django.utils.timezone import now

from stages.models import DealEvent

Kind = DealEvent.Kind


def what(event: DealEvent) -> str:
    """The predicate of a sentence about an event: "moved this to Purchase"."""
    match event.kind:
        case Kind.CREATED:
            return f"added this in {event.to_stage}"
        case Kind.MOVED:
            return f"moved this to {event.to_stage}"
        case Kind.LOST:
            return "marked this as lost" + (f" ({event.reason})" if event.reason else "")
        case Kind.REOPENED:
            return "reopened this"
        case Kind.REVISED:
            return "changed this"
        case Kind.DELETED:
            return "deleted this"
        case Kind.RESTORED:
            return "restored this"
    return _taken_back(event.voids) if event.voids_id else "took something back"


def _taken_back(event: DealEvent) -> str:
    match event.kind:
        case Kind.MOVED:
            return f"moved this back to {event.from_stage}"
        case Kind.LOST:
            return "took the loss back"
        case Kind.REOPENED:
            return "took the reopening back"
        case Kind.DELETED:
            return "brought this back"
        case Kind.VOIDED:
            return what(event.voids)
    return "took a change back"


def who_did_what(event: DealEvent) -> str:
    """A whole sentence: "Jonas Lind moved this to Purchase 1 minute ago."."""
    who = event.actor.name if event.actor_id else "An import"
    since = timesince(event.recorded_at, depth=1)
    ago = "just now" if (now() - event.recorded_at).total_seconds() < 60 else f"{since} ago"
    return f"{who} {what(event)} {ago}.".replace("\xa0", " ")
