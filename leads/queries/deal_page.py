"""What the deal's page and the peek panel show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from funnelcrm.models import User
from leads.models import Deal, DealContact, Touchpoint
from leads.queries.clock import Clock
from leads.queries.wording import what
from stages.domain.life import Life, places_of, replay
from stages.models import DealEvent, PlaybookItem, Stage


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the deal's path: done, now or to come, and the days spent there."""

    stage: Stage
    state: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    at: datetime
    icon: str
    who: str
    text: str
    note: str = ""


@dataclass(slots=True)
class DealPage:
    deal: Deal
    stage: Stage
    path: list[Step]
    days: int
    when: str
    step_state: str
    playbook: dict[str, list[PlaybookItem]]
    committee: list[DealContact]
    history: list[Entry]
    next_stage: Stage | None


def deal_page(deal: Deal, user: User, clock: Clock) -> DealPage:
    """Everything about one visible deal: the same number of queries whatever its history."""
    stages = {stage.pk: stage for stage in Stage.objects.filter(pipeline=deal.stage.pipeline_id)}
    events = list(
        deal.events.select_related(
            "actor", "to_stage", "reason", "voids__from_stage", "voids__voids__to_stage"
        ).order_by("seq")
    )
    touchpoints = list(deal.touchpoints.filter(done_at__isnull=False).select_related("type", "owner"))
    life = replay(events, places_of(stages.values()))
    shown = sorted((s for s in stages.values() if not s.archived_at), key=lambda s: s.position)
    playbook: dict[str, list[PlaybookItem]] = {}
    for item in deal.stage.playbook.all():
        playbook.setdefault(item.kind, []).append(item)
    step = deal.next_step
    when, state = clock.due(step.due_on, step.due_time, step.due_at) if step else ("", "none")
    return DealPage(
        deal=deal,
        stage=deal.stage,
        path=_path(life, shown, deal, clock),
        days=clock.days_since(deal.stage_entered_at),
        when=when,
        step_state=state,
        playbook=playbook,
        committee=list(
            deal.committee.select_related("contact", "role").order_by("role__position", "contact__name")
        ),
        history=_history(events, touchpoints),
        next_stage=next((s for s in shown if s.position > deal.stage.position), None),
    )


def _path(life: Life, shown: list[Stage], deal: Deal, clock: Clock) -> list[Step]:
    spent: dict[int, timedelta] = {}
    for stay in life.stays:
        spent[stay.stage_id] = spent.get(stay.stage_id, timedelta()) + (
            (stay.left or clock.moment) - stay.entered
        )
    steps = []
    for stage in shown:
        before = stage.position < deal.stage.position
        state = "now" if stage.pk == deal.stage_id else "done" if before else "todo"
        steps.append(Step(stage, state, spent[stage.pk].days if stage.pk in spent else None))
    return steps


ICONS = {
    DealEvent.Kind.CREATED: "plus",
    DealEvent.Kind.MOVED: "arrow",
    DealEvent.Kind.LOST: "x",
    DealEvent.Kind.REOPENED: "loop",
    DealEvent.Kind.REVISED: "gear",
    DealEvent.Kind.DELETED: "archive",
    DealEvent.Kind.RESTORED: "undo",
    DealEvent.Kind.VOIDED: "undo",
}


def _history(events: list[DealEvent], touchpoints: list[Touchpoint]) -> list[Entry]:
    """Events and touchpoints together, the newest first."""
    entries = []
    for before, event in zip([None, *events], events, strict=False):
        who = event.actor.name if event.actor else "Import"
        note = event.note or (_changes(before, event) if before and event.kind == "revised" else "")
        entries.append(Entry(event.at, ICONS[event.kind], who, what(event), note))
    for point in touchpoints:
        text = f"{point.type.name}: {point.summary}" if point.summary else point.type.name
        entries.append(
            Entry(point.done_at, point.type.icon, point.owner.name if point.owner else "", text, point.note)
        )
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


NAMES = {
    "title": "name",
    "amount": "value",
    "currency": "currency",
    "owner_id": "owner",
    "source_id": "source",
    "expected_close": "expected close",
    "probability": "probability",
    "customer_id": "account",
}


def _changes(before: DealEvent, after: DealEvent) -> str:
    names = [words for name, words in NAMES.items() if getattr(before, name) != getattr(after, name)]
    return ", ".join(names).capitalize()
