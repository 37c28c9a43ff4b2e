"""Columns with more cards than are shown."""

import pytest
from playwright.sync_api import expect

from leads.models import Deal
from tests.browser.board import somebody_moves
from tests.factories import make_deal


@pytest.fixture
def deals(stages, alice):
    return [make_deal(stages["interest"], alice, f"Deal number {number}") for number in range(45)]


def cards(board, stage):
    return board.column(stage).locator(".card[data-deal]")


def test_show_more_appends_what_is_hidden(show, deals, stages):
    board = show()
    interest = stages["interest"]
    board.expect_counts(interest=45)
    assert len(board.titles(interest)) == 20

    board.column(interest).get_by_role("link", name="Show 25 more").click()
    expect(cards(board, interest)).to_have_count(40)
    board.column(interest).get_by_role("link", name="Show 5 more").click()
    expect(cards(board, interest)).to_have_count(45)

    assert board.titles(interest) == [deal.title for deal in deals], "in order, none twice"
    expect(board.column(interest).locator(".more")).to_have_count(0)
    board.expect_counts(interest=45)


def test_unfolded_and_scrolled_columns_stay_so_when_a_colleague_changes_them(show, deals, stages, bob):
    board = show()
    interest = stages["interest"]
    board.column(interest).get_by_role("link", name="Show 25 more").click()
    expect(cards(board, interest)).to_have_count(40)
    scrolled = board.column(interest).locator(".cards")
    scrolled.evaluate("list => { list.scrollTop = 900 }")

    somebody_moves(deals[0], stages["evaluation"], bob)

    expect(board.column(stages["evaluation"]).locator(f"#deal-{deals[0].pk}")).to_be_visible()
    board.expect_counts(interest=44, evaluation=1)
    expect(cards(board, interest)).to_have_count(40)
    expect(board.column(interest).get_by_role("link", name="Show 4 more")).to_be_attached()
    assert scrolled.evaluate("list => list.scrollTop") == 900


def test_a_card_that_belongs_behind_the_fold_is_shown_where_it_was_dropped(show, deals, stages, alice):
    late = make_deal(stages["awareness"], alice, "Late comer")
    board = show()

    board.drag(late, stages["interest"])

    expect(board.toast).to_contain_text("Late comer moved to Interest")
    board.expect_counts(interest=46)
    expect(cards(board, stages["interest"]).last).to_contain_text("Late comer")
    expect(board.column(stages["interest"]).locator(".cards > li.more")).to_be_visible()
    assert Deal.objects.get(pk=late.pk).stage == stages["interest"]
