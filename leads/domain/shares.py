"""What deals add to the kept totals of the board, and the differences once they have changed."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from leads.models import Deal
from stages.domain.cells import CellChanges, CellKey, Share, share_of
from stages.models import Stage


def cell_key(deal: Deal) -> CellKey:
    """The cell that a deal belongs to, as its row says."""
    return deal.stage_id, deal.owner_id or 0, deal.currency


def cell_share(deal: Deal, stage: Stage) -> Share:
    """What a deal adds to its cell: nothing when it has no card. Its own probability wins."""
    if not deal.on_board:
        return Share()
    own = deal.probability if deal.status == Deal.Status.OPEN else None
    return share_of(deal.amount, stage.weight if own is None else Decimal(own) / 100)


class Shares:
    """The deals at hand: `know` them before a change, `follow` each after it, `write` at the end."""

    def __init__(self, stages: Mapping[int, Stage]) -> None:
        self._stages = stages
        self._cells = CellChanges()
        self._known: dict[int, tuple[CellKey, Share]] = {}

    def know(self, deals: Iterable[Deal]) -> None:
        self._known |= {deal.pk: self._share(deal) for deal in deals}

    def follow(self, deal: Deal) -> None:
        """Note the difference that a deal makes now. A deal that was not known is new."""
        if deal.pk in self._known:
            key, share = self._known[deal.pk]
            self._cells.add(key, share, sign=-1)
            self._cells.touch(key)
        key, share = self._known[deal.pk] = self._share(deal)
        self._cells.add(key, share)
        self._cells.touch(key)

    def touch(self, deal: Deal) -> None:
        """The card looks different, and adds the same."""
        self._cells.touch(cell_key(deal))

    def forget(self) -> None:
        """Let go of deals that are done with; their differences stay noted."""
        self._known = {}

    def write(self) -> None:
        self._cells.write()

    def _share(self, deal: Deal) -> tuple[CellKey, Share]:
        return cell_key(deal), cell_share(deal, self._stages[deal.stage_id])
