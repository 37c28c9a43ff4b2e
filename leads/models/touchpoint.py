from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from funnelcrm.models import User
from stages.models import Stage, TouchpointType

from .deal import Deal


class TouchpointQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "TouchpointQuerySet":
        return self.filter(deal__in=Deal.objects.visible_to(user))


class Touchpoint(models.Model):
    """A contact with the buyer: planned (it has a due day), or done. A planned one is a next step."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="touchpoints", db_index=False)
    type = models.ForeignKey(TouchpointType, on_delete=models.PROTECT, related_name="+", db_index=False)
    summary = models.CharField(max_length=160, blank=True)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField(null=True, blank=True, help_text="The organisation's day.")
    due_time = models.TimeField(null=True, blank=True, help_text="Local time; blank: any time that day.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="From this instant on it is late.")
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = TouchpointQuerySet.as_manager()

    class Meta:
        ordering = ["-done_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on=None, due_at=None) | Q(due_on__isnull=False, due_at__isnull=False),
                name="touchpoint_due_whole",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(due_at__isnull=False),
                name="touchpoint_planned_or_done",
            ),
        ]
        indexes = [
            # For the history of a deal, and for its next step.
            models.Index(fields=["deal", "done_at", "due_at"], name="touchpoint_of_deal"),
        ]

    def __str__(self) -> str:
        return self.summary or str(self.type)
