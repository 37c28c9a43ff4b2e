"""Dragging with the mouse."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from stages.models import DealEvent
from tests.factories import make_deal


@pytest.fixture
def three(stages, alice):
    """One deal to drag, and a bigger and a smaller one where it goes."""
    make_deal(stages["evaluation"], alice, "Bigger", amount=Decimal(9000), currency="EUR")
    make_deal(stages["evaluation"], alice, "Smaller", amount=Decimal(1000), currency="EUR")
    return make_deal(stages["interest"], alice, "Dragged", amount=Decimal(5000), currency="EUR")


def test_a_card_is_dragged_to_another_column(show, three, stages, alice):
    board = show("/board/?sort=value")
    board.expect_counts(interest=1, evaluation=2)

    with board.dragging(three) as hand:
        expect(board.page.locator(".dock")).to_be_visible()
        expect(board.page.locator("#new-deal")).to_be_visible()
        expect(board.card(three)).to_have_class("card is-lifted")
        hand.over(board.column(stages["evaluation"]))
        expect(board.column(stages["evaluation"])).to_have_class("col is-target")
        expect(board.column(stages["evaluation"]).locator(".slot")).to_be_visible()
        let_through = board.hold("**/move/")

    board.expect_in(three, stages["evaluation"])
    assert board.titles(stages["evaluation"]) == ["Bigger", "Dragged", "Smaller"], (
        "before the server has answered"
    )
    board.expect_counts(interest=0, evaluation=3)
    three.refresh_from_db()
    assert three.stage == stages["interest"]

    let_through()
    expect(board.toast).to_contain_text("Dragged moved to Evaluation")
    expect(board.live).to_have_text("Dragged, now in Evaluation, 3 deals. Undo with Z.")
    board.expect_in(three, stages["evaluation"])
    board.expect_counts(interest=0, evaluation=3)
    assert board.titles(stages["evaluation"]) == ["Bigger", "Dragged", "Smaller"]
    expect(board.column(stages["evaluation"]).locator(".col-sum")).to_contain_text("€15k")
    expect(board.page.locator(".ghost, .dock, .slot, .is-target, .is-lifted")).to_have_count(0)

    three.refresh_from_db()
    assert (three.stage, three.version) == (stages["evaluation"], 2)
    moved = DealEvent.objects.get(deal=three, kind=DealEvent.Kind.MOVED)
    assert (moved.actor, moved.from_stage, moved.to_stage) == (
        alice,
        stages["interest"],
        stages["evaluation"],
    )


def test_escape_ends_a_drag_and_changes_nothing(show, three, stages):
    board = show()

    with board.dragging(three) as hand:
        hand.over(board.column(stages["evaluation"]))
        board.press("Escape")
        expect(board.page.locator(".ghost, .dock, .is-target")).to_have_count(0)

    assert_nothing_happened(board, three, stages)
    expect(board.peek).to_be_hidden()


def test_a_drop_on_its_own_column_changes_nothing(show, three, stages):
    board = show()

    with board.dragging(three) as hand:
        hand.over(board.column(stages["evaluation"]))
        hand.over(board.column(stages["interest"]))
        expect(board.page.locator(".is-target, .slot")).to_have_count(0)

    assert_nothing_happened(board, three, stages)


def test_a_drop_beside_the_columns_changes_nothing(show, three, stages):
    board = show()

    with board.dragging(three) as hand:
        hand.over(board.page.locator("header.top h1"))

    assert_nothing_happened(board, three, stages)


def assert_nothing_happened(board, deal, stages):
    board.page.wait_for_timeout(100)
    board.expect_in(deal, stages["interest"])
    board.expect_counts(interest=1, evaluation=2)
    expect(board.page.locator(".ghost, .dock, .slot, .is-target, .is-lifted")).to_have_count(0)
    expect(board.page.locator("#toasts .toast")).to_have_count(0)
    assert DealEvent.objects.filter(deal=deal).count() == 1


def test_a_click_that_trembles_is_a_click(show, three):
    board = show()
    x, y = board.link(three).bounding_box()["x"] + 10, board.link(three).bounding_box()["y"] + 5

    board.page.mouse.move(x, y)
    board.page.mouse.down()
    board.page.mouse.move(x + 3, y + 2)
    board.page.mouse.up()

    expect(board.peek).to_contain_text("Dragged")


def test_a_card_dragged_on_before_the_answer_came_arrives_where_it_was_dropped_last(show, three, stages):
    board = show()
    let_through = board.hold("**/move/")

    board.drag(three, stages["evaluation"])
    board.drag(three, stages["engagement"])
    board.expect_in(three, stages["engagement"])
    let_through()

    expect(board.toast).to_contain_text("Dragged moved to Engagement")
    board.expect_in(three, stages["engagement"])
    board.expect_counts(interest=0, evaluation=2, engagement=1)
    three.refresh_from_db()
    assert (three.stage, three.version) == (stages["engagement"], 3)
