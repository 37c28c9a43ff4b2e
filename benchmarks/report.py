"""The figures as a table, and the ratios beside what is to be reached."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.works import Work

Figures = Mapping[str, "Work"]


def print_works(works: Iterable["Work"]) -> None:
    print(
        f"{'':28}{'median':>9}{'p95':>9}{'queries':>9}{'kB':>7}{'n':>5}   {'plain SQL: median':>17}{'p95':>8}"
    )
    for work in works:
        cost, plain = work.product, work.plain
        beside = f"{plain.median:17.1f}{plain.p95:8.1f}" if plain else ""
        beside += f"{work.render.median:9.1f}" if work.render else ""
        print(
            f"{work.name:28}{cost.median:9.1f}{cost.p95:9.1f}{cost.queries:9}"
            f"{cost.bytes / 1000:7.0f}{cost.n:5}   {beside}"
        )


def print_targets(figures: Mapping[int, Figures]) -> None:
    """Each ratio at each size; the growth where both ends were measured."""
    print("\nTargets")
    for size, works in figures.items():
        board, move = works["board, admin"], works["move, the function"]
        floor = board.plain.median + board.render.median
        most = max(work.product.queries for name, work in works.items() if name.startswith(("board", "text")))
        whole = works["move, the whole request"].product.median / move.plain.median
        print(f"{size:,} deals")
        _say("board open / (plain SQL + render floor)", board.product.median / floor, 6)
        _say("most queries of a board", most, 15)
        _say("queries of a move beyond savepoints", move.product.queries, 8)
        _say("move / plain SQL transaction", move.product.median / move.plain.median, 4)
        print(f"  {'the whole request of a move / plain SQL':45}{whole:7.2f}")
    small, large = 10_000, 1_000_000
    if {small, large} <= figures.keys():
        for name in ("board, admin", "board, rep"):
            growth = figures[large][name].product.median / figures[small][name].product.median
            _say(f"{name}: {large:,} deals / {small:,}", growth, 1.5)


def _say(name: str, figure: float, most: float) -> None:
    print(f"  {name:45}{figure:7.2f}  at most {most}: {'reached' if figure <= most else 'MISSED'}")
