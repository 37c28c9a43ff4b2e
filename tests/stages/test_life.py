"""One deal's life replayed, case by case of the definitions (design: funnel metrics, section 2.3)."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from stages.domain.life import Life, StagePlace, replay
from stages.models import DealEvent

AWARENESS, INTEREST, EVALUATION, PURCHASE, LOYALTY = range(1, 6)
PLACES = {pk: StagePlace(position=pk, won=pk >= PURCHASE) for pk in range(1, 6)}
START = datetime(2026, 1, 5, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def told(*rows: tuple) -> list[DealEvent]:
    """Events from short rows: (kind, stage, day) and, where needed, more fields."""
    events = []
    for seq, (kind, stage, when, *more) in enumerate(rows, start=1):
        fields = more[0] if more else {}
        events.append(DealEvent(pk=seq, seq=seq, kind=kind, to_stage_id=stage, at=day(when), **fields))
    return events


def story(life: Life) -> list[tuple]:
    return [(stay.stage_id, stay.via, stay.exit) for stay in life.stays]


def test_a_walk_forward_with_a_skip_and_back():
    life = replay(
        told(
            ("created", AWARENESS, 0),
            ("moved", EVALUATION, 3),
            ("moved", INTEREST, 5),
            ("moved", INTEREST, 6),
        ),
        PLACES,
    )

    assert story(life) == [
        (AWARENESS, "created", "forward"),
        (EVALUATION, "forward", "back"),
        (INTEREST, "back", None),
    ]
    assert (life.status, life.stay.entered) == ("open", day(5))


def test_entering_the_won_line_is_the_win_and_moving_below_it_takes_it_back():
    rows = [("created", AWARENESS, 0), ("moved", PURCHASE, 4), ("moved", LOYALTY, 9)]

    assert (replay(told(*rows), PLACES).status, replay(told(*rows), PLACES).won_at) == ("won", day(4))
    fallen = replay(told(*rows, ("moved", EVALUATION, 12)), PLACES)
    assert (fallen.status, fallen.won_at) == ("open", None)
    again = replay(told(*rows, ("moved", EVALUATION, 12), ("moved", LOYALTY, 20)), PLACES)
    assert (again.status, again.won_at) == ("won", day(20))


def test_a_loss_in_between_is_no_crossing_and_churn_leaves_the_win():
    rows = [("created", PURCHASE, 0), ("lost", None, 5)]

    assert (replay(told(*rows), PLACES).status, replay(told(*rows), PLACES).won_at) == ("churned", day(0))
    back = replay(told(*rows, ("reopened", None, 9)), PLACES)
    assert (back.status, back.won_at, story(back)[-1]) == ("won", day(0), (PURCHASE, "reopened", None))


def test_a_loss_is_reopened_where_it_happened_or_where_it_says():
    rows = [("created", INTEREST, 0), ("lost", None, 5, {"reason_id": 3})]

    lost = replay(told(*rows), PLACES)
    assert (lost.status, lost.loss.reason_id, lost.loss.at, lost.stay.exit) == ("lost", 3, day(5), "lost")
    assert replay(told(*rows, ("reopened", None, 9)), PLACES).stay.stage_id == INTEREST
    moved = replay(told(*rows, ("moved", EVALUATION, 9)), PLACES)
    assert (moved.status, story(moved)[-1]) == ("open", (EVALUATION, "reopened", None))


def test_a_reason_can_be_given_again_and_corrected():
    rows = [("created", INTEREST, 0), ("lost", None, 5, {"reason_id": 3})]

    again = replay(told(*rows, ("lost", None, 6, {"reason_id": 4})), PLACES)
    corrected = replay(told(*rows, ("revised", None, 6, {"reason_id": 5})), PLACES)

    assert (len(again.losses), again.loss.reason_id, again.loss.at) == (1, 4, day(5))
    assert corrected.loss.reason_id == 5


def test_a_deal_that_begins_lost_stayed_for_no_time():
    life = replay(told(("lost", None, 3, {"from_stage_id": INTEREST})), PLACES)

    assert (life.status, life.stay.stage_id, life.stay.entered, life.stay.left) == (
        "lost",
        INTEREST,
        day(3),
        day(3),
    )


def test_a_voided_event_never_was_and_a_void_can_be_voided():
    rows = [("created", AWARENESS, 0), ("moved", PURCHASE, 4), ("voided", None, 4, {"voids_id": 2})]

    assert replay(told(*rows), PLACES).status == "open"
    assert replay(told(*rows, ("voided", None, 5, {"voids_id": 3})), PLACES).status == "won"


def test_what_is_learnt_late_takes_its_place_in_time():
    life = replay(told(("created", AWARENESS, 0), ("moved", PURCHASE, 9), ("moved", INTEREST, 4)), PLACES)

    assert story(life) == [
        (AWARENESS, "created", "forward"),
        (INTEREST, "forward", "forward"),
        (PURCHASE, "forward", None),
    ]


@pytest.mark.parametrize("marks", [["deleted"], ["deleted", "restored"], ["deleted", "restored", "deleted"]])
def test_deletion_is_the_last_word_of_its_marks(marks):
    rows = [("created", AWARENESS, 0), *((kind, None, n) for n, kind in enumerate(marks, start=1))]

    life = replay(told(*rows), PLACES)

    assert (life.deleted_at is not None) is (marks[-1] == "deleted")
    assert life.stay.stage_id == AWARENESS


def test_order_and_repetition_of_delivery_do_not_matter():
    events = told(
        ("created", AWARENESS, 0),
        ("moved", EVALUATION, 2),
        ("lost", None, 5),
        ("voided", None, 5, {"voids_id": 3}),
    )
    expected = replay(events, PLACES)

    for order in permutations(events):
        assert replay([*order, order[0]], PLACES) == expected
