"""The board page: its filters in words, its saved views, its sums, and its version."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Sum

from funnelcrm.models import Team, User
from funnelcrm.money import short
from leads.models import Deal, SavedView, Tag
from leads.queries.clock import Clock
from leads.queries.filters import ORDERS, BoardFilter
from leads.queries.gather import gather
from leads.queries.totals import MOST_LATE, Money, Totals
from stages.models import BoardCell, Pipeline, Source, Stage

MOST_IN_TAB = 999


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the filter in words, and the query string of the board without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view, built in or somebody's own."""

    name: str
    query: str
    view: SavedView | None = None
    alarming: bool = False
    count: str = ""


@dataclass(slots=True)
class Options:
    """What can be filtered by: only what this person may know of."""

    owners: list[User]
    teams: list[Team]
    sources: list[Source]
    tags: list[Tag]


@dataclass(slots=True)
class Together:
    """What the open columns are worth together."""

    money: list[Money]
    bounded: bool
    closing: str


def stages_of(slug: str | None) -> list[Stage]:
    """The living stages of a pipeline (the default one where none is named), each knowing its pipeline."""
    shown = Stage.objects.shown().select_related("pipeline")
    return list(shown.filter(pipeline__slug=slug) if slug else shown.filter(pipeline__is_default=True))


def options_for(user: User) -> Options:
    owners = list(user.assignable().select_related("team"))
    teams = {owner.team_id: owner.team for owner in owners if owner.team_id}
    return Options(
        owners=owners,
        teams=sorted(teams.values(), key=str),
        sources=list(Source.objects.filter(retired_at=None)),
        tags=list(tags_for(user)[:100]),
    )


def tags_for(user: User) -> QuerySet[Tag]:
    """The tags on deals that this person may see: a tag's text may say too much of another team's."""
    if user.scope.everything:
        return Tag.objects.all()
    links = Deal.tags.through.objects.filter(tag=OuterRef("pk"), deal__in=Deal.objects.visible_to(user))
    return Tag.objects.filter(Exists(links))


STATES = {
    "overdue": "Next step overdue",
    "stalled": "Stalled",
    "nostep": "No next step",
    "attention": "Needs attention",
}
CLOSES = {"month": "this month", "quarter": "this quarter"}


def chips_of(asked: BoardFilter, options: Options, currency: str) -> list[Chip]:
    """The filter in words, a chip for each value."""
    chips = []
    for name, label, rows in (
        ("owner", "Owner", options.owners),
        ("team", "Team", options.teams),
        ("source", "Source", options.sources),
        ("tag", "Tag", options.tags),
    ):
        names = {row.pk: str(row) for row in rows}
        values = getattr(asked, name)
        for value in values:
            rest = tuple(other for other in values if other != value)
            chips.append(Chip(label, names.get(value, "somebody else"), asked.query(**{name: rest})))
    single = (
        ("min", "Value", f"over {short(asked.min, currency)}" if asked.min is not None else "", None),
        ("max", "Value", f"up to {short(asked.max, currency)}" if asked.max is not None else "", None),
        ("age", "In stage", f"{asked.age} days or more" if asked.age is not None else "", None),
        ("state", "Only", STATES.get(asked.state, ""), ""),
        ("close", "Closing", CLOSES.get(asked.close, ""), ""),
        ("q", "Text", f"“{asked.q}”" if asked.q else "", ""),
    )
    chips += [
        Chip(label, words, asked.query(**{name: nothing})) for name, label, words, nothing in single if words
    ]
    return chips


def tabs_for(user: User, pipeline: Pipeline) -> list[Tab]:
    """The built-in views, then the person's own and the shared ones."""
    built_in = [
        Tab("All open", ""),
        Tab("Mine", BoardFilter(owner=(user.pk,)).query()),
        Tab("Closing this quarter", BoardFilter(close="quarter").query()),
        Tab("Needs attention", BoardFilter(state="attention").query(), alarming=True),
    ]
    saved = SavedView.objects.visible_to(user).filter(pipeline=pipeline).select_related("owner").distinct()
    return built_in + [Tab(view.name, view.query, view) for view in saved[:12]]


def count_tabs(
    tabs: list[Tab], asked: list[BoardFilter], user: User, clock: Clock, stages: list[Stage]
) -> list[Tab]:
    """How many open deals each view holds, counted up to a bound, in one query."""
    open_deals = (
        Deal.objects.visible_to(user).on_board().filter(stage__in=[s for s in stages if not s.is_won])
    )
    parts = {
        number: one.apply(open_deals, clock=clock, stages=stages).order_by().values("pk")[: MOST_IN_TAB + 1]
        for number, one in enumerate(asked)
    }
    counts = {number: rows[0][0] if rows else 0 for number, rows in gather("COUNT(*)", parts).items()}
    return [
        replace(tab, count=f"{MOST_IN_TAB}+" if counts[number] > MOST_IN_TAB else str(counts[number]))
        for number, tab in enumerate(tabs)
    ]


def sum_of(totals: Mapping[int, Totals], stages: list[Stage]) -> Together:
    """The open columns together, currency by currency: never added across them without a rate."""
    open_columns = [totals[stage.pk] for stage in stages if not stage.is_won]
    by_currency: dict[str, Money] = {}
    for money in (money for column in open_columns for money in column.money):
        total = by_currency.setdefault(money.currency, Money(money.currency, Decimal(0), Decimal(0)))
        total.amount += money.amount
        total.weighted += money.weighted
    bounded = any(column.bounded for column in open_columns)
    closing = [column.closing for column in open_columns]
    return Together(
        money=[] if bounded else list(by_currency.values()),
        bounded=bounded,
        closing="" if bounded else f"{sum(closing)}{'+' if max(closing, default=0) > MOST_LATE else ''}",
    )


def versions_of(stages: list[Stage], user: User) -> dict[int, int]:
    """How often each column has changed, as far as this person may see: what a poll compares."""
    cells = BoardCell.objects.filter(stage__in=stages)
    if not user.scope.everything:
        cells = cells.filter(owner_key__in=user.scope.owner_ids)
    sums = dict(cells.values_list("stage_id").annotate(Sum("changes")).order_by())
    return {stage.pk: sums.get(stage.pk, 0) for stage in stages}


def version_text(versions: Mapping[int, int], pipeline: Pipeline, clock: Clock) -> str:
    """A board's version as one word: configuration, quarter of an hour (dues pass by themselves), columns."""
    quarter = int(clock.moment.timestamp()) // 900
    return f"{pipeline.version}.{quarter}-" + "-".join(
        f"{stage}.{count}" for stage, count in versions.items()
    )


def changed_since(before: str, versions: Mapping[int, int], pipeline: Pipeline, clock: Clock) -> set[int]:
    """The stages whose columns differ from the version named; all where the version cannot be read."""
    now = version_text(versions, pipeline, clock)
    if before == now:
        return set()
    frame, *seen = before.split("-")
    if frame != now.split("-")[0]:
        return set(versions)
    return {stage for stage, count in versions.items() if f"{stage}.{count}" not in seen}


ORDER_CHOICES = [(name, order.label) for name, order in ORDERS.items()]
