"""One deal's life, replayed from its events: the law of design/funnel-metrics.md, section 2.3.

Pure: no database. What a deal *is* (stage, status, when won, when lost) and what it
*went through* (stays, losses) both come from here, so that a card and a report agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from stages.models import DealEvent, Stage

Kind = DealEvent.Kind
ARRIVALS = (Kind.CREATED, Kind.MOVED, Kind.REOPENED)


@dataclass(frozen=True, slots=True)
class StagePlace:
    """Where a stage stands in the funnel: all that a replay needs to know of it."""

    position: int
    won: bool


def places_of(stages: Iterable[Stage]) -> dict[int, StagePlace]:
    """The place of each of the given stages, archived ones too."""
    return {stage.pk: StagePlace(stage.position, stage.is_won) for stage in stages}


@dataclass(slots=True)
class Stay:
    """A time spent in one stage, [entered, left). `exit` and `left` are None while it goes on."""

    stage_id: int
    entered: datetime
    via: str
    event: DealEvent
    left: datetime | None = None
    exit: str | None = None


@dataclass(slots=True)
class Loss:
    """A time spent lost, [at, reopened), and the stage it happened in."""

    stage_id: int
    at: datetime
    reason_id: int | None
    note: str
    event: DealEvent
    reopened: datetime | None = None


@dataclass(slots=True)
class Life:
    """What the effective events of a deal amount to.

    `last` is the newest of them, whose values hold. Without any (all were taken back) there
    are no stays; `first` is the first event recorded, whatever became of it.
    """

    stays: list[Stay] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    last: DealEvent | None = None
    first: DealEvent | None = None
    deleted_at: datetime | None = None
    won_at: datetime | None = None

    @property
    def stay(self) -> Stay:
        return self.stays[-1]

    @property
    def loss(self) -> Loss | None:
        """The loss that stands, if any."""
        return self.losses[-1] if self.losses and self.losses[-1].reopened is None else None

    @property
    def status(self) -> str:
        """open, won, lost, or churned (lost after a win that stands)."""
        if self.loss:
            return "churned" if self.won_at else "lost"
        return "won" if self.won_at else "open"


def effective(
    events: Iterable[DealEvent], until: datetime | None = None
) -> tuple[list[DealEvent], datetime | None]:
    """The events that count, in the order they happened, and when the deal was deleted, if it is.

    Each id counts once. A voided event never was; a void can be voided itself. `until` leaves out
    what happened then or later; voids and deletions work backwards, whenever they were made.
    """
    rows = sorted({event.pk: event for event in events}.values(), key=lambda event: event.seq)
    dead: set[int] = set()
    for event in reversed(rows):
        if event.kind == Kind.VOIDED and event.pk not in dead:
            dead.add(event.voids_id)
    living = [event for event in rows if event.pk not in dead and event.kind != Kind.VOIDED]
    marks = [event for event in living if event.kind in (Kind.DELETED, Kind.RESTORED)]
    deleted_at = marks[-1].at if marks and marks[-1].kind == Kind.DELETED else None
    happened = [
        event
        for event in living
        if event.kind not in (Kind.DELETED, Kind.RESTORED) and (until is None or event.at < until)
    ]
    return sorted(happened, key=lambda event: (event.at, event.seq)), deleted_at


def replay(
    events: Iterable[DealEvent],
    places: Mapping[int, StagePlace],
    *,
    until: datetime | None = None,
    shown: Mapping[int, int] | None = None,
    first: int | None = None,
) -> Life:
    """The life of one deal, from all of its events in any order.

    Reports read it with today's funnel: `shown` says which stage stands for each (an archived
    one for its neighbour), `first` where a deal began whose first event names no stage, and
    `until` the instant as of which they speak.
    """
    rows = list(events)
    happened, deleted_at = effective(rows, until)
    life = Life(deleted_at=deleted_at, last=happened[-1] if happened else None)
    life.first = min(rows, key=lambda event: event.seq, default=None)
    for event in happened:
        if event.kind in ARRIVALS:
            _arrive(life, event, places, shown, first)
        elif event.kind == Kind.LOST:
            _lose(life, event, shown, first)
        elif event.kind == Kind.REVISED and life.loss and event.reason_id:
            life.loss.reason_id, life.loss.note = event.reason_id, event.note
    life.won_at = _standing_win(life.stays, places)
    return life


def _landing(life: Life, event: DealEvent, shown: Mapping[int, int] | None, first: int | None) -> int | None:
    """The stage in which an event leaves the deal, as the report shows it."""
    stage_id = event.to_stage_id or (None if life.stays else event.from_stage_id)
    if stage_id is None:
        return life.stay.stage_id if life.stays else first
    return shown[stage_id] if shown else stage_id


def _arrive(
    life: Life,
    event: DealEvent,
    places: Mapping[int, StagePlace],
    shown: Mapping[int, int] | None,
    first: int | None,
) -> None:
    stage_id = _landing(life, event, shown, first)
    if not life.stays:
        life.stays.append(Stay(stage_id, event.at, "created", event))
    elif life.loss:
        life.losses[-1].reopened = event.at
        life.stays.append(Stay(stage_id, event.at, "reopened", event))
    elif stage_id != life.stay.stage_id:
        ahead = places[stage_id].position > places[life.stay.stage_id].position
        way = "forward" if ahead else "back"
        life.stay.left, life.stay.exit = event.at, way
        life.stays.append(Stay(stage_id, event.at, way, event))


def _lose(life: Life, event: DealEvent, shown: Mapping[int, int] | None, first: int | None) -> None:
    if not life.stays:  # the very first row is a loss: a stay of length zero comes before it
        life.stays.append(Stay(_landing(life, event, shown, first), event.at, "created", event))
    if life.loss:
        if event.reason_id:
            life.loss.reason_id, life.loss.note = event.reason_id, event.note
        return
    life.stay.left, life.stay.exit = event.at, "lost"
    life.losses.append(Loss(life.stay.stage_id, event.at, event.reason_id, event.note, event))


def _standing_win(stays: list[Stay], places: Mapping[int, StagePlace]) -> datetime | None:
    """When the deal last crossed the won line, if it is still beyond it. A loss in between is no crossing."""
    won_at = None
    for stay in stays:
        if not places[stay.stage_id].won:
            won_at = None
        elif won_at is None:
            won_at = stay.entered
    return won_at
