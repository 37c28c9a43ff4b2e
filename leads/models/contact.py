from django.db import models
from django.utils.timezone import now

from funnelcrm.models import User

from .account import Account
from .origin import FromOutside


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ContactQuerySet":
        """People of the accounts that one may see."""
        if user.scope.everything:
            return self
        return self.filter(account__in=Account.objects.visible_to(user))


class Contact(FromOutside):
    """A person on the buyer's side."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    name = models.CharField(max_length=160)
    job_title = models.CharField(max_length=120, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [FromOutside.unique_pair("contact_outside_unique")]

    def __str__(self) -> str:
        return self.name
