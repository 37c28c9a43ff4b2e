"""How many deals stand in a column, and what they are worth: kept, or counted up to a bound."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import BigIntegerField, F, Sum, Value
from django.db.models.functions import Cast, Coalesce, Round

from funnelcrm.models import User
from funnelcrm.money import from_hundredths, short
from leads.models import Deal
from leads.queries.clock import Clock
from leads.queries.filters import BoardFilter, is_overdue, is_stalled
from leads.queries.gather import gather
from stages.models import BoardCell, Stage

# Beyond these a count is shown as "5,000+": exact for what people can act on, and a bound on the work.
MOST_COUNTED = 5000
MOST_LATE = 999


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


def totals_of(stages: list[Stage], user: User, asked: BoardFilter, clock: Clock) -> dict[int, Totals]:
    """The totals of each column, by stage id. The same number of queries whatever the number of deals."""
    rows = _kept(stages, user, asked) if asked.kept else _counted(stages, user, asked, clock)
    totals: dict[int, Totals] = {stage.pk: Totals() for stage in stages}
    for stage_id, currency, deals, amount, weighted in rows:
        column = totals[stage_id]
        column.deals += deals
        if currency and deals:
            column.money.append(Money(currency, from_hundredths(amount), from_hundredths(weighted)))
    for column in totals.values():
        if column.deals > MOST_COUNTED and not asked.kept:
            column.deals, column.bounded, column.money = MOST_COUNTED, True, []
        column.money.sort(key=lambda money: (money.currency != clock.organisation.currency, money.currency))
    _add_late(totals, stages, user, asked, clock)
    return totals


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
        parts[stage.pk] = (
            visible.filter(stage=stage)
            .order_by()
            .annotate(
                cents=Cast(Round(F("amount") * 100), BigIntegerField()),
                chance=Cast(chance, BigIntegerField()),
            )
            .values("currency", "cents", "chance")[: MOST_COUNTED + 1]
        )
    # Whole hundredths, half away from zero: as stages.domain.cells keeps them, on both databases alike.
    select = "currency, COUNT(*), COALESCE(SUM(cents), 0), COALESCE(SUM((cents * chance + 50) / 100), 0)"
    found = gather(select, parts, "GROUP BY currency")
    return [(stage_id, *row) for stage_id, rows in found.items() for row in rows]


def _add_late(
    totals: dict[int, Totals], stages: list[Stage], user: User, asked: BoardFilter, clock: Clock
) -> None:
    """How many cards of each column are overdue, stalled or closing this month, counted up to a bound."""
    visible = asked.apply(Deal.objects.visible_to(user).on_board(), clock=clock, stages=stages).order_by()
    first, end = clock.month()
    parts = {}
    for stage in stages:
        here = visible.filter(stage=stage)
        parts[stage.pk, "late"] = here.filter(is_overdue(clock)).values("pk")[: MOST_LATE + 1]
        closing = here.filter(expected_close__gte=first, expected_close__lt=end)
        parts[stage.pk, "closing"] = closing.values("pk")[: MOST_LATE + 1]
        parts[stage.pk, "stalled"] = here.filter(is_stalled(clock, [stage])).values("pk")[: MOST_LATE + 1]
    for (stage_id, kind), rows in gather("COUNT(*)", parts).items():
        setattr(totals[stage_id], kind, rows[0][0] if rows else 0)
