"""How many deals stand in a column, and what they are worth: kept, or counted up to a bound."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import BigIntegerField, Case, F, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Round

from funnelcrm.models import User
from funnelcrm.money import from_hundredths, short
from leads.models import Deal
from leads.queries.clock import Clock
from leads.queries.filters import ORDERS, BoardFilter, is_overdue, is_stalled
from leads.queries.gather import gather
from stages.models import BoardCell, Stage

# Beyond these a count is shown as "5,000+": exact for what people can act on, and a bound on the work.
MOST_COUNTED = 5000
MOST_LATE = 999
LATE = ("late", "stalled", "closing")


@dataclass(slots=True)
class Money:
    """A sum in one currency, and what it is worth by the chance to win."""

    currency: str
    amount: Decimal
    weighted: Decimal

    @property
    def short(self) -> str:
        return short(self.amount, self.currency)

    @property
    def weighted_short(self) -> str:
        return short(self.weighted, self.currency)


@dataclass(slots=True)
class Totals:
    """The head of a column. `bounded`: there are more than were counted, so no sum is shown."""

    deals: int = 0
    bounded: bool = False
    money: list[Money] = field(default_factory=list)
    late: int = 0
    stalled: int = 0
    closing: int = 0

    @property
    def count_text(self) -> str:
        return f"{self.deals:,}+" if self.bounded else f"{self.deals:,}"


def totals_of(
    stages: list[Stage],
    user: User,
    asked: BoardFilter,
    clock: Clock,
    heads: Collection[int] | None = None,
) -> dict[int, Totals]:
    """The totals of each column, by stage id. The same number of queries whatever the number of deals.

    `heads` are the stages whose late cards are shown too: all where not said. What closes
    this month is counted everywhere, as the board says it of all columns together.
    """
    totals: dict[int, Totals] = {stage.pk: Totals() for stage in stages}
    if asked.kept:
        _take(totals, _kept(stages, user, asked))
        _add_late(
            totals, stages, {stage.pk for stage in stages} if heads is None else heads, user, asked, clock
        )
    else:
        _take(totals, _counted(stages, user, asked, clock))
        for column in totals.values():
            if column.deals > MOST_COUNTED:
                _bound(column)
    for column in totals.values():
        column.money.sort(key=lambda money: (money.currency != clock.organisation.currency, money.currency))
    return totals


def _bound(column: Totals) -> None:
    """Say only what is known of a column when not all of it was counted: overdue cards were counted first."""
    column.deals, column.bounded, column.money = MOST_COUNTED, True, []
    column.stalled = column.closing = 0


def _take(totals: dict[int, Totals], rows: list[tuple]) -> None:
    for stage_id, currency, deals, amount, weighted, *late in rows:
        column = totals[stage_id]
        column.deals += deals
        if currency and deals:
            column.money.append(Money(currency, from_hundredths(amount), from_hundredths(weighted)))
        for kind, number in zip(LATE, late, strict=False):
            setattr(column, kind, getattr(column, kind) + number)


def _kept(stages: list[Stage], user: User, asked: BoardFilter) -> list[tuple]:
    cells = BoardCell.objects.filter(stage__in=stages)
    owners = asked.owners_among(user)
    if owners is not None:
        cells = cells.filter(owner_key__in=owners)
    return list(
        cells.values_list("stage_id", "currency")
        .annotate(all_deals=Sum("deals"), all_amount=Sum("amount"), all_weighted=Sum("weighted"))
        .order_by()
    )


def _counted(stages: list[Stage], user: User, asked: BoardFilter, clock: Clock) -> list[tuple]:
    visible = asked.apply(Deal.objects.visible_to(user).on_board(), clock=clock, stages=stages)
    parts = {}
    for stage in stages:
        chance = Value(100) if stage.is_won else Coalesce(F("probability"), Value(stage.probability))
        late = {
            kind: Case(When(is_so, then=1), default=0) for kind, (is_so, _) in _late(stage, clock).items()
        }
        parts[stage.pk] = (
            visible.filter(stage=stage)
            .order_by(*ORDERS["next"].by)  # so that one index holds all that is asked here
            .annotate(
                cents=Cast(Round(F("amount") * 100), BigIntegerField()),
                chance=Cast(chance, BigIntegerField()),
                **late,
            )
            .values("currency", "cents", "chance", *LATE)[: MOST_COUNTED + 1]
        )
    # Whole hundredths, half away from zero: as stages.domain.cells keeps them, on both databases alike.
    select = "currency, COUNT(*), COALESCE(SUM(cents), 0), COALESCE(SUM((cents * chance + 50) / 100), 0)"
    select += "".join(f", SUM({kind})" for kind in LATE)
    found = gather(select, parts, "GROUP BY currency")
    return [(stage_id, *row) for stage_id, rows in found.items() for row in rows]


def _add_late(
    totals: dict[int, Totals],
    stages: list[Stage],
    heads: Collection[int],
    user: User,
    asked: BoardFilter,
    clock: Clock,
) -> None:
    """How many cards of each column are overdue, stalled or closing this month, counted up to a bound.

    Each in the order of an index: without it the database may rather read the whole table
    in search of the last one.
    """
    visible = asked.apply(Deal.objects.visible_to(user).on_board(), clock=clock, stages=stages)
    parts = {}
    for stage in stages:
        here = visible.filter(stage=stage)
        for kind, (is_so, order) in _late(stage, clock).items():
            if stage.pk not in heads and kind != "closing":
                continue
            parts[stage.pk, kind] = here.filter(is_so).order_by(order).values("pk")[: MOST_LATE + 1]
    for (stage_id, kind), rows in gather("COUNT(*)", parts).items():
        setattr(totals[stage_id], kind, rows[0][0] if rows else 0)


def _late(stage: Stage, clock: Clock) -> dict[str, tuple[Q, str]]:
    """What needs a look in a column, and the field by whose order it is found."""
    first, end = clock.month()
    return {
        "late": (is_overdue(clock), "next_due_at"),
        "stalled": (is_stalled(clock, [stage]), "stage_entered_at"),
        "closing": (Q(expected_close__gte=first, expected_close__lt=end), "expected_close"),
    }
