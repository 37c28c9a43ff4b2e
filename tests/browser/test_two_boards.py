"""Two people with the board open."""

import pytest
from playwright.sync_api import expect

from tests.browser.board import middle, somebody_moves
from tests.factories import make_deal
from tests.ops.machine import on_a_quiet_machine

SOON = 1000 * on_a_quiet_machine(5)


@pytest.fixture
def polls():
    """Count the polls of a page, and what they were answered."""

    def listen(board):
        answers = []
        board.page.on(
            "response", lambda response: "/board/changes/" in response.url and answers.append(response.status)
        )
        return answers

    return listen


def test_they_agree_within_five_seconds_without_a_reload(visit, alice, bob, deal, stages):
    hers, his = visit(alice), visit(bob)
    his.focus(deal)

    hers.drag(deal, stages["engagement"])

    expect(his.column(stages["engagement"]).locator(f"#deal-{deal.pk}")).to_be_visible(timeout=SOON)
    expect(his.card(deal)).to_have_count(1)
    his.expect_counts(evaluation=0, engagement=1)
    his.expect_focus_on(deal)
    expect(his.page.locator("#toasts .toast")).to_have_count(0)

    his.focus(deal)
    his.press("]")
    expect(hers.column(stages["purchase"]).locator(f"#deal-{deal.pk}")).to_be_visible(timeout=SOON)
    hers.expect_counts(engagement=0, purchase=1)


def test_nothing_new_is_a_204_without_a_body(show, deal, polls):
    board = show()
    answers = polls(board)
    board.page.evaluate("document.querySelector('[data-board]').dataset.same = 'yes'")

    board.page.wait_for_timeout(3600)

    assert answers
    assert set(answers) == {204}
    expect(board.page.locator("[data-board]")).to_have_attribute("data-same", "yes")


@pytest.mark.parametrize("lifted", [False, True])
def test_nobody_is_disturbed_while_holding_a_card(show, deal, bob, stages, alice, polls, lifted):
    other = make_deal(stages["interest"], alice, "Other")
    board = show()
    x, y = middle(board.card(deal).locator(".card-mid"))
    board.page.mouse.move(x, y)
    board.page.mouse.down()
    if lifted:
        board.page.mouse.move(x + 20, y, steps=3)
    expect(board.page.locator(".ghost")).to_have_count(int(lifted))
    answers = polls(board)

    somebody_moves(other, stages["awareness"], bob)
    board.page.wait_for_timeout(3600)
    assert answers == []
    board.expect_in(other, stages["interest"])

    board.page.mouse.up()
    expect(board.column(stages["awareness"]).locator(f"#deal-{other.pk}")).to_be_visible(timeout=SOON)


def test_nobody_is_disturbed_while_typing(show, deal, bob, stages, polls):
    board = show()
    board.column(stages["interest"]).get_by_role("link", name="Add deal").click()
    title = board.page.locator(".quick-add").get_by_label("Title")
    title.fill("Half a na")
    answers = polls(board)

    somebody_moves(deal, stages["interest"], bob)
    board.page.wait_for_timeout(3600)
    assert answers == []
    expect(title).to_be_focused()

    title.blur()
    expect(board.column(stages["interest"]).locator(f"#deal-{deal.pk}")).to_be_visible(timeout=SOON)
    expect(title).to_have_value("Half a na")


def test_a_selection_stays_through_a_change_from_elsewhere(show, deal, bob, stages, alice):
    chosen = make_deal(stages["evaluation"], alice, "Chosen")
    board = show()
    board.focus(chosen)
    board.press("x")

    somebody_moves(deal, stages["engagement"], bob)

    expect(board.column(stages["engagement"]).locator(f"#deal-{deal.pk}")).to_be_visible(timeout=SOON)
    expect(board.card(chosen).get_by_role("checkbox")).to_be_checked()
    expect(board.page.locator("#bulk")).to_contain_text("1 selected")
    board.expect_focus_on(chosen)


def test_a_deal_of_another_team_never_appears(visit, charlie, alice, deal, stages):
    his = visit(charlie)

    somebody_moves(deal, stages["engagement"], alice)
    his.page.wait_for_timeout(3600)

    his.expect_counts(evaluation=0, engagement=0)
    expect(his.card(deal)).to_have_count(0)
