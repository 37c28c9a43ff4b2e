"""From a question to its answer: one door to all figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta

from .activity import activity
from .ageing import ageing
from .breakdown import group_of
from .cohort_table import cohort_table
from .config import Config
from .deal_time import deal_time
from .forecast import forecast
from .funnel import funnel
from .journey import Journey, journeys
from .ledger import Ledger, LogRow
from .loyalty import loyalty
from .pipeline import pipeline
from .quality import quality
from .query import BadQuery, Query
from .ranges import midnight
from .reasons import reasons
from .stage_flow import stage_flow
from .time_in_stage import time_in_stage
from .velocity import velocity
from .weekly import weekly
from .win_rate import win_rate

METRICS: dict[str, Callable[[list[Journey], Config, Query], dict | list]] = {
    metric.__name__: metric
    for metric in (
        activity,
        ageing,
        cohort_table,
        deal_time,
        forecast,
        funnel,
        loyalty,
        pipeline,
        quality,
        reasons,
        stage_flow,
        time_in_stage,
        velocity,
        weekly,
        win_rate,
    )
}
# The row that says the group of a deal, for metrics whose deals are simply divided.
DIVIDED: dict[str, Callable[[Journey], LogRow]] = {
    "cohort_table": lambda journey: journey.stays[0].event,
    "velocity": lambda journey: journey.closing,
    "forecast": lambda journey: journey.last,
    "deal_time": lambda journey: journey.last,
    "quality": lambda journey: journey.last,
}


def answer(ledger: Ledger, config: Config, query: Query) -> dict | list:
    """What the ledger says to a query, in the shape of the interchange format."""
    return answers(ledger, config, [query])[0]


def answers(ledger: Ledger, config: Config, queries: Iterable[Query]) -> list[dict | list]:
    """The same for many queries; what is known as of one instant is replayed once."""
    found, seen, deals = [], None, []
    for query in queries:
        _check(config, query)
        if seen != (query.as_of, query.known_at):
            seen, deals = (query.as_of, query.known_at), journeys(ledger, config, query)
        found.append(ask(deals, config, query))
    return found


def ask(deals: list[Journey], config: Config, query: Query) -> dict | list:
    """The same from deals that were replayed already; the same list serves many queries of one as_of."""
    metric = METRICS[query.metric]
    if query.by and query.metric == "loyalty":
        raise BadQuery("Loyalty counts customers, who may belong to several groups.")
    if not query.by or query.metric not in DIVIDED:
        return metric(deals, config, query)
    groups: dict[str, list[Journey]] = defaultdict(list)
    for journey in deals:
        groups[group_of(query, journey, DIVIDED[query.metric](journey))].append(journey)
    return {
        "total": metric(deals, config, query),
        "groups": {name: metric(groups[name], config, query) for name in sorted(groups)},
    }


def _check(config: Config, query: Query) -> None:
    if query.metric not in METRICS:
        raise BadQuery(f"There is no metric “{query.metric}”.")
    for name in (query.anchor, query.target_stage):
        if name is not None and name not in config.by_id:
            raise BadQuery(f"There is no stage “{name}”.")
    if not config.open_stages or len(config.open_stages) == len(config.shown):
        raise BadQuery("A funnel needs a shown stage on each side of the won line.")
    try:
        query.range(config)
        midnight(query.as_of.date() + timedelta(days=40), config.zone)
    except OverflowError as error:
        raise BadQuery("That lies beyond the calendar.") from error
