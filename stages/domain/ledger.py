"""Reading and appending the ledger. Nobody else creates a DealEvent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from funnelcrm.errors import DomainError
from stages.models import DealEvent, LedgerOpen

# The values of a deal that every event repeats, by their names on the event.
SNAPSHOT = (
    "title",
    "amount",
    "currency",
    "owner_id",
    "source_id",
    "expected_close",
    "probability",
    "customer_id",
    "referrer_id",
)
CLOCK_SKEW = timedelta(minutes=5)


def histories(deal_ids: Iterable[int]) -> dict[int, list[DealEvent]]:
    """The events of each deal, in the order recorded."""
    found: dict[int, list[DealEvent]] = defaultdict(list)
    for event in DealEvent.objects.filter(deal__in=list(deal_ids)).order_by("deal_id", "seq"):
        found[event.deal_id].append(event)
    return found


def check_time(event: DealEvent) -> None:
    """Refuse what has not happened yet: a figure "as of now" could never include it."""
    if event.at > now() + CLOCK_SKEW:
        raise DomainError("This lies in the future. Only what has happened can be recorded.")


def erase_events(deal_ids: Iterable[int], *, reason: str) -> int:
    """Remove the events of deals that shall leave no trace (demo data, erasure). How many went."""
    with transaction.atomic():
        key = LedgerOpen.objects.create(reason=reason)
        count, _ = DealEvent.objects.filter(deal__in=list(deal_ids)).delete()
        key.delete()
    return count
