"""Many new deals at once, each with all that ever happened to it: for imports and the demo data.

The same law as leads.domain.change, for deals that nobody can have seen yet: the events are
replayed, the rows are written as the replay says, and the kept totals get the differences.
"""

from collections.abc import Sequence
from itertools import chain

from django.db import transaction

from leads.domain.change import cell_share, ledger_state
from leads.models import Deal
from stages.domain.cells import CellChanges
from stages.domain.ledger import check_time
from stages.domain.life import places_of, replay
from stages.models import DealEvent, Stage

BATCH = 500


@transaction.atomic
def append_histories(histories: Sequence[tuple[Deal, list[DealEvent]]]) -> None:
    """Write new deals with their histories.

    A deal brings its title, `search` and where it comes from; what the ledger knows is
    taken from its events. The events come in the order in which they were learnt, each with
    its values (leads.domain.change.snapshot); they get their deal and number here. They can
    hold no voids: what never counted need not be written.
    """
    stages = Stage.objects.in_bulk()
    places = places_of(stages.values())
    for deal, events in histories:
        _number(events)
        for name, value in ledger_state(replay(events, places)).items():
            setattr(deal, name, value)
        deal.version = len(events)
    Deal.objects.bulk_create((deal for deal, _ in histories), batch_size=BATCH)
    for deal, events in histories:
        for event in events:
            event.pk, event.deal_id = None, deal.pk
    DealEvent.objects.bulk_create(chain.from_iterable(events for _, events in histories), batch_size=BATCH)
    _add_to_cells((deal for deal, _ in histories), stages)


def _number(events: list[DealEvent]) -> None:
    """Number the events. Until they are written, a replay knows them by that number instead of their id."""
    for seq, event in enumerate(events, start=1):
        check_time(event)
        event.pk = event.seq = seq


def _add_to_cells(deals, stages: dict[int, Stage]) -> None:
    cells = CellChanges()
    for deal in deals:
        key = (deal.stage_id, deal.owner_id or 0, deal.currency)
        cells.add(key, cell_share(deal, stages[deal.stage_id]))
        cells.touch(key)
    cells.write()
