"""The board without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from stages.models import DealEvent
from tests.factories import make_deal


@pytest.fixture
def deals(stages, alice):
    """Two deals in Interest and one in Evaluation; all the same, so older stands above newer."""
    return {
        "one": make_deal(stages["interest"], alice, "One"),
        "two": make_deal(stages["interest"], alice, "Two"),
        "far": make_deal(stages["evaluation"], alice, "Far"),
    }


def stage_of(deal):
    deal.refresh_from_db()
    return deal.stage.slug


def test_arrows_and_letters_go_from_card_to_card(show, deals):
    board = show()
    one, two, far = deals.values()

    for key, arrived in [
        ("ArrowDown", one),
        ("ArrowDown", two),
        ("ArrowRight", far),
        ("ArrowLeft", one),
        ("j", two),
        ("k", one),
        ("l", far),
        ("h", one),
        ("ArrowUp", one),
        ("ArrowLeft", one),
    ]:
        board.press(key)
        board.expect_focus_on(arrived)


def test_brackets_move_one_stage_and_the_focus_stays_with_the_card(show, deals, stages):
    board = show()
    board.focus(deals["one"])

    board.press("]")
    board.expect_in(deals["one"], stages["evaluation"])
    board.expect_focus_on(deals["one"])
    expect(board.live).to_have_text("One, now in Evaluation, 2 deals. Undo with Z.")
    expect(board.toast).to_contain_text("One moved to Evaluation")
    board.expect_focus_on(deals["one"])
    assert stage_of(deals["one"]) == "evaluation"

    board.press("]")
    expect(board.live).to_have_text("One, now in Engagement, 1 deal. Undo with Z.")
    board.press("[")
    expect(board.live).to_have_text("One, now in Evaluation, 2 deals. Undo with Z.")
    board.expect_focus_on(deals["one"])
    expect(board.card(deals["one"])).not_to_have_attribute("aria-busy", "true")
    assert stage_of(deals["one"]) == "evaluation"
    board.expect_counts(interest=1, evaluation=2, engagement=0)


def test_at_the_first_stage_there_is_no_way_back(show, stages, alice):
    deal = make_deal(stages["awareness"], alice)
    board = show()
    board.focus(deal)

    board.press("[")

    board.page.wait_for_timeout(200)
    board.expect_in(deal, stages["awareness"])
    board.expect_focus_on(deal)
    assert DealEvent.objects.count() == 1


def test_m_and_a_digit_move_to_that_stage(show, deals, stages):
    board = show()
    board.focus(deals["two"])

    board.press("m", "4")

    expect(board.toast).to_contain_text("Two moved to Engagement")
    board.expect_in(deals["two"], stages["engagement"])
    board.expect_focus_on(deals["two"])
    expect(board.dialog).to_have_count(0)
    assert stage_of(deals["two"]) == "engagement"


def test_m_opens_the_sheet_and_the_digit_may_come_later(show, deals, stages):
    board = show()
    board.focus(deals["two"])

    board.press("m")
    expect(board.dialog).to_contain_text("Move “Two”")
    board.press("Escape")
    expect(board.dialog).to_have_count(0)
    board.expect_focus_on(deals["two"])
    board.press("4")
    board.expect_in(deals["two"], stages["interest"])

    board.press("m")
    expect(board.dialog).to_be_visible()
    board.press("4")
    expect(board.toast).to_contain_text("Two moved to Engagement")
    expect(board.dialog).to_have_count(0)
    board.expect_focus_on(deals["two"])
    assert stage_of(deals["two"]) == "engagement"
    assert stage_of(deals["one"]) == "interest"


def test_x_selects_and_shift_with_arrows_extends(show, deals):
    board = show()
    board.focus(deals["one"])

    board.press("x")
    expect(board.card(deals["one"])).to_have_class(re.compile("is-selected"))
    expect(board.page.locator("#bulk")).to_contain_text("1 selected")
    board.press("Shift+ArrowDown")
    expect(board.page.locator("#bulk")).to_contain_text("2 selected")
    board.expect_focus_on(deals["two"])
    board.press("x")
    expect(board.page.locator("#bulk")).to_contain_text("1 selected")
    board.press("Escape")
    expect(board.page.locator("#bulk")).to_be_hidden()


def test_enter_opens_the_deal_beside_the_board_and_escape_gives_the_focus_back(show, deals):
    board = show("/board/?sort=value")
    board.focus(deals["two"])

    board.press("Enter")
    expect(board.peek).to_be_visible()
    expect(board.peek.get_by_role("heading", name="Two")).to_be_visible()
    assert board.page.url.endswith(f"/board/?sort=value&deal={deals['two'].pk}")
    expect(board.peek).to_be_focused()

    board.press("Escape")
    expect(board.peek).to_be_hidden()
    board.expect_focus_on(deals["two"])
    assert board.page.url.endswith("/board/?sort=value")

    board.press("Space")
    expect(board.peek).to_be_visible()
    board.page.go_back()
    expect(board.peek).to_be_hidden()


def test_the_address_of_an_open_deal_opens_it_again(show, deals):
    board = show(f"/board/?deal={deals['far'].pk}")

    expect(board.peek).to_be_visible()
    expect(board.peek.get_by_role("heading", name="Far")).to_be_visible()


def test_o_opens_the_page(show, deals):
    board = show()
    board.focus(deals["two"])

    board.press("o")

    board.page.wait_for_url(f"**/deals/{deals['two'].pk}/")
    expect(board.page.get_by_role("heading", name="Two", level=1)).to_be_visible()


def test_z_takes_the_last_move_back(show, deals, stages):
    board = show()
    board.focus(deals["one"])
    board.press("]")
    expect(board.toast).to_contain_text("moved to Evaluation")

    board.press("z")

    expect(board.toast).to_contain_text("Undone: “One”")
    board.expect_in(deals["one"], stages["interest"])
    board.expect_counts(interest=2, evaluation=1)
    assert stage_of(deals["one"]) == "interest"
    voided = DealEvent.objects.get(deal=deals["one"], kind=DealEvent.Kind.VOIDED)
    assert voided.voids.kind == DealEvent.Kind.MOVED


def test_single_keys_can_be_switched_off(show, deals, stages, alice):
    alice.single_keys = False
    alice.save()
    board = show()
    board.focus(deals["one"])

    board.press("]", "m", "x", "n", "?", "z")

    board.page.wait_for_timeout(300)
    board.expect_in(deals["one"], stages["interest"])
    expect(
        board.page.locator("dialog[open], .is-selected, .quick-add, [popover]:popover-open")
    ).to_have_count(0)
    expect(board.page.locator("#toasts .toast")).to_have_count(0)


def test_single_keys_never_fire_in_fields(show, deals, stages):
    board = show()
    board.press("/")
    search = board.page.locator("#board-q")
    expect(search).to_be_focused()

    board.page.keyboard.type("nzm]?x/")

    expect(search).to_have_value("nzm]?x/")
    expect(
        board.page.locator("dialog[open], .is-selected, .quick-add, [popover]:popover-open")
    ).to_have_count(0)
    board.expect_counts(interest=2, evaluation=1)


def test_the_question_mark_lists_the_keys(show, deals):
    board = show()

    board.press("?")
    expect(board.page.locator("#keys")).to_be_visible()
    expect(board.page.locator("#keys")).to_contain_text("One stage back, one stage on")
    board.press("Escape")
    expect(board.page.locator("#keys")).to_be_hidden()


def test_w_wins_and_q_asks_why_it_was_lost(show, deals, stages):
    board = show()
    board.focus(deals["far"])
    board.press("w")
    expect(board.toast).to_contain_text("Far moved to Purchase")
    assert stage_of(deals["far"]) == "purchase"
    assert deals["far"].status == "won"

    board.focus(deals["one"])
    board.press("q")
    expect(board.dialog).to_contain_text("Why was “One” lost?")
