"""The forecast (2.8): by month, what is won and what the open deals are likely to bring. A snapshot."""

from fractions import Fraction

from .config import Config
from .journey import Journey
from .money import decimals
from .pipeline import weighted
from .query import Query
from .ranges import local_day, month_name

OVERDUE, UNDATED = "overdue", "undated"


def forecast(journeys: list[Journey], config: Config, query: Query) -> dict:
    """Won deals in the month they closed, open ones in the month they are expected to; lost ones nowhere."""
    today = local_day(query.as_of, config.zone)
    months: dict[str, dict] = {}
    for journey in journeys:
        if journey.won_at:
            _add(_cell(months, month_name(local_day(journey.won_at, config.zone)), query), journey)
        elif journey.outcome == "open":
            _add(_cell(months, _expected(journey, today), query), journey)
    dated = sorted(name for name in months if name not in (OVERDUE, UNDATED))
    names = [*dated, *(name for name in (OVERDUE, UNDATED) if name in months)]
    return {
        "months": {name: months[name] for name in names},
        "coverage_this_month": _coverage(months.get(month_name(today)), query.target),
    }


def _expected(journey: Journey, today) -> str:
    day = journey.last.expected_close
    if day is None:
        return UNDATED
    return OVERDUE if day < today else month_name(day)


def _cell(months: dict[str, dict], name: str, query: Query) -> dict:
    if name not in months:
        months[name] = {"won": 0, "won_value": 0, "open": 0, "open_value": 0, "weighted": 0}
        if query.ids:
            months[name]["ids"] = {"won": [], "open": []}
    return months[name]


def _add(cell: dict, journey: Journey) -> None:
    side = "won" if journey.won_at else "open"
    cell[side] += 1
    cell[f"{side}_value"] += journey.value or 0
    if side == "open":
        cell["weighted"] += weighted(journey)
    if "ids" in cell:
        cell["ids"][side] = sorted([*cell["ids"][side], journey.deal])


def _coverage(month: dict | None, target: int | None) -> float | None:
    """Open value expected this month for each unit that the target still lacks; None: nothing lacks."""
    if target is None:
        return None
    won, expected = (month["won_value"], month["open_value"]) if month else (0, 0)
    return decimals(Fraction(expected, target - won), 2) if target > won else None
