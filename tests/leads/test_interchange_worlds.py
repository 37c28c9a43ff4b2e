"""Adversarial ledgers through the database: loaded in any order and in pieces, asked, and nothing changes."""

import json

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.domain.audit import differences
from leads.domain.interchange import load_events
from leads.queries.event_log import read_config, read_ledger
from stages.figures.answer import METRICS, answer
from stages.figures.ledger import Ledger
from stages.figures.query import Query
from stages.models import Pipeline
from tests.stages.metrics_worlds import SOME, funnel_of, worlds

pytestmark = pytest.mark.django_db
RATES = [
    {"currency": "USD", "date": "2026-01-10", "rate": "0.9"},
    {"currency": "USD", "date": "2026-03-01", "rate": "0.95"},
]


def row_json(row) -> str:
    """A row as the interchange format has it."""
    names = ("seq", "kind", "actor", "currency", "owner", "source", "probability", "customer", "referrer")
    return json.dumps(
        {name: getattr(row, name) for name in names}
        | {"id": row.pk, "deal": row.deal, "voids": row.voids_id, "reason": row.reason_id}
        | {"from": row.from_stage_id, "to": row.to_stage_id}
        | {"at": row.at.isoformat(), "recorded_at": row.recorded_at.isoformat()}
        | {"amount": None if row.amount is None else str(row.amount)}
        | {"expected_close": row.expected_close and row.expected_close.isoformat()}
    )


def config_json(config) -> dict:
    fields = ("id", "name", "position", "archived", "merged_into", "probability", "rot_days")
    return {
        "tz": config.zone.key,
        "base_currency": config.base_currency,
        "stages": [
            {name: getattr(stage, name) for name in fields} | {"side": "won" if stage.won else "open"}
            for stage in config.stages
        ],
        "rates": RATES,
        "reasons": dict(config.reasons),
    }


def asked(ledger, config, world) -> dict:
    """Every metric, whole and by owner."""
    queries = [
        Query(metric, world.as_of, world.start, world.end, by=by, ids=True)
        for metric in METRICS
        for by in (None, "owner")
        if not (by and metric == "loyalty")
    ]
    return {(query.metric, query.by): answer(ledger, config, query) for query in queries}


@settings(SOME, max_examples=max(8, SOME.max_examples // 3))
@given(world=worlds(), pieces=st.integers(1, 3), chance=st.randoms(use_true_random=False), turn=st.booleans())
def test_a_loaded_ledger_says_what_its_file_says(world, pieces, chance, turn):
    rows = [*world.rows, *world.rows[:3]]
    chance.shuffle(rows)
    rows.sort(key=lambda row: row.kind == "voided" and row.pk)  # a piece cannot take back what is yet to come
    with transaction.atomic():
        size = len(rows) // pieces + 1
        first = funnel_of() if turn else world.config  # the funnel may be another one later
        for start in range(0, len(rows), size):
            part = [row_json(row) for row in rows[start : start + size]]
            loaded = load_events(part, config_json(first if start == 0 else world.config))
            assert loaded.refused == []
            assert loaded.read == loaded.new + loaded.known
        load_events([], config_json(world.config))

        pipeline = Pipeline.objects.get()
        found = asked(read_ledger(pipeline), read_config(pipeline), world)
        said = list(differences())
        transaction.set_rollback(True)
    assert found == asked(Ledger(world.rows), world.config, world)
    assert said == []
