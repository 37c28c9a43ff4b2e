from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now

from funnelcrm.models import User

from .origin import FromOutside


class AccountQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "AccountQuerySet":
        """Accounts of one's own scope, and those behind the deals that one may see."""
        from .deal import Deal  # noqa: PLC0415 -- the two models know each other

        scope = user.scope
        if scope.everything:
            return self
        deals = Deal.objects.visible_to(user).filter(account=OuterRef("pk"))
        return self.filter(Q(owner__in=scope.owner_ids) | Exists(deals))


class Account(FromOutside):
    """A company that we sell to, or would like to."""

    name = models.CharField(max_length=160)
    search = models.CharField(
        max_length=200, editable=False, blank=True, help_text="The name, folded for search."
    )
    industry = models.CharField(max_length=80, blank=True)
    location = models.CharField(max_length=120, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    domain = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts")
    created_at = models.DateTimeField(default=now, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [FromOutside.unique_pair("account_outside_unique")]
        indexes = [
            # For leads.queries.accounts.suggest: names that begin with what was typed.
            models.Index(fields=["search"], name="account_search"),
        ]

    def __str__(self) -> str:
        return self.name
