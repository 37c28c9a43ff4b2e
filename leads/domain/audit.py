"""Does every row say what the ledger says? Recomputes all that is stored, and names each difference."""

import logging
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Prefetch

from funnelcrm.database import one_moment
from leads.domain.change import LEDGER_FIELDS, VALUE_FIELDS, ledger_state, search_text
from leads.domain.shares import cell_key, cell_share
from leads.models import Deal
from leads.models.origin import LOG
from stages.domain.cells import Share
from stages.domain.life import places_of, replay
from stages.models import BoardCell, DealEvent, Stage

logger = logging.getLogger(__name__)
BATCH = 500


def differences() -> Iterator[str]:
    """Each difference between what is stored and what the ledger says, in a sentence. None, ever."""
    with one_moment():
        yield from _differences()


def _differences() -> Iterator[str]:
    stages = Stage.objects.in_bulk()
    places = places_of(stages.values())
    cells: dict[tuple, Share] = defaultdict(Share)
    for deal in _deals():
        events = list(deal.events.all())
        yield from _chain(deal, events)
        if events:
            yield from _row(deal, ledger_state(replay(events, places)))
        yield from _search(deal)
        yield from _next_step(deal)
        cells[cell_key(deal)].add(cell_share(deal, stages[deal.stage_id]))
    yield from _cells(cells)


def log_differences() -> int:
    """The nightly check: each difference goes to the log as an error. How many there were."""
    count = 0
    for line in differences():
        logger.error("Audit: %s", line)
        count += 1
    return count


def _deals() -> Iterator[Deal]:
    events = Prefetch("events", DealEvent.objects.order_by("seq"))
    return (
        Deal.objects.order_by("pk")
        .select_related("next_step", "account")
        .prefetch_related(events)
        .iterator(chunk_size=BATCH)
    )


def _chain(deal: Deal, events: list[DealEvent]) -> Iterator[str]:
    """Ours are numbered without a gap. A log from outside brings its own numbers (interchange)."""
    newest = events[-1].seq if events else 0
    if deal.origin != LOG and newest != len(events):
        yield f"deal {deal.pk}: its events are not numbered 1 to {len(events)}"
    if deal.version != newest:
        yield f"deal {deal.pk}: version {deal.version}, but its newest event is {newest}"


def _row(deal: Deal, state: dict) -> Iterator[str]:
    for name in [*LEDGER_FIELDS, *VALUE_FIELDS]:
        attribute = deal._meta.get_field(name).attname
        if attribute == "version":
            continue
        stored, said = getattr(deal, attribute), state[attribute]
        if stored != said:
            yield f"deal {deal.pk}: {name} is {stored!r}, the ledger says {said!r}"


def _search(deal: Deal) -> Iterator[str]:
    if deal.search != search_text(deal.title, deal.account):
        yield f"deal {deal.pk}: it is searched as {deal.search!r}"


def _next_step(deal: Deal) -> Iterator[str]:
    step = deal.next_step
    if step and (step.done_at or step.deal_id != deal.pk or step.due_at != deal.next_due_at):
        yield f"deal {deal.pk}: its next step is done, another deal's, or due at another time"


def _cells(expected: dict[tuple, Share]) -> Iterator[str]:
    """The kept totals of the board against the deals' own shares."""
    for cell in BoardCell.objects.order_by("pk"):
        share = expected.pop((cell.stage_id, cell.owner_key, cell.currency), Share())
        stored, said = (cell.deals, cell.amount, cell.weighted), (share.deals, share.amount, share.weighted)
        if stored != said:
            yield f"board cell {cell}: holds {stored}, the deals say {said}"
    for key, share in expected.items():
        if (share.deals, share.amount, share.weighted) != (0, 0, 0):
            yield f"board cell {key}: missing, the deals say {share}"
