"""The ledger: one append-only row per thing that happened to a deal.

A trigger in the database refuses to change or delete a row (see the migration
`ledger_is_append_only`). Every figure of the product follows from these rows.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from .pipeline import Stage
from .vocabulary import LossReason, Source


class DealEvent(models.Model):
    """What happened to a deal, when, who did it, and the deal's values right after it."""

    class Kind(models.TextChoices):
        CREATED = "created"
        MOVED = "moved"
        LOST = "lost"
        REOPENED = "reopened"
        REVISED = "revised"
        DELETED = "deleted"
        RESTORED = "restored"
        VOIDED = "voided"

    deal = models.ForeignKey("leads.Deal", on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField(help_text="1, 2, 3... in the order recorded.")
    at = models.DateTimeField(help_text="When it happened. May be far in the past (import).")
    recorded_at = models.DateTimeField(default=now, help_text="When we learnt it.")
    kind = models.CharField(max_length=8, choices=Kind)
    from_stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.ForeignKey(
        LossReason, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.CharField(max_length=500, blank=True)
    voids = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, related_name="+", db_index=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # One gesture of a person, on however many deals: the idempotency key, and the handle of undo.
    operation = models.UUIDField(default=uuid4)

    # The deal's values after this event, whole. Null is a value ("no owner"), not "unchanged".
    title = models.CharField(max_length=160)
    # Six decimals, so that a log from outside keeps what it says; ours have two.
    amount = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    currency = models.CharField(max_length=3, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    expected_close = models.DateField(null=True)
    probability = models.PositiveSmallIntegerField(null=True, help_text="The deal's own, in percent.")
    customer = models.ForeignKey(
        "leads.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    referrer = models.ForeignKey(
        "leads.Account", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["deal", "seq"]
        constraints = [
            # Also the index by which stages.domain.ledger.history reads one deal's events.
            models.UniqueConstraint(fields=["deal", "seq"], name="event_seq_unique"),
            # The second line of defence of a repeated request: one gesture acts once on a deal.
            models.UniqueConstraint(fields=["deal", "operation", "kind"], name="event_operation_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "created",
                        "moved",
                        "lost",
                        "reopened",
                        "revised",
                        "deleted",
                        "restored",
                        "voided",
                    ]
                ),
                name="event_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="voided", voids__isnull=False) | (~Q(kind="voided") & Q(voids=None)),
                name="event_voids_iff_voided",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["created", "moved"]) | Q(to_stage__isnull=False),
                name="event_arrives_somewhere",
            ),
        ]
        indexes = [
            # For leads.domain.undo: all that one gesture did.
            models.Index(fields=["operation"], name="event_operation"),
            # For the database itself, which looks for voids of each event that erase_events removes.
            models.Index(fields=["voids"], condition=Q(voids__isnull=False), name="event_voids"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}/{self.seq} {self.kind}"


class LedgerOpen(models.Model):
    """While a transaction holds a row here, the ledger lets rows be removed (erasure, demo data).

    The row is inserted and deleted inside one transaction, so no other one ever sees it.
    """

    reason = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.reason
