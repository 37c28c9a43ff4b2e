"""The one way to change a deal: lock it, append events, and let the ledger say what it is now.

    with deal_change(by=user, operation=key) as change:
        (deal,) = change.lock([deal_id])
        change.append(deal, Kind.MOVED, from_stage=..., to_stage=...)

Everything inside is one transaction. At its end the kept totals are written, and
once it has committed the workers are told that there may be something for them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import now

from funnelcrm.errors import Gone
from funnelcrm.models import User
from funnelcrm.text import fold
from leads.domain.shares import Shares
from leads.models import Account, Deal
from leads.tasks import announce
from stages.domain.ledger import SNAPSHOT, check_time, histories
from stages.domain.life import Life, places_of, replay
from stages.models import DealEvent, Outbox, Stage

CENT = Decimal("0.01")
LEDGER_FIELDS = [
    "stage",
    "stage_entered_at",
    "status",
    "started_at",
    "won_at",
    "lost_at",
    "loss_reason",
    "deleted_at",
    "on_board",
    "version",
]
VALUE_FIELDS = [
    "title",
    "amount",
    "currency",
    "owner",
    "source",
    "expected_close",
    "probability",
    "account",
    "referrer",
]


def snapshot(deal: Deal) -> dict:
    """The values of a deal as its events keep them."""
    return {name: getattr(deal, "account_id" if name == "customer_id" else name) for name in SNAPSHOT}


def ledger_state(life: Life) -> dict:
    """The fields of a deal's row as its life says them: the row's `LEDGER_FIELDS` and `VALUE_FIELDS`."""
    if not life.stays:
        return _never_was(life.first)
    loss, status = life.loss, life.status
    return _values(life.last) | {
        "stage_id": life.stay.stage_id,
        "stage_entered_at": life.stay.entered,
        "status": status,
        "started_at": life.stays[0].entered,
        "won_at": life.won_at,
        "lost_at": loss.at if loss else None,
        "loss_reason_id": loss.reason_id if loss else None,
        "deleted_at": life.deleted_at,
        "on_board": status in (Deal.Status.OPEN, Deal.Status.WON) and life.deleted_at is None,
    }


def _values(event: DealEvent) -> dict:
    """The values of a deal's row after an event. An amount needs a currency, and the other way round."""
    values = {name: getattr(event, name) for name in SNAPSHOT}
    values["account_id"] = values.pop("customer_id")
    if values["amount"] is None or not values["currency"]:
        values["amount"], values["currency"] = None, ""
    else:  # an event of a log may say more than we show
        values["amount"] = values["amount"].quantize(CENT, rounding=ROUND_HALF_UP)
    return values


def _never_was(first: DealEvent) -> dict:
    """The row of a deal all of whose events were taken back: nobody sees it, as if it were deleted."""
    return _values(first) | {
        "stage_id": first.to_stage_id or first.from_stage_id,
        "stage_entered_at": first.at,
        "status": Deal.Status.OPEN,
        "started_at": first.at,
        "won_at": None,
        "lost_at": None,
        "loss_reason_id": None,
        "deleted_at": first.at,
        "on_board": False,
    }


class DealChange:
    """A unit of work on deals: holds what was locked, their histories, and the differences to write."""

    def __init__(self, *, by: User | None, operation: UUID | None = None, at: datetime | None = None) -> None:
        self.by = by
        self.operation = operation or uuid4()
        self.at = at or now()
        self.stages: dict[int, Stage] = Stage.objects.in_bulk()
        self.places = places_of(self.stages.values())
        self.history: dict[int, list[DealEvent]] = {}
        self.shares = Shares(self.stages)
        self.follow_ups: list[Outbox] = []

    def lock(self, deal_ids: Iterable[int], *, visible: bool = True) -> list[Deal]:
        """The deals, locked in the order of their ids, with their histories. Unseen ones raise `Gone`.

        The bare rows: with a join, PostgreSQL would re-check it after waiting for
        the lock, and a deal that just moved would seem not to exist.
        """
        wanted = set(deal_ids)
        rows = Deal.objects.visible_to(self.by) if visible and self.by else Deal.objects.all()
        deals = list(rows.filter(pk__in=wanted).order_by("pk").select_for_update())
        if len(deals) < len(wanted):
            raise Gone("This deal is no longer here.")
        self.history |= histories(wanted)
        self.shares.know(deals)
        return deals

    def already_done(self, deal: Deal) -> DealEvent | None:
        """The event that this very gesture wrote on this deal before, if the request is a repetition."""
        mine = self.by.pk if self.by else None
        for event in self.history[deal.pk]:
            if event.operation == self.operation and event.actor_id == mine:
                return event
        return None

    def append(self, deal: Deal, kind: str, *, at: datetime | None = None, **fields) -> DealEvent:
        """Append an event with the deal's values as they stand on the object, and make the row follow."""
        event = DealEvent(
            deal_id=deal.pk,
            seq=deal.version + 1,
            at=at or self.at,
            kind=kind,
            actor=self.by,
            operation=self.operation,
            **(fields | snapshot(deal)),
        )
        check_time(event)
        events = self.history.setdefault(deal.pk, [])
        events.append(event)
        life = replay(events, self.places)
        if kind == DealEvent.Kind.VOIDED:  # its values are those that now hold again
            for name in SNAPSHOT:
                setattr(event, name, getattr(life.last, name))
        event.save(force_insert=True)
        self._follow(deal, kind, life)
        return event

    def touch(self, deal: Deal) -> None:
        """Say that the deal's card looks different now, without an event (a next step was set)."""
        self.shares.touch(deal)

    def follow_up(self, kind: str, deal: Deal) -> None:
        """Leave work for a worker; the same effect asked for twice is one effect."""
        key = f"{kind}:{deal.pk}:{deal.version}"
        self.follow_ups.append(Outbox(kind=kind, key=key, deal=deal, by=self.by))

    def write(self) -> None:
        self.shares.write()
        if self.follow_ups:
            Outbox.objects.bulk_create(self.follow_ups, ignore_conflicts=True)
            transaction.on_commit(announce, robust=True)

    def _follow(self, deal: Deal, kind: str, life: Life) -> None:
        """Make the deal's row say what its life says, and note what that does to the totals."""
        deal.version += 1
        for name, value in ledger_state(life).items():
            setattr(deal, name, value)
        if kind in (DealEvent.Kind.REVISED, DealEvent.Kind.VOIDED):  # the title or the account may be another
            deal.search = search_text(deal.title, deal.account)
        deal.save(update_fields=[*LEDGER_FIELDS, *VALUE_FIELDS, "search"])
        self.shares.follow(deal)


def search_text(title: str, account: Account | None) -> str:
    """What the text filter looks in, folded: a deal's title and its account."""
    return fold(f"{title} {account.name if account else ''}")[:400]


@contextmanager
def deal_change(
    *, by: User | None, operation: UUID | None = None, at: datetime | None = None
) -> Iterator[DealChange]:
    """One transaction around a change of deals. An error inside takes all of it back."""
    with transaction.atomic():
        change = DealChange(by=by, operation=operation, at=at)
        yield change
        change.write()
