"""Quality (2.11): what in the ledger deserves an admin's look."""

from stages.domain.life import ARRIVALS, Kind, effective

from .config import Config
from .journey import Journey
from .query import Query


def quality(journeys: list[Journey], config: Config, query: Query) -> dict:
    """Deals, rows whose from_stage contradicts the history, and deals without a price."""
    unpriced = [journey for journey in journeys if journey.value is None]
    breaks = {journey.deal: count for journey in journeys if (count := _chain_breaks(journey))}
    found = {"deals": len(journeys), "chain_breaks": sum(breaks.values()), "unpriced": len(unpriced)}
    if query.ids:
        found["ids"] = {"chain_breaks": sorted(breaks), "unpriced": sorted(one.deal for one in unpriced)}
    return found


def _chain_breaks(journey: Journey) -> int:
    """How many rows say that the deal came from another stage than the one it was in."""
    shown, stage, count = journey.config.stands_for, None, 0
    for row in effective(journey.rows, journey.as_of)[0]:
        if row.kind not in (*ARRIVALS, Kind.LOST):
            continue
        if stage and row.from_stage_id and shown[row.from_stage_id] != stage:
            count += 1
        if row.kind != Kind.LOST and row.to_stage_id:
            stage = shown[row.to_stage_id]
        stage = stage or journey.stays[0].stage_id
    return count
