"""How a funnel is shaped: pipelines, their stages, and what helps in each stage."""

from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from funnelcrm.models import Hue


class Pipeline(models.Model):
    """One funnel: an ordered set of stages. `version` rises with each change of its configuration."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="pipeline_name_unique"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="pipeline_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StageQuerySet(models.QuerySet):
    def shown(self) -> "StageQuerySet":
        """The living stages, in the order of the funnel."""
        return self.filter(archived_at=None).order_by("position")


class Stage(models.Model):
    """A step of the buyer's journey. Entering the first stage of kind won is the win."""

    class Kind(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won on entry"

    pipeline = models.ForeignKey(Pipeline, on_delete=models.PROTECT, related_name="stages")
    name = models.CharField(max_length=40)
    slug = models.SlugField(max_length=40)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.OPEN)
    hue = models.CharField(max_length=6, choices=Hue, default=Hue.SLATE)
    goal = models.CharField(max_length=300, blank=True)
    buyer = models.CharField(max_length=300, blank=True, help_text="What the buyer does in this stage.")
    probability = models.PositiveSmallIntegerField(
        default=0, help_text="Chance to win from here, in percent."
    )
    stale_after_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Blank: never stale."
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["pipeline", "position"]
        constraints = [
            # Deferred, so that two stages can swap places inside one transaction.
            models.UniqueConstraint(
                fields=["pipeline", "position"],
                name="stage_position_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["pipeline", "slug"], name="stage_slug_unique"),
            models.UniqueConstraint(
                "pipeline",
                Lower("name"),
                name="stage_name_unique",
                condition=Q(archived_at=None),
                violation_error_message="This pipeline already has a stage with that name.",
            ),
            models.CheckConstraint(condition=Q(kind__in=["open", "won"]), name="stage_kind_known"),
            models.CheckConstraint(condition=Q(probability__lte=100), name="stage_probability_percent"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="stage_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_won(self) -> bool:
        return self.kind == self.Kind.WON

    @property
    def stale_after(self) -> timedelta | None:
        return timedelta(days=self.stale_after_days) if self.stale_after_days else None

    @property
    def weight(self) -> Decimal:
        """The share of a deal's value that counts here, 0 to 1. A won deal counts in full."""
        return Decimal(1) if self.is_won else Decimal(self.probability) / 100


class PlaybookItem(models.Model):
    """What helps in a stage: a touchpoint to offer, content to hand out, a sign to move on."""

    class Kind(models.TextChoices):
        TOUCHPOINT = "touchpoint", "Touchpoint"
        CONTENT = "content", "Content"
        CRITERION = "criterion", "Exit criterion"

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="playbook")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["stage", "kind", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["touchpoint", "content", "criterion"]), name="playbook_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text
