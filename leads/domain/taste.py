"""How a person likes the board: dense or airy cards, and which columns stay folded."""

from funnelcrm.models import User
from stages.models import Stage

MOST_FOLDED = 100


def set_density(*, compact: bool, by: User) -> None:
    by.compact_cards = compact
    by.save(update_fields=["compact_cards"])


def fold_or_unfold(*, stage: Stage, by: User) -> None:
    """Fold a column, or unfold it if it is folded."""
    folded = [pk for pk in by.folded_stages if pk != stage.pk]
    by.folded_stages = folded if stage.pk in by.folded_stages else [*folded, stage.pk][-MOST_FOLDED:]
    by.save(update_fields=["folded_stages"])
