"""The story that a row tells of its deal, and how a deal that is known comes to tell the same one. Pure.

The story is what the file knows: when the deal began and in which stage, when it was won or
lost. Run again, an unchanged story changes nothing. A changed one voids what no longer holds
and appends what is new; what people did on the board since is never overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from leads.domain.bulk_append import values_of
from leads.domain.import_stages import Rule
from leads.domain.import_values import BadValue
from leads.models import Deal
from stages.domain.life import effective
from stages.models import DealEvent

Kind = DealEvent.Kind
TOLD = (Kind.CREATED, Kind.MOVED, Kind.LOST)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, as the file says it. No time: when it was imported."""

    kind: str
    at: datetime | None
    from_id: int | None = None
    to_id: int | None = None
    reason_id: int | None = None

    def is_told_by(self, event: DealEvent) -> bool:
        return (
            event.kind == self.kind
            and self.at in (None, event.at)
            and (event.to_stage_id, event.reason_id) == (self.to_id, self.reason_id)
        )

    def event(self, now: datetime, note: str) -> DealEvent:
        return DealEvent(
            kind=self.kind,
            at=self.at or now,
            from_stage_id=self.from_id,
            to_stage_id=self.to_id,
            reason_id=self.reason_id,
            note=note,
        )


def note_of(origin: str) -> str:
    """The note on every event of an import, by which a later run knows what it said before."""
    return f"Import: {origin}"


def story(rule: Rule, started: datetime | None, closed: datetime | None, reason_id: int | None) -> list[Step]:
    """What happened to a deal: it began, and was perhaps won or lost."""
    begins, ends = rule.begins.pk, rule.stage.pk
    if rule.outcome == "open":
        return [Step(Kind.CREATED, started, to_id=begins)]
    created = Step(Kind.CREATED, started or closed, to_id=begins)
    if rule.outcome == "lost":
        return [created, Step(Kind.LOST, closed, from_id=ends, reason_id=reason_id)]
    return [created, Step(Kind.MOVED, closed, from_id=begins, to_id=ends)]


def said_before(history: Sequence[DealEvent], note: str) -> dict:
    """The values that the import gave the deal, whatever people changed since."""
    said: dict = {}
    held: dict = {}
    for event in history:
        values = values_of(event)
        if event.note == note:
            said |= {name: value for name, value in values.items() if name not in held or held[name] != value}
        held = values
    return said


def news(
    history: Sequence[DealEvent], wanted: Sequence[Step], deal: Deal, note: str, now: datetime
) -> list[DealEvent]:
    """The events that make a known deal tell the wanted story; none if it does already.

    `deal` has the wanted values; where the story's last event does not carry them, a `revised` does.
    """
    happened, deleted_at = effective(history)
    told = [event for event in happened if event.note == note and event.kind in TOLD]
    wanted = _from_where_we_knew_it(wanted, told)
    same = 0
    while same < min(len(told), len(wanted)) and wanted[same].is_told_by(told[same]):
        same += 1
    dead, new = told[same:], wanted[same:]
    staying = [event for event in happened if event not in dead]
    if dead or new:
        others = [event for event in happened if event.note != note and event.kind != Kind.REVISED]
        _check_untouched(others, dead, new, staying)
    events = [_void(event, now, note) for event in reversed(dead)]
    events += [step.event(now, note) for step in new]
    last = max(staying, key=lambda event: (event.at, event.seq), default=None)
    carried = bool(new) and (last is None or events[-1].at >= last.at)
    if not carried and (last is None or values_of(last) != _values(deal)):
        events.append(DealEvent(kind=Kind.REVISED, at=now, note=note))
    if events and deleted_at:
        raise BadValue("This deal was deleted here. Its row has changed, and was left out.")
    return events


def _from_where_we_knew_it(wanted: Sequence[Step], told: Sequence[DealEvent]) -> list[Step]:
    """A deal that was imported before it began, as the file now says, was already known then: that stays."""
    if not told or told[0].kind != Kind.CREATED or wanted[0].at is None:
        return list(wanted)
    first, known = wanted[0], told[0]
    if known.at >= first.at or known.to_stage_id == first.to_id:
        return list(wanted)
    began = Step(Kind.CREATED, known.at, to_id=known.to_stage_id)
    return [began, replace(first, kind=Kind.MOVED, from_id=known.to_stage_id), *wanted[1:]]


def _check_untouched(others, dead, new, staying) -> None:
    """What people did on the board since stands: only what comes after it may be appended."""
    if not others:
        return
    last = max(staying, key=lambda event: (event.at, event.seq))
    if dead or last.kind == Kind.LOST or any(step.at and step.at < last.at for step in new):
        raise BadValue("This deal was moved here since it was imported, so its new stage was left out.")


def _void(event: DealEvent, now: datetime, note: str) -> DealEvent:
    return DealEvent(kind=Kind.VOIDED, at=now, voids_id=event.pk, note=note)


def _values(deal: Deal) -> dict:
    return {name: getattr(deal, name) for name in values_of(DealEvent())}
