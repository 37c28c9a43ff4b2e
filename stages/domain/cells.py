"""The kept totals of the board: changed by differences, in the transaction of the change.

Why they are exact: a deal's share is computed from its row before and after, under the
lock of that row, and both halves are committed with it. `audit` recomputes all of them.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection

from stages.models import BoardCell

CellKey = tuple[int, int, str]  # stage, owner (0: nobody), currency


@dataclass(slots=True)
class Share:
    """What one deal, or one change, adds to a cell. Money in hundredths."""

    deals: int = 0
    amount: int = 0
    weighted: int = 0
    changes: int = 0

    def add(self, other: "Share", sign: int = 1) -> None:
        self.deals += sign * other.deals
        self.amount += sign * other.amount
        self.weighted += sign * other.weighted


def hundredths(amount: Decimal) -> int:
    """Money as whole hundredths, half away from zero (funnel-metrics.md, 2.8)."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share_of(amount: Decimal | None, weight: Decimal) -> Share:
    """The share of a deal on the board; `weight` is its chance to be won, 0 to 1."""
    if amount is None:
        return Share(deals=1)
    return Share(deals=1, amount=hundredths(amount), weighted=hundredths(amount * weight))


class CellChanges:
    """Differences collected during a transaction and written at its end, in one statement.

    Rows are written in the order of their keys, so that two transactions never
    wait for each other in a circle.
    """

    def __init__(self) -> None:
        self._shares: dict[CellKey, Share] = defaultdict(Share)

    def add(self, key: CellKey, share: Share, sign: int = 1) -> None:
        self._shares[key].add(share, sign)

    def touch(self, key: CellKey) -> None:
        """Something that the board shows has changed, in the totals or not."""
        self._shares[key].changes = 1

    def write(self) -> None:
        keys = sorted(self._shares)
        for start in range(0, len(keys), 100):
            _upsert([(*key, self._shares[key]) for key in keys[start : start + 100]])
        self._shares.clear()


def _upsert(rows: list[tuple[int, int, str, Share]]) -> None:
    table = connection.ops.quote_name(BoardCell._meta.db_table)
    columns = ("deals", "amount", "weighted", "changes")
    raised = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns)
    sql = (  # names of our own; every value is a parameter
        f"INSERT INTO {table} (stage_id, owner_key, currency, {', '.join(columns)}) "  # noqa: S608
        f"VALUES {', '.join(['(%s, %s, %s, %s, %s, %s, %s)'] * len(rows))} "
        f"ON CONFLICT (stage_id, owner_key, currency) DO UPDATE SET {raised}"
    )
    values = [
        value
        for stage, owner, currency, share in rows
        for value in (stage, owner, currency, share.deals, share.amount, share.weighted, share.changes)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
