from django.db import models
from django.db.models import Q

LOG = "log"  # of what `manage.py load_events` made


class FromOutside(models.Model):
    """A row that may have come from an import or the demo data, and knows which row it was there.

    The pair is what makes an import that runs twice change nothing.
    """

    origin = models.CharField(max_length=40, blank=True, help_text='"demo", the name of an import, or blank.')
    external_id = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def unique_pair(name: str) -> models.UniqueConstraint:
        return models.UniqueConstraint(
            fields=["origin", "external_id"], condition=~Q(origin="") & ~Q(external_id=""), name=name
        )
