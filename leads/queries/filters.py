"""What the board shows of all deals, and in which order. Its text form is the URL."""

from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import F, Q

from funnelcrm.models import User
from funnelcrm.text import fold
from leads.models import Deal
from leads.models.deal import DealQuerySet
from leads.queries.clock import Clock
from stages.models import Stage

FAR = 9_000_000_000_000_000  # the key of a card that has no value to sort by: last


@dataclass(frozen=True, slots=True)
class Order:
    """An order of cards: for the database, and as a number on the card for the page."""

    label: str
    field: str
    descending: bool = False

    @property
    def by(self) -> tuple:
        field = F(self.field)
        first = field.desc(nulls_last=True) if self.descending else field.asc(nulls_last=True)
        return first, "pk"

    def key(self, deal: Deal) -> int:
        value = getattr(deal, self.field)
        if value is None:
            return FAR
        if self.field == "amount":
            return -int(value * 100)
        return value.toordinal() if self.field == "expected_close" else int(value.timestamp())


ORDERS = {
    "next": Order("Next step", "next_due_at"),
    "value": Order("Value", "amount", descending=True),
    "age": Order("Days in stage", "stage_entered_at"),
    "close": Order("Close date", "expected_close"),
}


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Different filters narrow each other; several values of one widen it."""

    owner: tuple[int, ...] = ()
    team: tuple[int, ...] = ()
    members: tuple[int, ...] = ()  # the people of `team`, looked up when the filter was read
    source: tuple[int, ...] = ()
    tag: tuple[int, ...] = ()
    min: Decimal | None = None
    max: Decimal | None = None
    age: int | None = None
    state: str = ""
    close: str = ""
    q: str = ""
    sort: str = "next"

    @property
    def order(self) -> Order:
        return ORDERS[self.sort]

    def query(self, **changes: object) -> str:
        """The query string of this filter, with some of its values changed; blank where nothing is asked."""
        pairs = []
        for field in fields(self):
            value = changes.get(field.name, getattr(self, field.name))
            if field.name == "members" or value == field.default:
                continue
            pairs += [(field.name, one) for one in (value if isinstance(value, tuple) else (value,))]
        return urlencode(pairs)

    @property
    def kept(self) -> bool:
        """Whether the kept totals answer for this filter: it asks for owners at most."""
        asked = {field.name for field in fields(self) if getattr(self, field.name) != field.default}
        return asked <= {"owner", "team", "members", "sort"}

    def owners_among(self, user: User) -> set[int] | None:
        """The owners whose deals are asked for and may be seen; None: everybody's, also nobody's."""
        asked = {*self.owner, *self.members} if self.owner or self.team else None
        if user.scope.everything:
            return asked
        mine = set(user.scope.owner_ids)
        return mine if asked is None else asked & mine

    def apply(self, deals: DealQuerySet, *, clock: Clock, stages: list[Stage]) -> DealQuerySet:
        """Narrow visible deals. `stages` say from when on a deal is stalled."""
        if self.owner or self.team:
            deals = deals.filter(owner__in={*self.owner, *self.members})
        if self.source:
            deals = deals.filter(source__in=self.source)
        if self.tag:  # asked of the link table, so that a deal with two of the tags comes once
            deals = deals.filter(pk__in=Deal.tags.through.objects.filter(tag__in=self.tag).values("deal"))
        if self.min is not None:
            deals = deals.filter(amount__gte=self.min)
        if self.max is not None:
            deals = deals.filter(amount__lte=self.max)
        if self.age is not None:
            deals = deals.filter(stage_entered_at__lte=clock.moment - timedelta(days=self.age))
        for word in fold(self.q).split():
            deals = deals.filter(search__contains=word)
        return self._by_dates(deals, clock, stages)

    def _by_dates(self, deals: DealQuerySet, clock: Clock, stages: list[Stage]) -> DealQuerySet:
        if self.close:
            first, end = clock.month() if self.close == "month" else clock.quarter()
            deals = deals.filter(expected_close__gte=first, expected_close__lt=end)
        if self.state == "overdue":
            return deals.filter(is_overdue(clock))
        if self.state == "stalled":
            return deals.filter(is_stalled(clock, stages))
        if self.state == "nostep":
            return deals.filter(next_due_at=None)
        if self.state == "attention":
            return deals.filter(is_overdue(clock) | is_stalled(clock, stages) | Q(next_due_at=None))
        return deals


def is_overdue(clock: Clock) -> Q:
    """Its next step should have been done by now."""
    return Q(next_due_at__lte=clock.moment)


def is_stalled(clock: Clock, stages: list[Stage]) -> Q:
    """Too long in one open stage (funnel-metrics.md, 2.7), or a customer whom nobody touched for too long.

    Computed, not stored: a changed threshold holds at once, for every deal.
    """
    stalled = Q(pk__in=[])
    for stage in stages:
        if stage.stale_after:
            since = clock.moment - stage.stale_after
            long_ago = Q(stage=stage, stage_entered_at__lte=since)
            if stage.is_won:
                long_ago &= Q(last_touch_at=None) | Q(last_touch_at__lte=since)
            stalled |= long_ago
    return stalled
