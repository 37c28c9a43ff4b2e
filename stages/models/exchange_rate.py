from django.db import models
from django.db.models import Q


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the organisation's, from a day on until the next rate."""

    currency = models.CharField(max_length=3, help_text="ISO 4217.")
    date = models.DateField(help_text="The first local day on which it holds.")
    rate = models.DecimalField(max_digits=20, decimal_places=10)

    class Meta:
        ordering = ["currency", "date"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "date"], name="exchange_rate_one_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.date}: {self.rate}"
