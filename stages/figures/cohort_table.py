"""The cohort table (2.5): by month of start, how many had reached the target by each month's end."""

from collections import defaultdict
from datetime import date, timedelta

from .config import Config
from .journey import Journey
from .query import Query
from .ranges import local_day, midnight, month_name, month_of, months, next_month
from .rates import percent


def cohort_table(journeys: list[Journey], config: Config, query: Query) -> dict:
    """One row for each local month of the range that has begun; reached = ever, so rows never fall."""
    target = config.stage(query.target_stage, config.won_line).position
    period = query.range(config)
    cohorts: dict[date, list[Journey]] = defaultdict(list)
    for journey in journeys:
        if journey.started in period:
            cohorts[month_of(local_day(journey.started, config.zone))].append(journey)
    return {
        month_name(month): _row(cohorts[month], month, target, config, query)
        for month in _rows(cohorts, config, query)
    }


def _rows(cohorts: dict[date, list[Journey]], config: Config, query: Query) -> list[date]:
    """The months of the range, or those between the first start and as_of where it has no bounds."""
    last = local_day(query.as_of - timedelta(microseconds=1), config.zone)
    end = last + timedelta(days=1)
    first = query.start or min(cohorts, default=end)
    return list(months(first, min(query.end, end) if query.end else end))


def _row(deals: list[Journey], month: date, target: int, config: Config, query: Query) -> dict:
    arrivals = [journey.arrival(target) for journey in deals]
    instants = sorted(stay.entered for stay in arrivals if stay)
    ids = sorted((stay.entered, journey.deal) for stay, journey in zip(arrivals, deals, strict=True) if stay)
    cells, place = [], 0
    while midnight(month, config.zone) < query.as_of:
        month = next_month(month)
        end = midnight(month, config.zone)
        while place < len(instants) and instants[place] < end:
            place += 1
        cell = {"n": place, "pct": percent(place, len(deals)), "partial": end > query.as_of}
        if query.ids:
            cell["ids"] = sorted(deal for _, deal in ids[:place])
        cells.append(cell)
    row = {"size": len(deals), "cells": cells}
    return row | {"ids": sorted(journey.deal for journey in deals)} if query.ids else row
