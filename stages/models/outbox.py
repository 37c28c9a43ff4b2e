from django.db import models
from django.utils.timezone import now


class Outbox(models.Model):
    """Work that follows from a change: written in its transaction, done by a worker, deleted when done.

    The row is the queue. A Celery message only says "look now"; beat looks anyway.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(
        max_length=120, unique=True, help_text="The same effect asked for twice is one effect."
    )
    deal = models.ForeignKey("leads.Deal", on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(
        "funnelcrm.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key
