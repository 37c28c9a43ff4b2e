"""What the makers of the demo share: the dice, the moment, and the lists of this installation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from django.db.models import Model

from funnelcrm.errors import DomainError
from funnelcrm.models import Organisation
from stages.models import BuyingRole, LossReason, Pipeline, Source, Stage, TouchpointType

ORIGIN = "demo"
HOLIDAYS = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (5, 1)}  # month, day
OPEN_STAGES, WON_STAGES = 4, 2


class Words(dict):
    """A list of this installation by name. A word that an admin renamed or retired falls to the first one."""

    def __missing__(self, name: str) -> Model:
        return next(iter(self.values()))


@dataclass(slots=True)
class World:
    """One telling of the demo: the same dice and moment tell the same story."""

    dice: Random
    moment: datetime
    organisation: Organisation
    pipeline: Pipeline
    stages: list[Stage]
    sources: Mapping[str, Source]
    reasons: Mapping[str, LossReason]
    types: Mapping[str, TouchpointType]
    roles: Mapping[str, BuyingRole]

    @classmethod
    def of(cls, *, pipeline: Pipeline, seed: int, moment: datetime) -> "World":
        stages = list(pipeline.stages.shown())
        if [stage.is_won for stage in stages] != [False] * OPEN_STAGES + [True] * WON_STAGES:
            raise DomainError(
                "The demo data tells of four open stages and two won ones. This funnel has others."
            )
        return cls(
            dice=Random(seed),  # noqa: S311 -- a story, not a secret
            moment=moment,
            organisation=Organisation.current(),
            pipeline=pipeline,
            stages=stages,
            sources=_words(Source),
            reasons=_words(LossReason),
            types=_words(TouchpointType),
            roles=_words(BuyingRole),
        )

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def days_ago(self, days: float) -> datetime:
        return self.moment - timedelta(days=days)

    def at_work(self, moment: datetime) -> datetime:
        """A moment of office hours on that day, or on the working day before; never in the future."""
        local = moment.astimezone(self.organisation.zone)
        # As many throws whatever the day: else each moment of loading would tell a story of its own.
        minute, second = self.dice.randrange(8 * 60, 17 * 60 + 30), self.dice.randrange(60)
        for _ in range(10):
            clock = time(minute // 60, minute % 60, second)
            found = datetime.combine(local.date(), clock, tzinfo=local.tzinfo)
            off = found.weekday() >= 5 or (found.month, found.day) in HOLIDAYS
            if not off and found < self.moment - timedelta(minutes=5):
                return found.astimezone(moment.tzinfo)
            local -= timedelta(days=1)
        return moment


def _words(model: type[Model]) -> Words:
    words = Words({word.name: word for word in model.objects.filter(retired_at=None)})
    if not words:
        raise DomainError(
            f"The demo data needs at least one entry in the list “{model._meta.verbose_name_plural}”."
        )
    return words
