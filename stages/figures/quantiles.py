"""Percentiles of durations: nearest rank, and Kaplan-Meier for those that still go on (2.7, 4.6). Exact."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

QUANTILES = {"p50": Fraction(1, 2), "p75": Fraction(3, 4), "p90": Fraction(9, 10)}


def nearest_rank(durations: Iterable[int], quantile: Fraction) -> int | None:
    """The smallest value that at least that share does not exceed (rank ceil(p * n)); None of nothing."""
    counts = Counter(durations)
    total, upto = sum(counts.values()), 0
    for duration in sorted(counts):
        upto += counts[duration]
        if upto * quantile.denominator >= total * quantile.numerator:
            return duration
    return None


def kaplan_meier(
    completed: Iterable[int], ongoing: Iterable[int], quantiles: Iterable[Fraction]
) -> list[int | None]:
    """For each quantile: the smallest duration at which no more than 1 - q are expected to be left.

    Those who are still there count as long as we have seen them stay. None: that many never left yet.
    """
    exits, present = Counter(completed), Counter(ongoing)
    at_risk = sum(exits.values()) + sum(present.values())
    left, steps = Fraction(1), []
    for duration in sorted(exits.keys() | present.keys()):
        if exits[duration]:
            left *= Fraction(at_risk - exits[duration], at_risk)
            steps.append((duration, left))
        at_risk -= exits[duration] + present[duration]
    return [next((at for at, left in steps if left <= 1 - quantile), None) for quantile in quantiles]
