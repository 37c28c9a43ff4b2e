"""What was done with the buyers of the demo, and what is planned next."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from leads.domain.demo.deals import Story
from leads.domain.demo.fates import Kind, Step
from leads.domain.demo.words import CUSTOMER_NOTES, NOTES, TOUCHES
from leads.domain.demo.world import World
from leads.models import Touchpoint

# When the next step of a deal on the board is due, and how often.
WHEN = {"late": 15, "today": 16, "this week": 26, "later": 33, "none": 10}
MOST_PER_STAY = 5


def touches_of(world: World, story: Story) -> Iterator[Touchpoint]:
    """The past of a deal that has been written, and its next step, as rows to write."""
    quiet = story.deal.on_board and world.chance(0.15)
    for step, left in _stays(world, story.steps):
        yield from _past(world, story, step, left, quiet=quiet and step is story.steps[-1])
    if story.deal.on_board:
        yield from _planned(world, story)


def _stays(world: World, steps: list[Step]) -> Iterator[tuple[Step, datetime]]:
    for step, following in pairwise(steps):
        if step.kind != Kind.LOST:
            yield step, following.at
    if steps[-1].kind != Kind.LOST:
        yield steps[-1], world.moment


def _past(world: World, story: Story, step: Step, left: datetime, *, quiet: bool) -> Iterator[Touchpoint]:
    """Several touchpoints per stay. Where it has gone quiet, they all lie in its beginning."""
    length = (left - step.at) / timedelta(days=1)
    many = min(MOST_PER_STAY, int(length / 6 + world.dice.uniform(0.3, 1.6)))
    shares = sorted(world.dice.uniform(0, 0.3 if quiet else 0.98) for _ in range(many))
    ideas = world.dice.sample(TOUCHES[step.stage], len(TOUCHES[step.stage]))
    for share, (kind, summary, _) in zip(shares, ideas, strict=False):
        at = world.at_work(step.at + (left - step.at) * share)
        if not step.at < at < left:
            at = step.at + (left - step.at) * share
        yield _done(world, story, step, at, kind, summary)


def _done(world: World, story: Story, step: Step, at: datetime, kind: str, summary: str) -> Touchpoint:
    day = world.organisation.day_of(at)
    notes = CUSTOMER_NOTES if world.stages[step.stage].is_won else NOTES
    was_planned = world.chance(0.6)
    planned_at = max(step.at, at - timedelta(days=world.dice.randint(1, 6)))
    return Touchpoint(
        deal=story.deal,
        type=world.types[kind],
        summary=summary,
        note=world.dice.choice(notes) if world.chance(0.25) else "",
        owner=story.deal.owner,
        stage=world.stages[step.stage],
        due_on=day if was_planned else None,
        due_at=world.organisation.end_of(day) if was_planned else None,
        done_at=at,
        created_at=planned_at if was_planned else at,
        created_by=story.deal.owner,
    )


def _planned(world: World, story: Story) -> Iterator[Touchpoint]:
    """The next step, and now and then one after it."""
    when = world.dice.choices(list(WHEN), WHEN.values())[0]
    if when == "none":
        return
    day, clock = _due(world, story, when)
    yield _step(world, story, day, clock)
    if world.chance(0.15):
        yield _step(world, story, day + timedelta(days=world.dice.randint(5, 20)), None)


def _due(world: World, story: Story, when: str) -> tuple[date, time | None]:
    dice = world.dice
    today = world.organisation.day_of(world.moment)
    if when == "today":
        return today, time(dice.randint(9, 17), dice.choice([0, 0, 15, 30])) if world.chance(0.5) else None
    if when == "late":
        first = world.organisation.day_of(story.steps[-1].at)
        known = min((today - first).days, 9)
        return (today - timedelta(days=dice.randint(1, known)) if known >= 1 else today), None
    ahead = (
        dice.randint(1, 6) if when == "this week" else dice.randint(7, 70 if story.fate.stage == 5 else 35)
    )
    day = today + timedelta(days=ahead)
    if day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    return day, time(dice.randint(9, 16), 0) if world.chance(0.3) else None


def _step(world: World, story: Story, day: date, clock: time | None) -> Touchpoint:
    organisation = world.organisation
    kind, _, summary = world.dice.choice(TOUCHES[story.fate.stage])
    due_at = organisation.end_of(day)
    if clock:
        due_at = datetime.combine(day, clock, tzinfo=organisation.zone)
    made = min(world.moment, due_at) - timedelta(days=world.dice.uniform(0.5, 4))
    return Touchpoint(
        deal=story.deal,
        type=world.types[kind],
        summary=summary,
        owner=story.deal.owner,
        stage=world.stages[story.fate.stage],
        due_on=day,
        due_time=clock,
        due_at=due_at,
        created_at=max(story.steps[-1].at, made),
        created_by=story.deal.owner,
    )
