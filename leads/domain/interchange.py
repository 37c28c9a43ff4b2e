"""Loading a ledger from outside: JSON lines in the interchange format (funnel-metrics.md, 3).

Rows come in any order and any number of times. A row is known by its id, kept as the event's
`operation`, so a file that is loaded twice changes nothing. Rows keep their own seq and their
own instants: the figures of a loaded ledger are those of the file. Deals, people, accounts and
words that are missing are made; people cannot sign in.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.timezone import now

from funnelcrm.errors import DomainError
from leads.domain.bulk_append import BulkAppend, bulk_append
from leads.domain.change import search_text
from leads.domain.interchange_config import apply_config
from leads.domain.interchange_names import Names, check_names
from leads.models import Deal
from leads.models.origin import LOG
from stages.domain.ledger import CLOCK_SKEW
from stages.domain.life import effective
from stages.figures.ledger import BadRow, LogRow, read_row
from stages.models import DealEvent, Pipeline

NAMESPACE = UUID("6f1c1f0e-8a53-5d0e-9a3b-1d5a4f7c2b90")
BATCH = 500  # deals in one transaction
MOST_SEQ = 2**31 - 1
Kind = DealEvent.Kind


@dataclass(slots=True)
class Loaded:
    """What came of a file: rows read = new + known + refused."""

    read: int = 0
    new: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.refused.append((line, reason))


@dataclass(slots=True)
class Line:
    number: int
    row: LogRow
    operation: UUID


def load_events(lines: Iterable[str | bytes], config: dict, *, pipeline: str = "") -> Loaded:
    """Load a log into the default pipeline of an installation without deals of its own, or into another."""
    loaded = Loaded()
    target = apply_config(config, pipeline)
    stages = dict(target.stages.values_list("slug", "pk"))
    deals = _read(lines, stages, loaded)
    names = Names(line.row for of_deal in deals.values() for line in of_deal)
    order = sorted(deals)
    for start in range(0, len(order), BATCH):
        batch = {name: deals[name] for name in order[start : start + BATCH]}
        with bulk_append(by=None) as bulk:
            _load_batch(batch, bulk, stages, names, target, loaded)
    loaded.refused.sort()
    return loaded


def operation_of(row_id: int | str) -> UUID:
    """What an event of ours keeps of a row's id. 17 and "17" are two ids."""
    return uuid5(NAMESPACE, json.dumps(row_id))


def _read(lines: Iterable[str | bytes], stages: dict[str, int], loaded: Loaded) -> dict[str, list[Line]]:
    """The readable rows by deal, each id once."""
    deals: dict[str, list[Line]] = {}
    seen: set[UUID] = set()
    latest = now() + CLOCK_SKEW
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        loaded.read += 1
        try:
            row = read_row(json.loads(text))
            _check(row, stages, latest)
        except BadRow as error:
            loaded.refuse(number, str(error))
            continue
        except (ValueError, RecursionError):
            loaded.refuse(number, "This is not a row of JSON in UTF-8.")
            continue
        line = Line(number, row, operation_of(row.pk))
        if line.operation in seen:
            loaded.known += 1
        else:
            seen.add(line.operation)
            deals.setdefault(row.deal, []).append(line)
    return deals


def _check(row: LogRow, stages: dict[str, int], latest: datetime) -> None:
    """What the ledger could not keep, or would not."""
    if row.at > latest:
        raise BadRow("This lies in the future. Only what has happened can be recorded.")
    for name in (row.from_stage_id, row.to_stage_id):
        if name is not None and name not in stages:
            raise BadRow(f"The configuration has no stage “{name}”.")
    if row.kind in (Kind.CREATED, Kind.MOVED) and row.to_stage_id is None:
        raise BadRow(f"A deal that is {row.kind} arrives in a stage: “to” is missing.")
    if (row.kind == Kind.VOIDED) is not (row.voids_id is not None):
        raise BadRow("“voids” goes with the kind “voided”, and only with it.")
    if not 1 <= row.seq <= MOST_SEQ:
        raise BadRow("“seq” counts from 1.")
    if row.probability is not None and not 0 <= row.probability <= 100:
        raise BadRow("“probability” is from 0 to 100.")
    check_names(row)


def _load_batch(
    deals: dict[str, list[Line]],
    bulk: BulkAppend,
    stages: dict[str, int],
    names: Names,
    pipeline: Pipeline,
    loaded: Loaded,
) -> None:
    operations = [line.operation for lines in deals.values() for line in lines]
    known = set(DealEvent.objects.filter(operation__in=operations).values_list("operation", flat=True))
    ids = Deal.objects.filter(origin=LOG, external_id__in=deals, stage__pipeline=pipeline)
    ours = {deal.external_id: deal for deal in bulk.lock(ids.values_list("pk", flat=True)).values()}
    for name, lines in deals.items():
        new = [line for line in lines if line.operation not in known]
        loaded.known += len(lines) - len(new)
        deal = ours.get(name) or Deal(origin=LOG, external_id=name)
        history = bulk.history.get(deal.pk, []) if deal.pk else []
        _load_deal(deal, history, sorted(new, key=lambda line: line.row.seq), bulk, stages, names, loaded)


def _load_deal(
    deal: Deal,
    history: Sequence[DealEvent],
    lines: list[Line],
    bulk: BulkAppend,
    stages: dict[str, int],
    names: Names,
    loaded: Loaded,
) -> None:
    """The events of one deal that are new. A refused row may leave others without what they speak of."""
    by_operation = {event.operation: event for event in history}
    taken = {event.seq for event in history}
    events: list[DealEvent] = []
    told: list[Line] = []
    for line in lines:
        row, target = line.row, None
        if row.voids_id is not None:
            target = by_operation.get(operation_of(row.voids_id))
            if target is None or target.seq >= row.seq:
                loaded.refuse(line.number, f"No earlier row of this deal has the id {row.voids_id!r}.")
                continue
        if row.seq in taken:
            loaded.refuse(line.number, f"Another row of this deal has the seq {row.seq}.")
            continue
        event = _event(line, stages, names)
        event.taken_back = target
        taken.add(row.seq)
        by_operation[line.operation] = event
        events.append(event)
        told.append(line)
    if not events:
        return
    try:
        _record(deal, history, events, bulk, names)
    except DomainError as error:
        for line in told:
            loaded.refuse(line.number, str(error))
    else:
        loaded.new += len(events)


def _record(
    deal: Deal, history: Sequence[DealEvent], events: list[DealEvent], bulk: BulkAppend, names: Names
) -> None:
    _check_begins(history, events)
    bulk.record(deal, events)
    deal.account = names.account_of.get(deal.account_id)
    deal.search = search_text(deal.title, deal.account)


def _check_begins(history: Sequence[DealEvent], events: list[DealEvent]) -> None:
    """A deal needs a stage to begin in, whichever of its rows turns out to be the first."""
    for event in events:
        event.pk = -event.seq
        event.voids_id = event.taken_back.pk if event.taken_back else None
    rows = [*history, *events]
    happened, _ = effective(rows)
    arrivals = [event for event in happened if event.kind != Kind.REVISED]
    first = arrivals[0] if arrivals else min(rows, key=lambda event: event.seq)
    if not (first.to_stage_id or first.from_stage_id):
        raise DomainError("The deal would begin in no stage: its first row has neither “to” nor “from”.")
    nothing_yet = min(rows, key=lambda event: event.seq)
    if not arrivals and not (nothing_yet.to_stage_id or nothing_yet.from_stage_id):
        raise DomainError("None of the deal's rows says in which stage it is.")


def _event(line: Line, stages: dict[str, int], names: Names) -> DealEvent:
    row = line.row
    return DealEvent(
        seq=row.seq,
        at=row.at,
        recorded_at=row.recorded_at,
        kind=row.kind,
        from_stage_id=stages.get(row.from_stage_id),
        to_stage_id=stages.get(row.to_stage_id),
        reason_id=names.reasons.get(row.reason_id),
        actor_id=names.people.get(row.actor),
        operation=line.operation,
        title=row.deal,
        amount=row.amount,
        currency=row.currency or "",
        owner_id=names.people.get(row.owner),
        source_id=names.sources.get(row.source),
        expected_close=row.expected_close,
        probability=row.probability,
        customer_id=names.accounts.get(row.customer),
        referrer_id=names.accounts.get(row.referrer),
    )


def lines_of(file: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file opened for bytes; a byte order mark is not part of the first."""
    for number, line in enumerate(file):
        yield line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
