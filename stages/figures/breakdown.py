"""The same figure for all deals and for each group of them (2.9)."""

from collections.abc import Callable
from decimal import Decimal

from .journey import Journey
from .ledger import LogRow
from .query import Query

NONE = "(none)"


def group_of(query: Query, journey: Journey, entry: LogRow) -> str:
    """The group of a deal: by the row that put it into the denominator, or by its newest row."""
    row = journey.last if query.attribution == "now" else entry
    value = getattr(row, query.by)
    if value is None:
        return NONE
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


class Tallies:
    """A tally of all, and one for each group if the query has a `by`. Each deal is in exactly one group."""

    def __init__(self, query: Query, new: Callable) -> None:
        self.query, self.new, self.total = query, new, new()
        self.groups: dict[str, object] = {}

    def add(self, journey: Journey, entry: LogRow, *what) -> None:
        """Count a deal, or something that happened to it, in all tallies that it belongs to."""
        self.total.add(journey, *what)
        if self.query.by:
            name = group_of(self.query, journey, entry)
            if name not in self.groups:
                self.groups[name] = self.new()
            self.groups[name].add(journey, *what)

    def answer(self) -> dict:
        found = {"total": self.total.answer()}
        if self.query.by:
            found["groups"] = {name: self.groups[name].answer() for name in sorted(self.groups)}
        return found


def ids_of(journeys: list[Journey]) -> list[str]:
    """The deals behind a number, in a stable order, each once."""
    return sorted({journey.deal for journey in journeys})
