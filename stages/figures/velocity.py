"""Velocity (2.8): what the pipeline earns each day, and the four parts it is made of."""

from fractions import Fraction

from .config import Config
from .journey import Journey
from .money import decimals, rounded
from .quantiles import nearest_rank
from .query import Query
from .ranges import DAY, TICK, hours
from .rates import rate


def velocity(journeys: list[Journey], config: Config, query: Query) -> dict:
    """Open deals x win rate x mean won value / mean won cycle, in minor units a day; None if a part is."""
    period = query.range(config)
    closed = [journey for journey in journeys if journey.closed_at in period]
    won = [journey for journey in closed if journey.outcome == "won"]
    is_open = [journey for journey in journeys if journey.outcome == "open"]
    values = [journey.value for journey in won if journey.value is not None]
    cycles = [journey.closed_at - journey.started for journey in won]
    mean_value = Fraction(sum(values), len(values)) if values else None
    mean_cycle = Fraction(sum(one // TICK for one in cycles), len(cycles) * (DAY // TICK)) if cycles else None
    days = (query.end - query.start).days if query.start and query.end else 0
    found = {
        "open": len(is_open),
        "win_rate": rate(len(won), len(closed)),
        "mean_won_value": None if mean_value is None else rounded(mean_value),
        "mean_cycle_days": None if mean_cycle is None else decimals(mean_cycle, 1),
        "median_cycle_hours": nearest_rank(map(hours, cycles), Fraction(1, 2)),
        "per_day": _per_day(len(is_open), len(won), len(closed), mean_value, mean_cycle),
        "realised_per_day": rounded(Fraction(sum(values), days)) if days > 0 else None,
    }
    if query.ids:
        lists = {"open": is_open, "won": won, "closed": closed}
        found["ids"] = {name: sorted(one.deal for one in deals) for name, deals in lists.items()}
    return found


def _per_day(
    is_open: int, won: int, closed: int, mean_value: Fraction | None, mean_cycle: Fraction | None
) -> int | None:
    if mean_value is None or not mean_cycle:
        return None
    return rounded(is_open * Fraction(won, closed) * mean_value / mean_cycle)
