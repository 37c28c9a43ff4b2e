"""Appending the events of many deals at once: the same ledger rules as `deal_change`, in few statements.

    with bulk_append(by=None) as bulk:
        bulk.create(deal, [event(...), ...])      # a deal that is not saved yet
        deals = bulk.lock(ids)
        bulk.append(deals[0], [event(...)])

Events are numbered on, every deal's row is what a replay of its events says, and the kept
totals are written last, in the same transaction. An import leaves no work for the workers:
what was won years ago needs no welcome.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import now

from funnelcrm.models import User
from leads.domain.change import LEDGER_FIELDS, VALUE_FIELDS, ledger_state, snapshot
from leads.domain.shares import Shares
from leads.models import Deal
from stages.domain.ledger import SNAPSHOT, check_time, histories
from stages.domain.life import places_of, replay
from stages.models import DealEvent, Stage

ROW_FIELDS = [*LEDGER_FIELDS, *VALUE_FIELDS, "search"]


class BulkAppend:
    """A unit of work on many deals. Nothing is in the database before `flush`, no total before `write`."""

    def __init__(self, *, by: User | None, operation: UUID | None, recorded_at: datetime) -> None:
        self.by, self.operation, self.recorded_at = by, operation or uuid4(), recorded_at
        self.stages: dict[int, Stage] = Stage.objects.in_bulk()
        self.places = places_of(self.stages.values())
        self.history: dict[int, list[DealEvent]] = {}
        self.shares = Shares(self.stages)
        self._new: list[tuple[Deal, list[DealEvent]]] = []
        self._changed: list[tuple[Deal, list[DealEvent]]] = []

    def lock(self, deal_ids: Iterable[int]) -> dict[int, Deal]:
        """The deals, locked in the order of their ids, with their histories."""
        wanted = set(deal_ids)
        deals = list(Deal.objects.filter(pk__in=wanted).order_by("pk").select_for_update())
        self.history |= histories(wanted)
        self.shares.know(deals)
        return {deal.pk: deal for deal in deals}

    def create(self, deal: Deal, events: list[DealEvent]) -> None:
        """Begin a deal that is not saved yet. The first event is its creation."""
        self._number(deal, [], events)
        self._new.append((deal, events))

    def tell(self, deal: Deal, events: list[DealEvent]) -> None:
        """Begin a deal that is not saved yet with a history that is whole: each event brings its
        values, its person, and when it was recorded. It can hold no voids."""
        self._follow(deal, [], events)
        self._new.append((deal, events))

    def record(self, deal: Deal, events: list[DealEvent]) -> None:
        """Begin a deal, or add to a locked one, with events that are whole: each brings its values, its
        person, when it was recorded, and its seq. A void has the event it takes back as `taken_back`."""
        before = self.history.get(deal.pk, []) if deal.pk else []
        for event in events:
            event.deal_id, event.pk = deal.pk, -event.seq
            if target := getattr(event, "taken_back", None):
                event.voids_id = target.pk
        self._replay(deal, [*before, *events])
        for event in events:
            event.pk = None
        (self._changed if deal.pk else self._new).append((deal, events))

    def append(self, deal: Deal, events: list[DealEvent]) -> None:
        """Append to a locked deal, with its values as they stand on the object."""
        self._number(deal, self.history[deal.pk], events)
        self._changed.append((deal, events))

    def flush(self) -> None:
        """Write what was collected. The kept totals wait for `write`, so that nobody waits for their rows."""
        Deal.objects.bulk_create([deal for deal, _ in self._new])
        for deal, events in self._new:
            for event in events:
                event.deal_id = deal.pk
        self._create([event for _, events in [*self._new, *self._changed] for event in events])
        for deal, _ in self._changed:
            deal.save(update_fields=ROW_FIELDS)
        for deal, _ in [*self._new, *self._changed]:
            self.shares.follow(deal)
        self._new, self._changed, self.history = [], [], {}
        self.shares.forget()

    def write(self) -> None:
        self.flush()
        self.shares.write()

    def _number(self, deal: Deal, before: list[DealEvent], events: list[DealEvent]) -> None:
        """Complete the events: who, when recorded, and the deal's values as they stand on the object."""
        kinds: set[str] = set()
        for event in events:
            event.actor, event.recorded_at = self.by, self.recorded_at
            # One gesture acts once on a deal per kind of event (constraint event_operation_once).
            event.operation = uuid4() if event.kind in kinds else self.operation
            kinds.add(event.kind)
            for name, value in snapshot(deal).items():
                setattr(event, name, value)
        self._follow(deal, before, events)

    def _follow(self, deal: Deal, before: list[DealEvent], events: list[DealEvent]) -> None:
        """Number the events, and make the deal's row say what they and those before amount to."""
        for seq, event in enumerate(events, start=before[-1].seq + 1 if before else 1):
            event.deal_id, event.seq = deal.pk, seq
            check_time(event)
            event.pk = -seq  # for the replay only, which tells events apart by it
        self._replay(deal, [*before, *events])
        for event in events:
            event.pk = None

    def _replay(self, deal: Deal, events: list[DealEvent]) -> None:
        deal.version = max(event.seq for event in events)
        for name, value in ledger_state(replay(events, self.places)).items():
            setattr(deal, name, value)

    def _create(self, events: list[DealEvent]) -> None:
        """Insert events; a void after the event that it takes back, whose id it needs."""
        while events:
            ready, later = [], []
            for event in events:
                target = getattr(event, "taken_back", None)
                if target and not target.pk:
                    later.append(event)
                    continue
                if target:
                    event.voids_id = target.pk
                ready.append(event)
            DealEvent.objects.bulk_create(ready)
            events = later


def values_of(event: DealEvent) -> dict:
    """The values that an event says the deal had after it, by their names on the deal."""
    values = {name: getattr(event, name) for name in SNAPSHOT}
    values["account_id"] = values.pop("customer_id")
    return values


@contextmanager
def bulk_append(*, by: User | None, operation: UUID | None = None) -> Iterator[BulkAppend]:
    """One transaction around a change of many deals. An error inside takes all of it back."""
    with transaction.atomic():
        bulk = BulkAppend(by=by, operation=operation, recorded_at=now())
        yield bulk
        bulk.write()
