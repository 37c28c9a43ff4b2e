"""What becomes of each demo deal, and when: its way through the stages. Nothing of money or people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.domain.demo.world import World
from stages.models import DealEvent

Kind = DealEvent.Kind
SPAN = 425  # days that the story goes back: about fourteen months

# How 420 deals end: (ending, stage where it rests or was lost) -> how many. Fewer get through each stage.
ENDINGS = {
    ("open", 0): 30,
    ("open", 1): 26,
    ("open", 2): 24,
    ("open", 3): 18,
    ("won", 4): 14,
    ("won", 5): 38,
    ("churned", 5): 9,
    ("churned", 4): 1,
    ("lost", 0): 118,
    ("lost", 1): 74,
    ("lost", 2): 42,
    ("lost", 3): 26,
}
WHOLE = sum(ENDINGS.values())
# Days in each stage: at least, at most, usually.
USUAL = [(2, 30, 8), (3, 35, 12), (6, 60, 20), (5, 45, 14), (3, 24, 10), (40, 160, 90)]


@dataclass(frozen=True, slots=True)
class Fate:
    """How a deal ends, and in which stage (by number)."""

    ending: str
    stage: int


@dataclass(slots=True)
class Step:
    """One turn of a deal's life."""

    kind: str
    stage: int
    at: datetime


def fates(world: World, size: int) -> list[Fate]:
    """The fates of `size` deals, shuffled; at least one of each."""
    found = []
    for (ending, stage), many in ENDINGS.items():
        found += [Fate(ending, stage)] * max(1, round(many * size / WHOLE))
    world.dice.shuffle(found)
    return found


def live(world: World, fate: Fate) -> list[Step]:
    """A life that ends in this fate: its turns, in the order and at the times they happened."""
    turns = _turns(world, fate)
    days = [_days(world, kind, stage) for kind, stage in turns]
    days[-1] = _days_since(world, fate, sum(days[:-1]))
    total = sum(days)
    squeeze = min(1.0, SPAN / total)
    steps, ago = [], total * squeeze
    for (kind, stage), stay in zip(turns, days, strict=True):
        at = world.at_work(world.days_ago(ago))
        if steps and at <= steps[-1].at:
            at = steps[-1].at + timedelta(minutes=1)
        steps.append(Step(kind, stage, at))
        ago -= stay * squeeze
    return steps


def _turns(world: World, fate: Fate) -> list[tuple[str, int]]:
    route = _route(world, fate)
    turns = [(Kind.CREATED, route[0]), *((Kind.MOVED, stage) for stage in route[1:])]
    if world.chance(0.04):  # the buyer came back
        at = world.dice.randrange(len(turns))
        stage = turns[at][1]
        turns[at + 1 : at + 1] = [(Kind.LOST, stage), (Kind.REOPENED, stage)]
    if fate.ending in ("lost", "churned"):
        turns.append((Kind.LOST, fate.stage))
    return turns


def _route(world: World, fate: Fate) -> list[int]:
    """The stages passed, from the first to the last: with skips, and with steps back."""
    first = world.dice.choices([0, 1, 2], [80, 14, 6])[0]
    route = list(range(min(first, fate.stage), fate.stage + 1))
    if len(route) > 3 and world.chance(0.12):
        route.pop(world.dice.randrange(1, min(3, len(route) - 1)))
    if len(route) > 2 and world.chance(0.12):
        at = world.dice.randrange(1, len(route))
        route[at + 1 : at + 1] = [route[at - 1], route[at]]
    if fate.ending == "open" and fate.stage < 3 and world.chance(0.06):
        route += [fate.stage + 1, fate.stage]
    return route


def _days(world: World, kind: str, stage: int) -> float:
    if kind == Kind.LOST:  # until it was reopened
        return world.dice.uniform(20, 70)
    return world.dice.triangular(*USUAL[stage])


def _days_since(world: World, fate: Fate, before: float) -> float:
    """How long ago the last turn was. Most open deals are fresh, some lie longer than their stage allows."""
    dice = world.dice
    if fate.ending == "lost":
        return dice.uniform(0.5, max(2.0, SPAN - before))
    if fate.ending == "churned":
        return dice.uniform(4, 150)
    if fate.stage == 5:
        return dice.uniform(2, 280)
    allowed = world.stages[fate.stage].stale_after_days or 14
    if world.chance(0.16):
        return dice.uniform(1.1, 2.6) * allowed
    return dice.uniform(0, 0.9) * allowed
