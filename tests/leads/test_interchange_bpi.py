"""A real process log (BPI Challenge 2017), loaded as a ledger: as many reached each state as it says."""

import csv
import json
from datetime import datetime

import pytest

from leads.domain.audit import differences
from leads.domain.interchange import load_events
from leads.queries.event_log import read_config, read_ledger
from stages.figures.answer import answer
from stages.figures.query import read_query
from stages.models import Pipeline
from tests.stages.metrics_log import DESIGN

pytestmark = pytest.mark.django_db
SAMPLE = DESIGN.parent / "data" / "bpi2017_sample"
STATES = [
    *("A_Create Application", "A_Submitted", "A_Concept", "A_Accepted", "O_Sent", "A_Complete"),
    *("A_Validating", "A_Pending"),
]
SENT = {"O_Sent (mail and online)", "O_Sent (online only)"}
LOST = {"A_Denied": "denied", "A_Cancelled": "cancelled"}
CONFIG = {
    "tz": "UTC",
    "base_currency": "EUR",
    "stages": [
        {"id": name, "name": name, "position": place, "side": "won" if name == "A_Pending" else "open"}
        for place, name in enumerate(STATES, start=1)
    ],
    "reasons": {"denied": "competitive", "cancelled": "derail"},
}


def log():
    """The sample's states as rows of the interchange format. Its own order is the order recorded."""
    with next(SAMPLE.glob("*.csv")).open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter=";"), start=1):
            state = "O_Sent" if row["activity"] in SENT else row["activity"]
            if state not in STATES and state not in LOST:
                continue
            at = datetime.fromisoformat(row["timestamp"].replace(" UTC", "+00:00")).isoformat()
            kind = "lost" if state in LOST else "created" if state == STATES[0] else "moved"
            to = None if state in LOST else state
            values = {"id": number, "deal": row["case_id"], "seq": number, "at": at, "recorded_at": at}
            yield json.dumps(values | {"kind": kind, "to": to, "reason": LOST.get(state)})


def test_as_many_reached_each_state_as_the_facts_say():
    if not SAMPLE.exists():
        pytest.skip(f"{SAMPLE} is not there (FUNNEL_SHARED says where it is)")
    facts = json.loads((SAMPLE / "facts.json").read_text())

    loaded = load_events(log(), CONFIG)
    assert loaded.refused == []

    pipeline = Pipeline.objects.get()
    query = read_query({"metric": "funnel", "as_of": "2016-06-01T00:00:00Z"})
    total = answer(read_ledger(pipeline), read_config(pipeline), query)["total"]
    found = [(bar["stage"], bar["visited"], bar["reached"]) for bar in total["stages"]]
    assert found == [(bar["stage"], bar["reached"], bar["at_least"]) for bar in facts["funnel"]]
    outcome = facts["outcome"]
    assert (total["cohort"], total["won"]) == (facts["cases"], outcome["won(A_Pending)"])
    assert (total["lost"], total["open"]) == (outcome["denied"] + outcome["cancelled"], outcome["open"])
    assert list(differences()) == []
