"""Loading the demo: a company's last fourteen months, written in one transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from leads.domain.bulk_append import bulk_append
from leads.domain.demo.buyers import settle
from leads.domain.demo.deals import Story, Teller
from leads.domain.demo.fates import fates
from leads.domain.demo.people import People, hire
from leads.domain.demo.touches import touches_of
from leads.domain.demo.words import JOBS, TAGS
from leads.domain.demo.world import ORIGIN, World
from leads.models import Account, Deal, DealContact, SavedView, Tag, Touchpoint
from stages.domain.installation import install

SIZE = 420
ROLE_OF = dict(JOBS)
BATCH = 500


def is_loaded() -> bool:
    return any(model.objects.filter(origin=ORIGIN).exists() for model in (Deal, Account))


@transaction.atomic
def load(
    *, seed: int = 1, size: int = SIZE, password: str | None = None, at: datetime | None = None
) -> People | None:
    """Write the demo, and answer with its people. None where it is there already: nothing changes then.

    The same seed, size and moment tell the same story.
    """
    if is_loaded():
        return None
    world = World.of(pipeline=install(), seed=seed, moment=at or now())
    people = hire(password)
    buyers = settle(world, people, size)
    stories = Teller(world, people, buyers).tell_all(fates(world, size))
    _write_deals(stories)
    _write_committees(world, stories)
    _write_touchpoints(world, stories)
    _write_tags(world, stories)
    _write_views(world, people)
    return people


def _write_deals(stories: list[Story]) -> None:
    """The deals with their events; each event says itself who did it and when."""
    with bulk_append(by=None) as bulk:
        for start in range(0, len(stories), BATCH):
            for story in stories[start : start + BATCH]:
                bulk.tell(story.deal, story.events)
            bulk.flush()


def _write_committees(world: World, stories: Iterable[Story]) -> None:
    """The further a deal got, the more of the people who decide are known."""
    parts = []
    for story in stories:
        contacts = story.buyer.contacts if story.buyer else []
        furthest = max(step.stage for step in story.steps)
        known = min(len(contacts), world.dice.randint(0, 1) + (furthest + 1) // 2 + (furthest > 2))
        for contact in world.dice.sample(contacts, known):
            role = world.roles[ROLE_OF[contact.job_title]] if world.chance(0.88) else None
            parts.append(DealContact(deal=story.deal, contact=contact, role=role))
    DealContact.objects.bulk_create(parts, batch_size=BATCH)


def _write_touchpoints(world: World, stories: list[Story]) -> None:
    """Touchpoints, and what the deals' rows say of them (as leads.domain.touchpoints does)."""
    touches = [touch for story in stories for touch in touches_of(world, story)]
    Touchpoint.objects.bulk_create(touches, batch_size=BATCH)
    for touch in touches:
        deal = touch.deal
        if touch.done_at:
            deal.last_touch_at = max(deal.last_touch_at or touch.done_at, touch.done_at)
        elif deal.next_step is None or touch.due_at < deal.next_due_at:
            deal.next_step, deal.next_due_at = touch, touch.due_at
    fields = ["next_step", "next_due_at", "last_touch_at"]
    Deal.objects.bulk_update((story.deal for story in stories), fields, batch_size=BATCH)


def _write_tags(world: World, stories: Iterable[Story]) -> None:
    """Tags of the demo's own: where the installation has one of these names, it stays out of this."""
    taken = {name.casefold() for name in Tag.objects.values_list("name", flat=True)}
    tags = [Tag.objects.create(name=name) for name in TAGS if name.casefold() not in taken]
    link = Deal.tags.through
    links = [
        link(deal=story.deal, tag=tag)
        for story in stories
        if world.chance(0.4)
        for tag in world.dice.sample(tags, min(len(tags), world.dice.choice([1, 1, 1, 2])))
    ]
    link.objects.bulk_create(links, batch_size=BATCH)


def _write_views(world: World, people: People) -> None:
    """A rep's own view, and one that a manager shares with the team."""
    rep, manager = people.reps[0], people.managers[0]
    SavedView.objects.bulk_create(
        [
            SavedView(
                owner=rep,
                pipeline=world.pipeline,
                name="My big ones",
                query=f"owner={rep.pk}&min=40000&sort=value",
            ),
            SavedView(
                owner=manager,
                pipeline=world.pipeline,
                name="Closing this quarter",
                query="close=quarter&sort=close",
                shared=True,
            ),
        ]
    )
