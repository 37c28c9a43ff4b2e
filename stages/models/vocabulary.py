"""The lists that differ from market to market: reasons, channels, touchpoint types, buying roles."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Word(models.Model):
    """One entry of a list that an admin keeps. Never deleted once used: retired."""

    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class LossReason(Word):
    """Why a deal was lost: to a competitor or a price, or because it fell away by itself."""

    class Class(models.TextChoices):
        COMPETITIVE = "competitive", "Competitive"
        DERAIL = "derail", "Derailed"

    reason_class = models.CharField(max_length=11, choices=Class, default=Class.COMPETITIVE)
    needs_note = models.BooleanField(default=False)

    class Meta(Word.Meta):
        constraints = [
            models.UniqueConstraint(Lower("name"), name="loss_reason_name_unique"),
            models.CheckConstraint(
                condition=Q(reason_class__in=["competitive", "derail"]), name="loss_reason_class_known"
            ),
        ]


class Source(Word):
    """The channel a deal came in by."""

    icon = models.CharField(max_length=20, default="link", help_text="Name of a symbol in static/icons.svg.")

    class Meta(Word.Meta):
        constraints = [models.UniqueConstraint(Lower("name"), name="source_name_unique")]


class TouchpointType(Word):
    """A kind of contact with the buyer: call, e-mail, demo..."""

    icon = models.CharField(max_length=20, default="talk", help_text="Name of a symbol in static/icons.svg.")

    class Meta(Word.Meta):
        constraints = [models.UniqueConstraint(Lower("name"), name="touchpoint_type_name_unique")]


class BuyingRole(Word):
    """A part that somebody plays in the buyer's decision. `needed` ones are counted on the card."""

    needed = models.BooleanField(default=True)

    class Meta(Word.Meta):
        constraints = [models.UniqueConstraint(Lower("name"), name="buying_role_name_unique")]
