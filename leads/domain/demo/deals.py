"""The demo's deals: a fate told as events, with what changed on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from funnelcrm.models import User
from leads.domain.change import snapshot
from leads.domain.deals import search_text
from leads.domain.demo.buyers import Buyer
from leads.domain.demo.fates import Fate, Kind, Step, live
from leads.domain.demo.people import People
from leads.domain.demo.words import EXTRAS, LOSS_NOTES, LOSS_REASONS, SOURCES, THINGS, WORKS
from leads.domain.demo.world import ORIGIN, World
from leads.models import Account, Deal
from stages.models import DealEvent

Revision = tuple[datetime, Callable[[Deal], None]]


@dataclass(slots=True)
class Story:
    """A deal with its life: what to write, and what the touchpoints are made from."""

    deal: Deal
    buyer: Buyer | None
    fate: Fate
    steps: list[Step]
    events: list[DealEvent]


class Teller:
    """Tells deals one after another, so that no title comes twice at one account and customers can refer."""

    def __init__(self, world: World, people: People, buyers: list[Buyer]) -> None:
        self.world, self.people, self.buyers = world, people, buyers
        self.dice = world.dice
        self.titles: set[str] = set()
        self.customers: list[tuple[datetime, Account]] = []

    def tell_all(self, fates: list[Fate]) -> list[Story]:
        """The stories of these fates, the oldest first."""
        lives = sorted(((live(self.world, fate), fate) for fate in fates), key=lambda pair: pair[0][0].at)
        return [self._tell(number, fate, steps) for number, (steps, fate) in enumerate(lives, start=1)]

    def _tell(self, number: int, fate: Fate, steps: list[Step]) -> Story:
        buyer = None if self.world.chance(0.015) else self.dice.choice(self.buyers)
        deal = self._begin(number, fate, steps, buyer)
        events = self._events(deal, steps, self._revisions(deal, fate, steps))
        won = [step.at for step in steps if self.world.stages[step.stage].is_won]
        if won and buyer:
            self.customers.append((won[0], buyer.account))
        return Story(deal, buyer, fate, steps, events)

    def _begin(self, number: int, fate: Fate, steps: list[Step], buyer: Buyer | None) -> Deal:
        """The deal as it was on its first day."""
        account = buyer.account if buyer else None
        source = self.dice.choices(list(SOURCES), SOURCES.values())[0]
        amount = None if self.world.chance(0.1) else self._amount(buyer)
        title = self._title(buyer)
        return Deal(
            origin=ORIGIN,
            external_id=str(number),
            title=title,
            search=search_text(title, account),
            account=account,
            owner=self._owner(account),
            amount=amount,
            currency="" if amount is None else _currency(buyer),
            source=self.world.sources[source],
            expected_close=self._close(fate, steps),
            probability=self.dice.choice([20, 40, 75, 80]) if self.world.chance(0.04) else None,
            referrer=self._referrer(account, steps[0].at) if source == "Referral" else None,
        )

    def _title(self, buyer: Buyer | None) -> str:
        industry = buyer.account.industry if buyer else self.dice.choice(list(THINGS))
        name = buyer.account.name if buyer else ""
        while True:
            title = f"{self.dice.choice(THINGS[industry])} {self.dice.choice(WORKS)}"
            if self.world.chance(0.3):
                title += self.dice.choice(EXTRAS)
            if f"{name}/{title}" not in self.titles:
                self.titles.add(f"{name}/{title}")
                return title

    def _amount(self, buyer: Buyer | None) -> Decimal:
        """From a few thousand to a few hundred thousand, more at a larger company."""
        employees = buyer.account.employees if buyer else 100
        value = self.dice.lognormvariate(10.0, 0.75) * (0.6 + min(employees, 2000) / 1100)
        step = 500 if value < 40_000 else 1000
        return Decimal(max(2500, min(380_000, round(value / step) * step)))

    def _owner(self, account: Account | None) -> User:
        """Mostly who looks after the account, sometimes somebody else of the same team."""
        if account is None:
            return self.dice.choice(self.people.reps)
        if self.world.chance(0.75):
            return account.owner
        return self.dice.choice(self.people.of_team(account.owner.team_id))

    def _close(self, fate: Fate, steps: list[Step]) -> date:
        if fate.ending in ("won", "churned"):
            first = next(step.at for step in steps if self.world.stages[step.stage].is_won)
            return first.date() + timedelta(days=self.dice.randint(-25, 20))
        return steps[0].at.date() + timedelta(days=self.dice.randint(35, 130))

    def _referrer(self, account: Account | None, at: datetime) -> Account | None:
        happy = [customer for won, customer in self.customers if won < at and customer != account]
        return self.dice.choice(happy) if happy else None

    def _revisions(self, deal: Deal, fate: Fate, steps: list[Step]) -> list[Revision]:
        """What somebody corrected on the way: the value, the owner, the close date."""
        found: list[Revision] = []
        furthest = max(step.stage for step in steps)
        first_estimate = deal.amount is None and self.world.chance(0.8)
        if first_estimate or (deal.amount and furthest >= 2 and self.world.chance(0.35)):
            found.append((self._sometime(steps), self._revalue))
        if self.world.chance(0.08):
            found.append((self._sometime(steps), self._hand_over))
        today = self.world.organisation.day_of(self.world.moment)
        if fate.ending == "open" and deal.expected_close < today and self.world.chance(0.85):
            found.append((self._sometime(steps, recent=True), self._put_off))
        return sorted(found, key=lambda revision: revision[0])

    def _sometime(self, steps: list[Step], *, recent: bool = False) -> datetime:
        """After the deal was created, and before it was lost or the story ends."""
        first = steps[0].at
        end = steps[-1].at if steps[-1].kind == Kind.LOST else self.world.moment
        if recent:
            first = max(first, end - timedelta(days=12))
        at = self.world.at_work(first + (end - first) * self.dice.uniform(0.1, 0.95))
        return at if steps[0].at < at < end else steps[0].at + timedelta(seconds=30)

    def _revalue(self, deal: Deal) -> None:
        change = Decimal(self.dice.randrange(70, 145)) / 100
        buyer = next((buyer for buyer in self.buyers if buyer.account is deal.account), None)
        if deal.amount is None:
            deal.amount, deal.currency = self._amount(buyer), _currency(buyer)
        else:
            deal.amount = (deal.amount * change / 250).quantize(Decimal(1)) * 250

    def _hand_over(self, deal: Deal) -> None:
        others = [user for user in self.people.of_team(deal.owner.team_id) if user != deal.owner]
        deal.owner = self.dice.choice(others or self.people.reps)

    def _put_off(self, deal: Deal) -> None:
        today = self.world.organisation.day_of(self.world.moment)
        deal.expected_close = today + timedelta(days=self.dice.randint(4, 100))

    def _events(self, deal: Deal, steps: list[Step], revisions: list[Revision]) -> list[DealEvent]:
        """The events of a life, each with the deal's values after it; the deal ends with the last ones."""
        turns = [(step.at, step, None) for step in steps] + [(at, None, change) for at, change in revisions]
        events, here = [], None
        for at, step, change in sorted(turns, key=lambda turn: turn[0]):
            if step is None:
                by = self._boss(deal) if change == self._hand_over else deal.owner
                change(deal)
                events.append(self._event(deal, Kind.REVISED, at, by))
            else:
                fields = dict(self._way(step, here))
                events.append(self._event(deal, step.kind, at, deal.owner, **fields))
                here = step.stage
        return events

    def _way(self, step: Step, here: int | None) -> Iterator[tuple[str, object]]:
        """The fields that say what happened: from where, to where, why."""
        stages = self.world.stages
        if step.kind in (Kind.MOVED, Kind.LOST):
            yield "from_stage", stages[here]
        if step.kind != Kind.LOST:
            yield "to_stage", stages[step.stage]
            return
        name = self.dice.choice(LOSS_REASONS[step.stage])
        yield "reason", self.world.reasons[name]
        if self.world.chance(0.45):
            yield "note", LOSS_NOTES.get(name, "")

    def _boss(self, deal: Deal) -> User:
        return next((user for user in self.people.managers if user.team_id == deal.owner.team_id), deal.owner)

    def _event(self, deal: Deal, kind: str, at: datetime, by: User, **fields) -> DealEvent:
        """An event that was written down when it happened."""
        operation = UUID(int=self.dice.getrandbits(128), version=4)
        return DealEvent(
            kind=kind, at=at, recorded_at=at, actor=by, operation=operation, **fields, **snapshot(deal)
        )


def _currency(buyer: Buyer | None) -> str:
    return buyer.currency if buyer else "EUR"
