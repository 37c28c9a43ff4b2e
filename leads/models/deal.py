from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from funnelcrm.models import User
from stages.models import BuyingRole, LossReason, Source, Stage

from .account import Account
from .contact import Contact
from .origin import FromOutside

# What every look at the board asks for (`visible_to`, `on_board`): the condition of its indexes.
LIVING = Q(on_board=True, deleted_at=None)


class Tag(models.Model):
    """A free label on deals."""

    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_unique")]

    def __str__(self) -> str:
        return self.name


class DealQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "DealQuerySet":
        """The one door to deals: own and team's for a rep, the led teams' for a manager, all for an admin.

        Deleted deals are for nobody. The owners are named rather than joined, so that
        a lock (`select_for_update`) stays on the bare row and the board's indexes serve.
        """
        living = self.filter(deleted_at=None)
        scope = user.scope
        return living if scope.everything else living.filter(owner__in=scope.owner_ids)

    def on_board(self) -> "DealQuerySet":
        """Deals that have a card: open ones, and customers that have not left."""
        return self.filter(on_board=True)


class Deal(FromOutside):
    """A possible sale to one account. It sits in exactly one stage.

    Everything from `stage` to `version` is what the ledger says: only
    leads.domain.change writes it, in the transaction that appends the event.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        CHURNED = "churned", "Churned"

    title = models.CharField(max_length=160)
    search = models.CharField(
        max_length=400, editable=False, blank=True, help_text="Title and account, folded."
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="deals"
    )
    contacts = models.ManyToManyField(Contact, through="DealContact", related_name="deals", blank=True)
    tags = models.ManyToManyField(Tag, related_name="deals", blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="deals")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="deals")
    expected_close = models.DateField(null=True, blank=True)
    probability = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Its own, if not the stage's."
    )
    referrer = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="referred_deals"
    )

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="deals", db_index=False)
    stage_entered_at = models.DateTimeField()
    status = models.CharField(max_length=7, choices=Status, default=Status.OPEN)
    started_at = models.DateTimeField()
    won_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    loss_reason = models.ForeignKey(
        LossReason, on_delete=models.PROTECT, null=True, related_name="deals", db_index=False
    )
    deleted_at = models.DateTimeField(null=True)
    on_board = models.BooleanField(default=True, help_text="Open or won, and not deleted.")
    version = models.PositiveIntegerField(default=0, help_text="seq of its newest event.")

    # The nearest planned touchpoint. Only leads.domain.touchpoints writes these.
    next_step = models.ForeignKey(
        "leads.Touchpoint", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    next_due_at = models.DateTimeField(
        null=True, blank=True, help_text="From this instant on the next step is late."
    )
    last_touch_at = models.DateTimeField(
        null=True, blank=True, help_text="The newest touchpoint that was done."
    )

    objects = DealQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            FromOutside.unique_pair("deal_outside_unique"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="deal_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(amount=None, currency="") | (Q(amount__isnull=False) & ~Q(currency="")),
                name="deal_amount_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(probability=None) | Q(probability__lte=100), name="deal_probability_percent"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "won", "lost", "churned"]), name="deal_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "lost"], won_at=None)
                | Q(status__in=["won", "churned"], won_at__isnull=False),
                name="deal_won_at_iff_won",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "won"], lost_at=None)
                | Q(status__in=["lost", "churned"], lost_at__isnull=False),
                name="deal_lost_at_iff_lost",
            ),
            models.CheckConstraint(
                condition=Q(on_board=True, status__in=["open", "won"], deleted_at=None)
                | (Q(on_board=False) & (Q(status__in=["lost", "churned"]) | Q(deleted_at__isnull=False))),
                name="deal_on_board_iff_living",
            ),
            models.CheckConstraint(
                condition=Q(next_step=None, next_due_at=None)
                | Q(next_step__isnull=False, next_due_at__isnull=False),
                name="deal_next_step_has_due",
            ),
        ]
        indexes = [
            # For leads.queries.columns: the first cards of a column, in each order, and for
            # leads.queries.totals: its late ones. Their condition is that of visible deals on the board,
            # so that counting needs the index alone. On PostgreSQL, deal_by_next_step carries along what
            # filters ask (migration `covering_indexes`). By value: the migration `board_indexes`, as
            # SQLite cannot index DESC NULLS LAST.
            models.Index(fields=["stage", "next_due_at", "id"], condition=LIVING, name="deal_by_next_step"),
            models.Index(
                fields=["stage", "stage_entered_at", "id", "last_touch_at"],
                condition=LIVING,
                name="deal_by_age",
            ),
            models.Index(fields=["stage", "expected_close", "id"], condition=LIVING, name="deal_by_close"),
            # The same column for one person or one team. It carries along too (`team_index_carries`).
            models.Index(
                fields=[
                    "stage",
                    "owner",
                    "next_due_at",
                    "stage_entered_at",
                    "expected_close",
                    "last_touch_at",
                ],
                condition=LIVING,
                name="deal_by_owner",
            ),
            # For leads.queries.deal_list.lost_deals.
            models.Index(
                fields=["-lost_at", "-id"],
                condition=Q(lost_at__isnull=False, deleted_at=None),
                name="deal_by_loss",
            ),
            # For the database itself, which looks for the deal of each touchpoint that is deleted.
            models.Index(fields=["next_step"], condition=Q(next_step__isnull=False), name="deal_next_step"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_lost(self) -> bool:
        return self.status in (self.Status.LOST, self.Status.CHURNED)


class DealContact(models.Model):
    """A person's part in one deal."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="committee", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="parts")
    role = models.ForeignKey(
        BuyingRole, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            # Also the index by which a card counts the roles known.
            models.UniqueConstraint(fields=["deal", "contact"], name="deal_contact_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.deal_id}"
