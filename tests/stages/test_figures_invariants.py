"""The invariants of the figures (design: funnel metrics, 2.12), held over adversarial ledgers.

The numbers in the tests' comments are those of the design.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.figures.answer import METRICS, answer
from stages.figures.journey import journeys
from stages.figures.ledger import Ledger, LogRow
from stages.figures.money import Rates, rounded
from stages.figures.quantiles import QUANTILES, kaplan_meier, nearest_rank
from stages.figures.query import Query
from stages.figures.ranges import hours, local_day, midnight, monday
from stages.figures.rates import rate
from tests.stages.metrics_worlds import BASE, OPEN, SOME, STAGES, ZONES, days, funnel_of, logs, row_of, worlds

LATE = datetime(2027, 6, 1, tzinfo=UTC)
# What does not add up by its nature, and what is a share of a whole that does.
NOT_ADDITIVE = {
    *("pct", "lo", "hi", "to_next", "partial", "week", "stage", "weighted_history", "coverage_this_month"),
    *("p50", "p75", "p90", "km_p50", "km_p75", "km_p90", "stay_p50", "stay_p90", "deal_age_p50"),
    *("mean_won_value", "mean_cycle_days", "median_cycle_hours", "per_day", "realised_per_day"),
}


def added(one, other):
    """The sum of two answers, number by number, without what does not add up."""
    if isinstance(one, list) or isinstance(other, list):
        size = len(one or other or [])
        return [added(a, b) for a, b in zip(one or [None] * size, other or [None] * size, strict=True)]
    if isinstance(one, dict) or isinstance(other, dict):
        one, other = one or {}, other or {}
        keys = (one.keys() | other.keys()) - NOT_ADDITIVE
        return {key: added(one.get(key), other.get(key)) for key in keys}
    return (one or 0) + (other or 0)


def nothing_lost(answer):
    """The additive part of an answer, without zeros and empty groups."""
    if isinstance(answer, dict):
        kept = {key: nothing_lost(value) for key, value in answer.items() if key not in NOT_ADDITIVE}
        return {key: value for key, value in kept.items() if value} or None
    if isinstance(answer, list):
        items = [nothing_lost(item) for item in answer]
        return items if any(items) else None
    return answer or None


def dicts_of(answer):
    """Every dict in an answer, at any depth."""
    if isinstance(answer, dict):
        yield answer
    if isinstance(answer, dict | list):
        for item in answer.values() if isinstance(answer, dict) else answer:
            yield from dicts_of(item)


def last_seq(rows: list[LogRow], deal: str) -> int:
    return max(row.seq for row in rows if row.deal == deal)


def extra(rows: list[LogRow], deal: str, kind: str, **fields) -> LogRow:
    """One more row of a deal, recorded last; its values are those of another row."""
    of_deal = [row for row in rows if row.deal == deal]
    values = {"at": LATE, "recorded_at": LATE, "voids_id": None, "to_stage_id": None, "reason_id": None}
    return replace(
        of_deal[0], pk=900_000 + len(rows), seq=last_seq(rows, deal) + 1, kind=kind, **(values | fields)
    )


@SOME
@given(worlds(), st.sampled_from([None, 1, 30]), st.sampled_from([None, *STAGES]))
def test_funnel_bars_are_whole_and_never_rise(world, window, anchor):
    total = world.ask("funnel", window_days=window, anchor=anchor)["total"]
    bars = total["stages"]
    for bar in bars:  # 1
        assert (
            bar["reached"] == bar["converted"] + bar["lost"] + bar["open"] == bar["visited"] + bar["skipped"]
        )
        assert 0 <= bar["lost_here"] <= bar["lost"]
        assert 0 <= bar["open_here"] <= bar["open"]
    for bar, following in pairwise(bars):  # 2
        assert bar["converted"] == following["reached"] <= bar["reached"]
    assert bars[-1]["converted"] == 0
    assert bars[-1]["to_next"] is None
    # 3
    assert bars[0]["reached"] == total["cohort"] == sum(bar["lost"] + bar["open"] for bar in bars)
    assert total["won"] + total["lost"] + total["open"] == total["cohort"]
    won_line = next((bar for bar in bars if bar["stage"] == world.config.won_line.id), None)
    assert won_line is None or total["won"] <= won_line["reached"]


@SOME
@given(worlds())
def test_stage_flow_is_whole(world):
    for flow in world.ask("stage_flow").values():  # 4
        total = flow["total"]
        assert total["entered"] == total["advanced"] + total["lost"] + total["open"]
        assert total["advanced"] == sum(total["advanced_to"].values())
        assert total["advanced_next"] <= total["advanced"]
        assert total["rate_next"]["num"] <= total["rate_any_later"]["num"]


@SOME
@given(worlds())
def test_stocks_follow_from_arrivals_and_departures(world):
    found = world.ask("activity")  # 5
    for stage, floor in found["total"]["stages"].items():
        ways_in = [value for name, value in floor.items() if name.startswith("in_")]
        ways_out = [value for name, value in floor.items() if name.startswith("out_")]
        assert floor["stock_start"] + floor["arrivals"] - floor["departures"] == floor["stock_end"]
        assert (floor["arrivals"], floor["departures"]) == (sum(ways_in), sum(ways_out))
        column = [n for way, n in found["transitions"].items() if way.split(">")[1] == stage]
        row = [n for way, n in found["transitions"].items() if way.split(">")[0] == stage]
        assert (floor["arrivals"], floor["departures"]) == (sum(column), sum(row))


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_what_happens_at_midnight_belongs_to_the_new_day(zone):
    first = midnight(date(2026, 2, 1), ZoneInfo(zone))
    rows = [
        LogRow(1, "d", 1, first - timedelta(days=2), BASE, "created", to_stage_id="awareness"),
        LogRow(2, "d", 2, first, BASE, "moved", to_stage_id="interest"),
    ]
    query = Query("activity", LATE, start=date(2026, 2, 1), end=date(2026, 2, 2))
    for days_later, expected in ((0, [(1, 0, 1, 0), (0, 1, 0, 1)]), (-1, [(1, 0, 0, 1), (0, 0, 0, 0)])):
        shift = timedelta(days=days_later)
        asked = replace(query, start=query.start + shift, end=query.end + shift)
        floors = answer(Ledger(rows), funnel_of(zone=zone), asked)["total"]["stages"]
        names = ("stock_start", "arrivals", "departures", "stock_end")
        assert [tuple(floors[s][name] for name in names) for s in ("awareness", "interest")] == expected


@SOME
@given(worlds())
def test_a_deals_age_is_all_of_its_time(world):
    for time in world.ask("deal_time").values():  # 6
        assert sum(time["stages"].values()) + time["lost"] == time["age"] >= 0


@SOME
@given(worlds(), st.sampled_from(["owner", "source", "currency"]), st.sampled_from([None, "entry", "now"]))
def test_groups_add_up_to_the_total(world, by, attribution):
    for metric in METRICS.keys() - {"loyalty"}:  # 7
        found = world.ask(metric, by=by, attribution=attribution)
        for block in dicts_of(found):
            if "groups" in block:
                groups = block["groups"].values()
                assert nothing_lost(reduce(added, groups, {})) == nothing_lost(added(block["total"], {})), (
                    metric
                )


@SOME
@given(worlds(), days)
def test_adjacent_ranges_add_up(world, middle):
    middle = max(world.start, min(middle, world.end))
    for metric in ("win_rate", "reasons", "stage_flow", "funnel"):  # 8
        parts = added(world.ask(metric, end=middle), world.ask(metric, start=middle))
        assert nothing_lost(parts) == nothing_lost(added(world.ask(metric), {})), metric
    first, second, whole = (
        world.ask("activity", start=start, end=end)
        for start, end in ((world.start, middle), (middle, world.end), (world.start, world.end))
    )
    assert nothing_lost(added(first["transitions"], second["transitions"])) == nothing_lost(
        whole["transitions"]
    )
    assert added(first["gross"], second["gross"]) == whole["gross"]
    for stage, floor in whole["total"]["stages"].items():
        early, late = first["total"]["stages"][stage], second["total"]["stages"][stage]
        assert early["stock_end"] == late["stock_start"]
        assert (early["stock_start"], late["stock_end"]) == (floor["stock_start"], floor["stock_end"])
        assert early["arrivals"] + late["arrivals"] == floor["arrivals"]
        assert early["departures"] + late["departures"] == floor["departures"]


@SOME
@given(worlds(), st.integers(0, 60))
def test_what_was_reached_stays_reached(world, later):
    end = midnight(world.end, world.config.zone)  # 9
    world = replace(world, as_of=max(world.as_of, end))
    before = world.ask("funnel")["total"]["stages"]
    after = world.ask("funnel", as_of=world.as_of + timedelta(days=later))["total"]["stages"]
    assert all(a["reached"] <= b["reached"] for a, b in zip(before, after, strict=True))
    for row in world.ask("cohort_table", target_stage="evaluation").values():
        counts = [cell["n"] for cell in row["cells"]]
        assert counts == sorted(counts)
        assert all(n <= row["size"] for n in counts)
        assert not any(cell["partial"] for cell in row["cells"][:-1])


@SOME
@given(worlds(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_delivery_do_not_matter(world, chance):
    rows = [*world.rows, *chance.choices(world.rows, k=5)] if world.rows else []  # 10, 11
    chance.shuffle(rows)
    assert world.everything(rows=rows) == world.everything()


@SOME
@given(worlds(), logs(prefix="e"))
def test_two_sets_of_deals_add_up(world, others):
    for metric in METRICS.keys() - {"loyalty"}:  # 12
        one, other, both = (
            world.ask(metric, rows=rows) for rows in (world.rows, others, [*world.rows, *others])
        )
        assert nothing_lost(added(one, other)) == nothing_lost(added(both, {})), metric


@SOME
@given(worlds())
def test_renaming_stages_changes_nothing(world):
    stages = tuple(replace(stage, name=stage.name[::-1]) for stage in world.config.stages)  # 13
    assert world.everything(config=replace(world.config, stages=stages)) == world.everything()


@SOME
@given(worlds(zone="UTC"), st.integers(-60, 60))
def test_shifting_time_by_whole_weeks_changes_nothing(world, count):
    shift = timedelta(weeks=count)  # 14
    rows = [
        replace(
            row,
            at=row.at + shift,
            recorded_at=row.recorded_at + shift,
            expected_close=row.expected_close and row.expected_close + shift,
        )
        for row in world.rows
    ]
    rates = Rates(
        (currency, day + shift, amount)
        for currency, days in world.config.rates._days.items()
        for day, amount in zip(days, world.config.rates._rates[currency], strict=True)
    )
    moved = replace(
        world,
        rows=rows,
        config=replace(world.config, rates=rates),
        start=world.start + shift,
        end=world.end + shift,
        as_of=world.as_of + shift,
    )
    by_calendar = {"cohort_table", "forecast", "weekly"}
    assert moved.everything(without=by_calendar) == world.everything(without=by_calendar)
    weeks = [[{**week, "week": None} for week in one.ask("weekly")] for one in (world, moved)]
    assert weeks[0] == weeks[1]


@SOME
@given(worlds())
def test_times_are_whole_and_ordered(world):
    for stage in world.ask("time_in_stage").values():  # 15
        total = stage["total"]
        assert total["stays"] == total["completed"] + total["ongoing"]
        plain = [total[name] for name in QUANTILES]
        survival = [total[f"km_{name}"] for name in QUANTILES]
        forever = float("inf")
        for quantiles in (plain, survival):
            known = [forever if value is None else value for value in quantiles]
            assert known == sorted(known)
        if total["completed"]:
            assert all(km is None or km >= value for km, value in zip(survival, plain, strict=True))
        if not total["ongoing"]:
            assert survival == plain


@SOME
@given(worlds(sizes=(6, 4, 2, 1)), st.data())
def test_what_happens_at_as_of_or_later_changes_nothing(world, data):
    before = world.everything()  # 16, 17
    rows = list(world.rows)
    for kind in ("moved", "lost", "revised", "reopened"):
        deal = data.draw(st.sampled_from(world.rows)).deal
        row = data.draw(row_of(deal, 800_000 + len(rows), last_seq(rows, deal) + 1, kind, rows))
        rows.append(replace(row, at=world.as_of + timedelta(microseconds=data.draw(st.sampled_from([0, 1])))))
    assert world.everything(rows=rows) == before


@SOME
@given(worlds())
def test_every_rate_in_every_answer_is_sound(world):
    for block in dicts_of(world.everything()):  # 18
        if "den" in block:
            check_rate(block)


@given(st.integers(0, 10**7), st.integers(0, 10**7))
@SOME
def test_a_rate_is_sound(one, other):
    check_rate(rate(min(one, other), max(one, other)))


def check_rate(found: dict) -> None:
    num, den, pct = found["num"], found["den"], found["pct"]
    assert (den == 0) is (pct is None) is (found["lo"] is None) is (found["hi"] is None)
    if den:
        assert 0 <= found["lo"] <= num / den + 5e-5
        assert num / den - 5e-5 <= found["hi"] <= 1
        assert (pct == "100.0") is (num == den)
        assert (pct == "0.0") is (num == 0)


def facts(world, config) -> dict:
    found = journeys(Ledger(world.rows), config, Query("funnel", world.as_of))
    return {one.deal: (one.outcome, one.closed_at, one.churned) for one in found}


@SOME
@given(worlds(), st.permutations(OPEN))
def test_reordering_and_archiving_keep_outcomes(world, order):
    plain, turned = funnel_of(), funnel_of(order=order)  # 19
    query = Query("funnel", world.as_of)
    stays = [
        {one.deal: [(s.stage_id, s.entered, s.left) for s in one.stays] for one in deals}
        for deals in (journeys(Ledger(world.rows), config, query) for config in (plain, turned))
    ]
    assert stays[0] == stays[1]
    assert facts(world, plain) == facts(world, turned)
    for stage in STAGES:
        assert facts(world, plain) == facts(world, funnel_of(archived=[stage])), stage


@SOME
@given(worlds(sizes=(6, 4, 2, 1)), st.data())
def test_a_voided_row_never_was(world, data):
    row = data.draw(st.sampled_from(world.rows))  # 20
    void = extra(world.rows, row.deal, "voided", voids_id=row.pk)
    without = [other for other in world.rows if other is not row]
    assert world.everything(rows=[*world.rows, void]) == world.everything(rows=without)
    redo = replace(void, pk=990_000, seq=void.seq + 1, voids_id=void.pk)
    assert world.everything(rows=[redo, *world.rows, void]) == world.everything()


@SOME
@given(worlds(sizes=(6, 4, 2, 1)), st.data())
def test_a_deleted_deal_never_was_and_can_come_back(world, data):
    deal = data.draw(st.sampled_from(world.rows)).deal  # 21
    rows = [row for row in world.rows if row.deal != deal or row.kind not in ("deleted", "restored")]
    if deal not in {row.deal for row in rows}:
        return
    deleted = extra(rows, deal, "deleted")
    without = [row for row in rows if row.deal != deal]
    assert world.everything(rows=[*rows, deleted]) == world.everything(rows=without)
    restored = replace(deleted, kind="restored", pk=990_000, seq=deleted.seq + 1)
    assert world.everything(rows=[*rows, restored, deleted]) == world.everything(rows=rows)


@SOME
@given(worlds(), st.sampled_from([None, "owner"]))
def test_the_deals_behind_a_number_are_as_many(world, by):
    for metric in METRICS.keys() - {"deal_time"}:  # 22
        found = world.ask(metric, ids=True, by=None if metric == "loyalty" else by)
        for block in dicts_of(found):
            if isinstance(block.get("ids"), dict):
                for name, deals in block["ids"].items():
                    number = block.get(name, len(deals))
                    number = number["num"] if isinstance(number, dict) else number
                    assert len(deals) == number or name == "chain_breaks", (metric, name)
                    assert deals == sorted(deals)


@SOME
@given(worlds(), st.integers(1, 200), st.integers(0, 200))
def test_a_longer_window_never_loses_conversions(world, days, more):
    far = world.as_of + timedelta(days=5000)  # 23
    endless = world.ask("funnel", as_of=far, window_days=4000)
    plain = world.ask("funnel", as_of=far)
    assert endless["immature"] == 0
    for bar, other in zip(endless["total"]["stages"], plain["total"]["stages"], strict=True):
        values = ("value_reached", "unpriced_reached")  # an open deal's rate is that of the day it is judged
        assert {k: v for k, v in bar.items() if k not in values} == {
            k: v for k, v in other.items() if k not in values
        }
    short, long = (
        world.ask("funnel", as_of=far, window_days=window)["total"]["stages"]
        for window in (days, days + more)
    )
    assert all(a["reached"] <= b["reached"] for a, b in zip(short, long, strict=True))


@SOME
@given(worlds())
def test_forecast_ageing_and_pipeline_agree(world):
    months = world.ask("forecast")["months"].values()  # 24
    pipeline, ageing = world.ask("pipeline")["total"], world.ask("ageing")
    for name, theirs in (("weighted", "weighted"), ("open", "open"), ("open_value", "value")):
        assert sum(month[name] for month in months) == pipeline["*"][theirs]
    for stage, row in ageing.items():
        assert [row["total"][name] for name in ("open", "value", "unpriced")] == [
            pipeline[stage][name] for name in ("open", "value", "unpriced")
        ]
        assert sum(row["total"]["buckets"]) == row["total"]["open"]
    assert sum(row["total"]["open"] for row in ageing.values()) == pipeline["*"]["open"]


@SOME
@given(worlds(), st.sampled_from(["lost", "won"]))
def test_reasons_and_weeks_add_up(world, outcome):
    decided = world.ask("win_rate")["decided"]["total"]  # 25
    why = world.ask("reasons", outcome=outcome)["total"]
    assert why[outcome] == decided[outcome] == sum(row[outcome] for row in why["reasons"].values())
    for row in why["reasons"].values():
        assert sum(row["from"].values()) == row[outcome]
    assert sum(row["value"] for row in why["reasons"].values()) == decided[f"{outcome}_value"]

    whole = {"start": monday(world.start), "end": monday(world.end) + timedelta(days=7)}
    weeks, rates = world.ask("weekly", **whole), world.ask("win_rate", **whole)
    arrivals = world.ask("activity", **whole)["total"]["stages"]
    assert sum(week["created"] for week in weeks) == rates["cohort"]["total"]["started"]
    assert sum(week["cohort_won"]["num"] for week in weeks) == rates["cohort"]["total"]["won"]
    for name in ("won", "lost", "won_value"):
        assert sum(week[name] for week in weeks) == rates["decided"]["total"][name]
    for stage, floor in arrivals.items():
        assert sum(week["entered"][stage] for week in weeks) == floor["arrivals"]


@SOME
@given(worlds(sizes=(6, 4, 2, 1)), st.data())
def test_what_was_known_does_not_change(world, data):
    known_at = data.draw(st.sampled_from(world.rows)).recorded_at  # 26
    before = world.everything(known_at=known_at)
    rows = list(world.rows)
    for kind in ("moved", "lost", "deleted", "voided"):
        row = data.draw(st.sampled_from(world.rows))
        new = data.draw(row_of(row.deal, 800_000 + len(rows), last_seq(rows, row.deal) + 1, kind, [row]))
        rows.append(replace(new, recorded_at=known_at + timedelta(hours=data.draw(st.integers(0, 9)))))
    assert world.everything(rows=rows, known_at=known_at) == before
    assert world.everything(rows=[row for row in rows if row.recorded_at < known_at]) == before


@SOME
@given(worlds(), st.integers(1, 200))
def test_loyalty_is_whole(world, window):
    found = world.ask("loyalty", window_days=window)  # 27
    assert found["mature"] + found["immature"] == found["customers"] == found["retained"]["den"]
    assert found["repeat"]["den"] == found["referring"]["den"] == found["mature"]
    assert found["referring"]["num"] <= found["referred_deals"] >= found["referred_won"]
    assert found["won_deals"] == world.ask("win_rate")["decided"]["total"]["won"]
    assert found["churned_deals"] <= found["won_deals"] == found["reached_last_stage"]["den"]


@pytest.mark.parametrize("bounds", [{}, {"start": None, "end": None}])
@pytest.mark.parametrize("by", [None, "owner"])
def test_no_data_is_no_error(bounds, by):
    """28: zeros and nulls."""
    query = {"start": date(2026, 1, 1), "end": date(2026, 3, 1)} | bounds
    for metric in METRICS.keys() - ({"loyalty"} if by else set()):
        found = answer(Ledger(), funnel_of(), Query(metric, BASE, by=by, **query))
        numbers = [value for block in dicts_of(found) for value in block.values()]
        assert not [value for value in numbers if isinstance(value, int) and value not in (0, True)]


@SOME
@given(worlds(), st.randoms(use_true_random=False))
def test_where_a_row_says_it_comes_from_changes_no_number(world, chance):
    rows = [  # 29; a first row without to_stage is the one exception
        replace(row, from_stage_id=chance.choice([None, *STAGES])) if row.to_stage_id else row
        for row in world.rows
    ]
    assert world.everything(rows=rows, without={"quality"}) == world.everything(without={"quality"})


durations = st.lists(st.integers(0, 40), max_size=30)


@SOME
@given(durations, durations, st.integers(0, 60))
def test_one_more_who_stays_never_shortens_the_time(completed, ongoing, one_more):
    def known(values):
        return [float("inf") if value is None else value for value in values]

    shares = QUANTILES.values()  # 30
    before = known(kaplan_meier(completed, ongoing, shares))
    after = known(kaplan_meier(completed, [*ongoing, one_more], shares))
    assert all(a <= b for a, b in zip(before, after, strict=True))


@SOME
@given(durations, durations, st.sampled_from([*QUANTILES.values()]))
def test_survival_is_the_product_of_those_who_stayed(completed, ongoing, share):
    """The definition word for word, beside the one pass over counts."""
    found, left = None, Fraction(1)
    for moment in sorted(set(completed)):
        there = sum(duration >= moment for duration in [*completed, *ongoing])
        left *= 1 - Fraction(completed.count(moment), there)
        if left <= 1 - share:
            found = moment
            break
    assert kaplan_meier(completed, ongoing, [share]) == [found]


@SOME
@given(worlds(sizes=(6, 4, 2, 1)), st.data())
def test_giving_a_deal_to_somebody_else_changes_no_past(world, data):
    """2.9: groups of entry stay what they were; those of now follow."""
    world = replace(world, as_of=LATE + timedelta(days=1))
    deal = data.draw(st.sampled_from(world.rows)).deal
    found = journeys(Ledger(world.rows), world.config, Query("funnel", world.as_of))
    given_away = [
        replace(
            one.last, pk=990_000, seq=last_seq(world.rows, deal) + 1, kind="revised", owner="zoe", at=LATE
        )
        for one in found
        if one.deal == deal
    ]
    given_away = [replace(row, reason_id=None, to_stage_id=None) for row in given_away]
    rows = [*world.rows, *given_away]
    for metric in (
        "funnel",
        "stage_flow",
        "win_rate",
        "activity",
        "reasons",
        "time_in_stage",
        "cohort_table",
    ):
        before = world.ask(metric, by="owner", attribution="entry")
        assert world.ask(metric, rows=rows, by="owner", attribution="entry") == before
    groups = world.ask("funnel", rows=rows, by="owner", attribution="now", start=None, end=None)["groups"]
    assert groups.get("zoe", {"cohort": 0})["cohort"] == len(given_away)


@SOME
@given(durations, st.sampled_from([*QUANTILES.values()]))
def test_a_percentile_is_the_value_of_its_rank(values, share):
    rank = -(-len(values) * share.numerator // share.denominator)
    assert nearest_rank(values, share) == (sorted(values)[rank - 1] if values else None)
    assert kaplan_meier(values, [], [share]) == [nearest_rank(values, share)]


@SOME
@given(durations, st.sampled_from([*QUANTILES.values()]))
def test_percentiles_and_rounding_commute(values, share):
    raw = nearest_rank([value * 7 for value in values], share)
    reported = nearest_rank([hours(timedelta(hours=value * 7)) for value in values], share)
    assert reported == (None if raw is None else hours(timedelta(hours=raw)))


@SOME
@given(st.fractions())
def test_half_goes_away_from_zero(value):
    whole = rounded(value)
    assert abs(value - whole) <= Fraction(1, 2)
    assert rounded(-value) == -whole
    if abs(value - whole) == Fraction(1, 2):
        assert abs(whole) > abs(value)


@SOME
@given(
    st.dates(date(1975, 1, 1), date(2035, 1, 1)),
    st.sampled_from([*ZONES, "America/Sao_Paulo", "America/St_Johns", "Asia/Beirut", "America/Havana"]),
)
def test_a_day_begins_with_its_first_instant(day, zone):
    zone = ZoneInfo(zone)
    first = midnight(day, zone)
    assert local_day(first - timedelta(microseconds=1), zone) < day <= local_day(first, zone)
    assert timedelta(0) <= midnight(day + timedelta(days=1), zone) - first <= timedelta(hours=26)
