"""Activity (2.6): what moved in a range, whatever became of it since. Gross, by the time of the event."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from stages.domain.life import Stay

from .breakdown import Tallies
from .config import Config
from .journey import Journey
from .query import Query
from .ranges import Range

WAYS_IN = ("created", "forward", "back", "reopened")
WAYS_OUT = ("forward", "back", "lost")
NEW, LOST = "NEW", "LOST"


def activity(journeys: list[Journey], config: Config, query: Query) -> dict:
    """stock_start + arrivals - departures = stock_end for each stage; a matrix column sums to arrivals."""
    period = query.range(config)
    tallies = Tallies(query, partial(_Floors, config, period, query.ids))
    transitions: Counter[str] = Counter()
    gross = Counter(created=0, won=0, lost=0, reopened=0)
    for journey in journeys:
        for stay in journey.stays:
            tallies.add(journey, stay.event, stay)
        transitions.update(_transitions(journey, period))
        gross["created"] += journey.started in period
        gross["won"] += sum(stay.entered in period for stay in journey.crossings())
        gross["lost"] += sum(loss.at in period for loss in journey.losses)
        gross["reopened"] += sum(loss.reopened in period for loss in journey.losses)
    return tallies.answer() | {"transitions": dict(sorted(transitions.items())), "gross": dict(gross)}


def _transitions(journey: Journey, period: Range) -> Iterator[str]:
    """NEW>s, a>b, s>LOST, LOST>s, by the instant of each."""
    before = NEW
    for stay in journey.stays:
        if stay.entered in period:
            yield f"{before}>{stay.stage_id}"
        before = stay.stage_id
        if stay.exit == "lost":
            if stay.left in period:
                yield f"{stay.stage_id}>{LOST}"
            before = LOST


class _Floors:
    """Who came, who went, and who was there, for each stage."""

    def __init__(self, config: Config, period: Range, ids: bool) -> None:
        self.period, self.ids = period, ids
        self.stays: dict[str, list[tuple[str, Stay]]] = {stage.id: [] for stage in config.shown}

    def add(self, journey: Journey, stay: Stay) -> None:
        self.stays[stay.stage_id].append((journey.deal, stay))

    def answer(self) -> dict:
        return {"stages": {stage_id: self._stage(stays) for stage_id, stays in self.stays.items()}}

    def _stage(self, stays: list[tuple[str, Stay]]) -> dict:
        start, end = self.period.start, self.period.end
        came = [(deal, stay) for deal, stay in stays if stay.entered in self.period]
        went = [(deal, stay) for deal, stay in stays if stay.left in self.period]
        here = {
            "stock_start": [deal for deal, stay in stays if start and _there(stay, start)],
            "arrivals": [deal for deal, _ in came],
            "departures": [deal for deal, _ in went],
            "stock_end": [deal for deal, stay in stays if (_there(stay, end) if end else stay.left is None)],
        }
        ways_in, ways_out = Counter(stay.via for _, stay in came), Counter(stay.exit for _, stay in went)
        found: dict = {name: len(deals) for name, deals in here.items()}
        found |= {f"in_{way}": ways_in[way] for way in WAYS_IN}
        found |= {f"out_{way}": ways_out[way] for way in WAYS_OUT}
        return found | {"ids": {name: sorted(deals) for name, deals in here.items()}} if self.ids else found


def _there(stay: Stay, moment) -> bool:
    """Whether the deal was in the stage just before an instant."""
    return stay.entered < moment and (stay.left is None or stay.left >= moment)
