"""The columns of the board: head and first cards, at a cost that does not grow with the deals."""

from collections.abc import Mapping
from dataclasses import dataclass

from funnelcrm.models import User
from leads.models import Deal
from leads.queries.cards import Card, cards_of
from leads.queries.clock import Clock
from leads.queries.filters import BoardFilter
from leads.queries.gather import gather
from leads.queries.totals import Totals, totals_of
from stages.models import Stage

FIRST_CARDS = 20
MOST_CARDS = 500


@dataclass(slots=True)
class Column:
    """A stage with its totals and the cards shown of it."""

    stage: Stage
    totals: Totals
    cards: list[Card]
    shown: int
    more: bool

    @property
    def hidden(self) -> int:
        """How many cards wait behind "Show n more" (a lower bound where the count is bounded)."""
        return max(self.totals.deals - self.shown, 1) if self.more else 0

    @property
    def next_shown(self) -> int:
        return self.shown + FIRST_CARDS


def columns_for(
    stages: list[Stage],
    user: User,
    asked: BoardFilter,
    clock: Clock,
    shown: Mapping[int, int] | None = None,
    totals: dict[int, Totals] | None = None,
) -> list[Column]:
    """The columns of the given stages, in the given order. `shown`: cards wanted, 20 where not said.

    `totals` where the caller knows them already.
    """
    totals = totals or totals_of(stages, user, asked, clock)
    limits = {stage.pk: min((shown or {}).get(stage.pk, FIRST_CARDS), MOST_CARDS) for stage in stages}
    first = first_deals(stages, user, asked, clock, limits)
    wanted = [pk for stage_id, pks in first.items() for pk in pks[: limits[stage_id]]]
    by_stage: dict[int, list[Card]] = {stage.pk: [] for stage in stages}
    for card in cards_of(
        wanted, order=asked.order, clock=clock, stages={stage.pk: stage for stage in stages}
    ):
        by_stage[card.stage_id].append(card)
    return [
        Column(
            stage=stage,
            totals=totals[stage.pk],
            cards=by_stage[stage.pk],
            shown=limits[stage.pk],
            more=len(first[stage.pk]) > limits[stage.pk],
        )
        for stage in stages
    ]


def first_deals(
    stages: list[Stage], user: User, asked: BoardFilter, clock: Clock, limits: Mapping[int, int]
) -> dict[int, list[int]]:
    """The ids of each column's first deals, one more than asked for where there are more."""
    visible = asked.apply(Deal.objects.visible_to(user).on_board(), clock=clock, stages=stages)
    parts = {
        stage.pk: visible.filter(stage=stage).order_by(*asked.order.by).values("pk")[: limits[stage.pk] + 1]
        for stage in stages
    }
    return {stage_id: [row[0] for row in rows] for stage_id, rows in gather("*", parts).items()}
