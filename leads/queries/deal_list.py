"""The deals of a board as one list: the columns' first deals, merged in the order asked for."""

from dataclasses import dataclass

from funnelcrm.models import User
from funnelcrm.text import fold
from leads.models import Deal
from leads.queries.cards import Card
from leads.queries.clock import Clock
from leads.queries.columns import MOST_CARDS, columns_for
from leads.queries.filters import BoardFilter
from stages.models import Stage

FIRST_ROWS = 50


@dataclass(slots=True)
class DealList:
    """Rows, and how many deals there are in all."""

    rows: list[tuple[Card, Stage]]
    count: str
    next_shown: int | None


@dataclass(slots=True)
class LostList:
    """Lost deals, the newest losses first."""

    deals: list[Deal]
    next_shown: int | None


def lost_deals(user: User, words: str, shown: int) -> LostList:
    """The newest losses, and the customers that left: here a deal is reopened when the buyer comes back."""
    shown = min(max(shown, FIRST_ROWS), MOST_CARDS)
    lost = Deal.objects.visible_to(user).filter(lost_at__isnull=False)
    for word in fold(words).split():
        lost = lost.filter(search__contains=word)
    related = ("account", "owner", "stage", "loss_reason")
    deals = list(lost.select_related(*related).order_by("-lost_at", "-pk")[: shown + 1])
    more = len(deals) > shown and shown < MOST_CARDS
    return LostList(deals=deals[:shown], next_shown=shown + FIRST_ROWS if more else None)


def deals_page(stages: list[Stage], user: User, asked: BoardFilter, clock: Clock, shown: int) -> DealList:
    """The first `shown` deals of the given stages. Costs what a board costs, whatever the number of deals."""
    shown = min(max(shown, FIRST_ROWS), MOST_CARDS)
    columns = columns_for(stages, user, asked, clock, {stage.pk: shown for stage in stages})
    by_pk = {stage.pk: stage for stage in stages}
    cards = sorted(
        (card for column in columns for card in column.cards), key=lambda card: (card.key, card.pk)
    )
    bounded = any(column.totals.bounded for column in columns)
    count = sum(column.totals.deals for column in columns)
    more = len(cards) > shown or any(column.more for column in columns)
    return DealList(
        rows=[(card, by_pk[card.stage_id]) for card in cards[:shown]],
        count=f"{count:,}+" if bounded else f"{count:,}",
        next_shown=shown + FIRST_ROWS if more and shown < MOST_CARDS else None,
    )
