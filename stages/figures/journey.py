"""One deal as of an instant: its life, and what follows from it (2.3, 2.8)."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from stages.domain.life import Life, Loss, Stay, replay

from .config import Config
from .ledger import Ledger, LogRow
from .money import in_base
from .query import Query
from .ranges import local_day


class Journey:
    """A deal that exists as of `as_of`: it has begun, and is not deleted."""

    def __init__(self, deal: str, rows: list[LogRow], life: Life, config: Config, as_of: datetime) -> None:
        self.deal, self.rows, self.life, self.config, self.as_of = deal, rows, life, config, as_of
        self.stays: list[Stay] = life.stays
        self.losses: list[Loss] = life.losses
        self.last: LogRow = life.last
        self.started: datetime = life.stays[0].entered
        self.won_at: datetime | None = life.won_at
        self.loss: Loss | None = life.loss
        self.lost: bool = life.loss is not None

    @property
    def stage(self) -> str:
        """Where the deal is now, or was when it was lost."""
        return self.stays[-1].stage_id

    @cached_property
    def furthest(self) -> int:
        """The highest position the deal ever stood at."""
        return max(self.config.places[stay.stage_id].position for stay in self.stays)

    @property
    def outcome(self) -> str:
        """won (also when the customer left later), lost, or open: the standing outcome."""
        if self.won_at:
            return "won"
        return "lost" if self.lost else "open"

    @property
    def churned(self) -> bool:
        return self.won_at is not None and self.lost

    @property
    def closed_at(self) -> datetime | None:
        """When the standing outcome came about; None while open."""
        return self.won_at or (self.loss.at if self.loss else None)

    @cached_property
    def winning(self) -> int:
        """The index of the stay that crossed the won line for good. Only for won deals."""
        place = len(self.stays) - 1
        while place and self.config.places[self.stays[place - 1].stage_id].won:
            place -= 1
        return place

    @property
    def closing(self) -> LogRow:
        """The row that closed the deal, or its last one while it is open."""
        if self.won_at:
            return self.stays[self.winning].event
        return self.loss.event if self.loss else self.last

    @cached_property
    def value(self) -> int | None:
        """The latest amount in minor units of the base currency, at the closing day's rate or today's."""
        config = self.config
        day = local_day(self.closed_at or self.as_of, config.zone)
        return in_base(self.last.amount, self.last.currency, day, config.rates, config.base_currency)

    def arrival(self, position: int) -> Stay | None:
        """The first stay at or beyond that position."""
        places = self.config.places
        return next((stay for stay in self.stays if places[stay.stage_id].position >= position), None)

    def crossings(self) -> Iterator[Stay]:
        """Every entry that crossed the won line: the gross wins."""
        below = True
        for stay in self.stays:
            won = self.config.places[stay.stage_id].won
            if won and below:
                yield stay
            below = not won

    def at(self, moment: datetime) -> "Journey":
        """The same deal as of an earlier moment. Only after it has begun."""
        return journey(self.deal, self.rows, self.config, moment)


def journey(deal: str, rows: list[LogRow], config: Config, as_of: datetime) -> Journey | None:
    """What the rows of one deal amount to as of an instant; None if the deal does not exist then."""
    life = replay(rows, config.places, until=as_of, shown=config.stands_for, first=config.shown[0].id)
    if life.deleted_at or not life.stays:
        return None
    return Journey(deal, rows, life, config, as_of)


def journeys(ledger: Ledger, config: Config, query: Query) -> list[Journey]:
    """All deals as the query asks to see them."""
    found = (journey(deal, rows, config, query.as_of) for deal, rows in ledger.known_at(query.known_at))
    return [one for one in found if one]
