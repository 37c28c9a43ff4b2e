"""What the board costs as the number of deals grows.

.venv/bin/python -m benchmarks.board --sizes 1000,10000,100000,1000000
"""

import argparse
import time

from benchmarks import database
from benchmarks.report import Figures, print_targets, print_works


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--database", default="funnel_bench", help="made if missing; kept unless --drop")
    parser.add_argument("--drop", action="store_true", help="drop the database before and after")
    asked = parser.parse_args()
    if asked.drop:
        database.drop(asked.database)
    database.prepare(asked.database)
    try:
        figures = {size: _measure(asked.database, size) for size in sorted(map(int, asked.sizes.split(",")))}
        print_targets(figures)
    finally:
        if asked.drop:
            database.drop(asked.database)


def _measure(name: str, size: int) -> Figures:
    """Fill up to this size, and measure everything there."""
    from benchmarks.fill import grow  # noqa: PLC0415 -- needs Django to be set up
    from benchmarks.works import all_works  # noqa: PLC0415

    with database.connect(name) as connection:
        began = time.monotonic()
        grow(connection, size)
        print(f"\n{size:,} deals (filled and analysed in {time.monotonic() - began:.0f} s)")
        works = {work.name: work for work in all_works(connection)}
        print_works(works.values())
        if size <= 10_000:
            _audit()
    return works


def _audit() -> None:
    from leads.domain.audit import differences  # noqa: PLC0415

    wrong = list(differences())
    print(f"audit: {len(wrong)} differences", *wrong[:5], sep="\n  ")


if __name__ == "__main__":
    main()
