"""Several deals at once."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from leads.models import Deal
from tests.browser.board import somebody_moves
from tests.factories import make_deal


@pytest.fixture
def deals(stages, alice):
    return [
        make_deal(stages["interest"], alice, name, amount=Decimal(2000), currency="EUR")
        for name in ("Anna", "Berta", "Clara", "Dora")
    ]


@pytest.fixture
def board(show, deals):
    """Anna, Berta and Clara are selected by their boxes."""
    board = show()
    for deal in deals[:3]:
        board.card(deal).hover()
        board.card(deal).get_by_role("checkbox").check()
    return board


def bar(board):
    return board.page.locator("#bulk")


def stages_of(deals):
    return [Deal.objects.get(pk=deal.pk).stage.slug for deal in deals]


def test_the_bar_says_how_many_and_what_they_are_worth(board, deals):
    expect(bar(board)).to_contain_text("3 selected")
    expect(bar(board)).to_contain_text("€6k")

    board.card(deals[0]).get_by_role("checkbox").uncheck()
    expect(bar(board)).to_contain_text("2 selected")
    expect(bar(board)).to_contain_text("€4k")
    bar(board).get_by_role("button", name="Clear selection").click()
    expect(bar(board)).to_be_hidden()
    expect(board.page.locator(".is-selected, [data-select]:checked")).to_have_count(0)


def test_move_by_the_dialog_and_undo_bring_all_of_them_back(board, deals, stages):
    bar(board).get_by_role("button", name="Move").click()
    expect(board.dialog).to_contain_text("3 deals")
    board.dialog.get_by_role("button", name="Evaluation").click()

    expect(board.toast).to_contain_text("3 deals moved to Evaluation")
    for deal in deals[:3]:
        board.expect_in(deal, stages["evaluation"])
    board.expect_counts(interest=1, evaluation=3)
    expect(bar(board)).to_be_hidden()
    assert stages_of(deals) == ["evaluation"] * 3 + ["interest"]

    board.toast.get_by_role("button", name="Undo").click()
    expect(board.toast).to_contain_text("Undone: 3 deals")
    for deal in deals:
        board.expect_in(deal, stages["interest"])
    board.expect_counts(interest=4, evaluation=0)
    assert stages_of(deals) == ["interest"] * 4


def test_dragging_one_of_the_selected_takes_all_along(board, deals, stages):
    with board.dragging(deals[1]) as hand:
        expect(board.page.locator(".ghost .many")).to_have_text("3 deals")
        expect(board.page.locator(".card.is-lifted")).to_have_count(3)
        hand.over(board.column(stages["engagement"]))

    expect(board.toast).to_contain_text("3 deals moved to Engagement")
    board.expect_counts(interest=1, engagement=3)
    assert stages_of(deals) == ["engagement"] * 3 + ["interest"]
    operations = {deal.events.order_by("seq").last().operation for deal in deals[:3]}
    assert len(operations) == 1, "one gesture"


def test_dragging_another_card_leaves_the_selection_where_it_is(board, deals, stages):
    board.drag(deals[3], stages["engagement"])

    expect(board.toast).to_contain_text("Dora moved to Engagement")
    assert stages_of(deals) == ["interest"] * 3 + ["engagement"]
    expect(bar(board)).to_contain_text("3 selected")


def test_what_somebody_moved_meanwhile_stays_and_is_named(board, deals, bob, stages):
    board.page.route("**/board/changes/**", lambda route: route.fulfill(status=204))
    somebody_moves(deals[1], stages["purchase"], bob)

    board.drag(deals[0], stages["engagement"])

    expect(board.toast).to_contain_text("2 deals moved to Engagement")
    expect(board.toast).to_contain_text("“Berta” stayed: Bob Berg moved this to Purchase just now.")
    board.expect_in(deals[1], stages["purchase"])
    board.expect_counts(interest=1, engagement=2, purchase=1)
    assert stages_of(deals) == ["engagement", "purchase", "engagement", "interest"]


def test_assign_to_a_colleague(board, deals, alice, bob):
    bar(board).get_by_role("button", name="Assign").click()
    board.dialog.get_by_label("Owner").select_option(label="Bob Berg")
    board.dialog.get_by_role("button", name="Assign").click()

    expect(board.toast).to_contain_text("3 deals given to Bob Berg")
    expect(board.card(deals[0]).locator(".avatar")).to_have_text("BB")
    expect(board.card(deals[3]).locator(".avatar")).to_have_text("AA")
    expect(board.dialog).to_have_count(0)
    owners = [Deal.objects.get(pk=deal.pk).owner for deal in deals]
    assert owners == [bob, bob, bob, alice]


def test_lose_with_a_reason(board, deals, watch):
    watch.expect("status of 422")
    bar(board).get_by_role("button", name="Lost…").click()
    board.dialog.get_by_role("button", name="Mark as lost").click()
    expect(board.dialog.locator(".field", has=board.page.locator("[name=reason]"))).to_contain_text("Say why")
    board.dialog.get_by_label("Reason").select_option(label="Price")
    board.dialog.get_by_role("button", name="Mark as lost").click()

    expect(board.toast).to_contain_text("3 deals marked as lost")
    expect(board.page.locator(".card[data-deal]")).to_have_count(1)
    board.expect_counts(interest=1)
    expect(bar(board)).to_be_hidden()
    assert Deal.objects.filter(status="lost", loss_reason__name="Price").count() == 3


def test_by_keys_alone(show, deals, stages):
    board = show()
    board.focus(deals[0])
    board.press("x", "Shift+ArrowDown", "Shift+ArrowDown")
    expect(bar(board)).to_contain_text("3 selected")

    board.press("m")
    expect(board.dialog).to_contain_text("3 deals")
    board.press("3")

    expect(board.toast).to_contain_text("3 deals moved to Evaluation")
    assert stages_of(deals) == ["evaluation"] * 3 + ["interest"]
