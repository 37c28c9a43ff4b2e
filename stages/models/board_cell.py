from django.db import models

from .pipeline import Stage


class BoardCell(models.Model):
    """Kept totals of the deals on the board, for one stage, owner and currency.

    Changed in the transaction that changes a deal, by the difference that the
    deal makes (stages.domain.cells), so a board costs the same at any size.
    `changes` counts every change, visible in the totals or not: the sum over the
    cells that a person may see is the version of that person's board.
    """

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="cells", db_index=False)
    owner_key = models.BigIntegerField(default=0, help_text="The owner's id; 0: nobody.")
    currency = models.CharField(max_length=3, blank=True, help_text="Blank: deals without an amount.")
    deals = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(default=0, help_text="Sum of the deals' amounts, in hundredths.")
    weighted = models.BigIntegerField(
        default=0, help_text="Sum of amount x probability, rounded per deal, in hundredths."
    )
    changes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            # Also the index of stages.queries.cells.
            models.UniqueConstraint(fields=["stage", "owner_key", "currency"], name="cell_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id}/{self.owner_key}/{self.currency}: {self.deals}"
