"""Adversarial ledgers, funnels and questions, for tests that hold the figures' invariants."""

import os
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from stages.figures.answer import METRICS, answer
from stages.figures.config import Config, StageRule
from stages.figures.ledger import Ledger, LogRow
from stages.figures.money import Rates
from stages.figures.query import Query

# The same examples on every run; FUNNEL_EXAMPLES=2000 FUNNEL_RANDOM=1 looks further, for an hour,
# and FUNNEL_SHRINK=1 looks for the smallest example of a failure.
SOME = settings(
    max_examples=int(os.environ.get("FUNNEL_EXAMPLES", "30")),
    derandomize="FUNNEL_RANDOM" not in os.environ,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate] + [Phase.shrink] * ("FUNNEL_SHRINK" in os.environ),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
BASE = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = date(2025, 12, 15)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"]
OPEN = ["awareness", "interest", "evaluation", "engagement"]
WON = ["purchase", "loyalty"]
STAGES = [*OPEN, *WON]
KINDS = ["moved"] * 5 + ["lost"] * 5 + ["revised"] * 2 + ["reopened", "voided", "created"]
MARKS = ["deleted", "restored"]

# Hours from BASE; few enough that equal instants are common. The edges are first instants of months in UTC
# and New York, and of the hour that is missing there; ranges begin and end with the same days.
EDGES = [744, 749, 1416, 1421, 2135, 2136, 2160]
hours = st.one_of(st.integers(0, 160 * 24), st.integers(0, 120), st.sampled_from(EDGES))
stage = st.sampled_from(STAGES)
days = st.one_of(
    st.sampled_from([date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]),
    st.integers(0, 200).map(lambda number: FIRST + timedelta(days=number)),
)
lengths = st.one_of(st.sampled_from([28, 31, 59]), st.integers(0, 150))
instants = st.builds(
    lambda hour, odd: BASE + timedelta(hours=hour, microseconds=odd),
    hours,
    st.sampled_from([0, 0, 0, 1, 999]),
)
amounts = st.one_of(
    st.none(),
    st.integers(0, 10**9).map(lambda number: Decimal(number) / 1000),
    st.sampled_from([Decimal("10.005"), Decimal("0.004"), Decimal(100)]),
)


@st.composite
def rows_of(draw, deal: str, first_id: int) -> list[LogRow]:
    """One deal's rows: skips, backs, re-entries, losses, reopenings, voids of voids, marks, late news."""
    count = draw(st.sampled_from([5, 3, 8, 6, 2, 1]))
    rows: list[LogRow] = []
    for seq in range(1, count + 1):
        kind = "created" if seq == 1 and draw(st.integers(0, 4)) else draw(st.sampled_from(KINDS))
        if seq > 1 and draw(st.integers(0, 25)) == 0:
            kind = draw(st.sampled_from(MARKS))
        if kind == "voided" and not rows:
            kind = "moved"
        rows.append(draw(row_of(deal, first_id + seq, seq, kind, rows)))
    return rows


@st.composite
def row_of(draw, deal: str, pk: int, seq: int, kind: str, before: list[LogRow]) -> LogRow:
    at = draw(instants)
    arrives = kind in ("created", "moved") or (kind == "reopened" and draw(st.booleans()))
    gives_reason = kind in ("lost", "revised", "moved") and draw(st.booleans())
    return LogRow(
        pk=pk,
        deal=deal,
        seq=seq,
        at=at,
        recorded_at=at + timedelta(hours=draw(st.sampled_from([0, 0, 5, 2000]))),
        kind=kind,
        from_stage_id=draw(stage),
        to_stage_id=draw(stage) if arrives else None,
        reason_id=draw(st.sampled_from(["price", "no_decision"])) if gives_reason else None,
        voids_id=draw(st.sampled_from(before)).pk if kind == "voided" else None,
        actor=draw(st.sampled_from(["ann", "ben"])),
        amount=draw(amounts),
        currency=draw(st.sampled_from(["EUR", "USD", "JPY", None])),
        owner=draw(st.sampled_from(["ann", "ben", None])),
        source=draw(st.sampled_from(["web", "call", None])),
        expected_close=draw(st.one_of(st.none(), days)),
        probability=draw(st.sampled_from([None, None, 0, 33, 50, 100])),
        customer=draw(st.sampled_from(["c1", "c2", None])),
        referrer=draw(st.sampled_from(["c1", "c2", None])),
    )


@st.composite
def logs(draw, prefix: str = "d", sizes=(6, 4, 2, 1, 0)) -> list[LogRow]:
    """The rows of some deals, in any order."""
    start = 0 if prefix == "d" else 10_000
    number = draw(st.sampled_from(sizes))
    rows = [row for n in range(number) for row in draw(rows_of(f"{prefix}{n}", start + (n + 1) * 100))]
    return draw(st.permutations(rows))


def funnel_of(archived=(), merged=None, order=None, zone: str = "UTC") -> Config:
    """Six stages; `merged` says into which an archived one was merged, `order` permutes the open ones."""
    merged = merged or {}
    positions = {stage_id: place for place, stage_id in enumerate([*(order or OPEN), *WON], start=1)}
    return Config(
        stages=tuple(
            StageRule(
                id=stage_id,
                name=stage_id.title(),
                position=positions[stage_id],
                won=stage_id in WON,
                probability=100 if stage_id in WON else 15 * place,
                rot_days=14 * place or None,
                archived=stage_id in archived,
                merged_into=merged.get(stage_id),
            )
            for place, stage_id in enumerate(STAGES)
        ),
        zone=ZoneInfo(zone),
        rates=Rates([("USD", date(2026, 1, 10), Decimal("0.9")), ("USD", date(2026, 3, 1), Decimal("0.95"))]),
        reasons={"price": "competitive", "no_decision": "derail"},
    )


@st.composite
def configs(draw, zone: str | None = None) -> Config:
    """Funnels with archived and merged stages; at least one shown stage on each side."""
    archived = set(draw(st.lists(st.sampled_from(OPEN), max_size=3, unique=True)))
    archived |= set(draw(st.lists(st.sampled_from(WON), max_size=1)))
    merged = {
        stage_id: draw(st.sampled_from([None, *(other for other in OPEN if other != stage_id)]))
        for stage_id in sorted(archived & set(OPEN))
    }
    order = draw(st.permutations(OPEN))
    return funnel_of(archived, merged, order, zone or draw(st.sampled_from(ZONES)))


@dataclass(frozen=True)
class World:
    """A ledger, a funnel, and a question's range and instant."""

    rows: list[LogRow]
    config: Config
    start: date
    end: date
    as_of: datetime

    def ask(self, metric: str, **changes):
        """The answer to one metric; `rows`, `config` and whatever a query has can be others."""
        rows, config = changes.pop("rows", self.rows), changes.pop("config", self.config)
        query = Query(metric=metric, as_of=self.as_of, start=self.start, end=self.end)
        return answer(Ledger(rows), config, replace(query, **changes))

    def everything(self, without=(), **changes) -> dict:
        """The answers to all metrics."""
        return {metric: self.ask(metric, **changes) for metric in METRICS if metric not in without}


@st.composite
def worlds(draw, zone: str | None = None, config: Config | None = None, sizes=(6, 4, 2, 1, 0)) -> World:
    """Half of the questions are about all of the time in which something happens."""
    start, length = (FIRST, 200) if draw(st.booleans()) else (draw(days), draw(lengths))
    return World(
        rows=draw(logs(sizes=sizes)),
        config=config or draw(configs(zone=zone)),
        start=start,
        end=start + timedelta(days=length),
        as_of=draw(instants) + timedelta(days=draw(st.sampled_from([400, 100, 30, 0]))),
    )
