"""What a card shows, ready for its template."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from funnelcrm.models import User
from funnelcrm.money import short
from leads.models import Deal, DealContact
from leads.queries.clock import Clock
from leads.queries.filters import Order
from stages.models import BuyingRole, Stage


@dataclass(frozen=True, slots=True)
class Card:
    """One deal on the board."""

    pk: int
    version: int
    stage_id: int
    key: int
    title: str
    account: str
    value: str
    amount: str  # plain, for the page to add up
    currency: str
    source: str
    source_icon: str
    days: int
    stalled: bool
    owner: User | None
    roles: int
    roles_needed: int
    step_icon: str
    step: str
    when: str
    step_state: str

    @property
    def dots(self) -> str:
        """The buying committee as dots: known roles filled, missing ones hollow."""
        return "●" * self.roles + "○" * (self.roles_needed - self.roles)


def cards_of(pks: Iterable[int], *, order: Order, clock: Clock, stages: dict[int, Stage]) -> list[Card]:
    """The cards of deals that may be seen, in the order asked for: one query.

    `stages` are those on the page: a deal that has left them since its id was read has no card there.
    """
    deals = (
        Deal.objects.filter(pk__in=list(pks), stage__in=stages)
        .select_related("account", "owner", "source", "next_step__type")
        .annotate(roles=known_roles(), roles_needed=needed_roles())
    )
    cards = [card_of(deal, order=order, clock=clock, stage=stages[deal.stage_id]) for deal in deals]
    return sorted(cards, key=lambda card: (card.key, card.pk))


def card_of(deal: Deal, *, order: Order, clock: Clock, stage: Stage) -> Card:
    step = deal.next_step
    when, state = clock.due(step.due_on, step.due_time, step.due_at) if step else ("", "none")
    return Card(
        pk=deal.pk,
        version=deal.version,
        stage_id=deal.stage_id,
        key=order.key(deal),
        title=deal.title,
        account=deal.account.name if deal.account else "",
        value=short(deal.amount, deal.currency) if deal.amount is not None else "",
        amount=f"{deal.amount:f}" if deal.amount is not None else "",
        currency=deal.currency,
        source=deal.source.name if deal.source else "",
        source_icon=deal.source.icon if deal.source else "",
        days=clock.days_since(deal.stage_entered_at),
        stalled=stalled(deal, stage, clock),
        owner=deal.owner,
        roles=deal.roles,
        roles_needed=deal.roles_needed,
        step_icon=step.type.icon if step else "clock",
        step=str(step) if step else "No next step",
        when=when,
        step_state=state,
    )


def stalled(deal: Deal, stage: Stage, clock: Clock) -> bool:
    """The same rule as leads.queries.filters.is_stalled, for one deal."""
    if not stage.stale_after or not deal.on_board:
        return False
    since = clock.moment - stage.stale_after
    touched = deal.last_touch_at if stage.is_won else None
    return deal.stage_entered_at <= since and (touched is None or touched <= since)


def known_roles() -> Coalesce:
    """How many of the needed buying roles are filled in a deal."""
    parts = DealContact.objects.filter(deal=OuterRef("pk"), role__needed=True).order_by().values("deal")
    count = parts.annotate(known=Count("role", distinct=True)).values("known")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def needed_roles() -> Coalesce:
    """How many buying roles a decision usually needs."""
    roles = BuyingRole.objects.filter(needed=True, retired_at=None).order_by().values("needed")
    count = roles.annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)
