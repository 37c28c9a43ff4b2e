"""Filters, search, order and saved views: all of it in the address."""

import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from leads.models import SavedView
from tests.factories import make_deal


@pytest.fixture
def deals(stages, alice, bob):
    make_deal(stages["interest"], alice, "Kiln", amount=Decimal(1000), currency="EUR")
    make_deal(stages["interest"], alice, "Mill", amount=Decimal(9000), currency="EUR")
    make_deal(stages["interest"], bob, "Crane", amount=Decimal(5000), currency="EUR")


def asked(board):
    """What the address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(board.page.url).query).items()}


def test_a_filter_becomes_a_chip_and_can_be_removed(show, deals, stages, bob):
    board = show()
    board.press("f")
    menu = board.page.locator("details[data-filter]")
    expect(menu).to_have_attribute("open", "")
    menu.get_by_role("checkbox", name="Bob Berg").check()
    menu.get_by_label("Value from").fill("2000")
    menu.get_by_role("button", name="Show", exact=True).click()

    chips = board.page.locator(".chip.on")
    expect(chips).to_have_count(2)
    expect(chips.first).to_contain_text("Owner Bob Berg")
    expect(chips.last).to_contain_text("Value over €2k")
    assert asked(board) == {"owner": str(bob.pk), "min": "2000"}
    assert board.titles(stages["interest"]) == ["Crane"]
    board.expect_counts(interest=1)

    board.page.get_by_role("link", name="Remove filter Owner Bob Berg").click()
    expect(chips).to_have_count(1)
    assert asked(board) == {"min": "2000"}
    assert board.titles(stages["interest"]) == ["Mill", "Crane"]
    board.page.get_by_role("link", name="Clear", exact=True).click()
    expect(chips).to_have_count(0)
    board.expect_counts(interest=3)


def test_escape_closes_the_filter_and_gives_the_focus_back(show, deals):
    board = show()
    board.press("f")
    menu = board.page.locator("details[data-filter]")
    expect(menu).to_have_attribute("open", "")

    board.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_search_and_sort_keep_each_other_and_the_filter(show, deals, stages, alice):
    board = show(f"/board/?owner={alice.pk}")
    board.press("/")
    board.page.keyboard.type("l")
    board.press("Enter")
    board.page.wait_for_url(re.compile("q=l"))
    sort = board.page.locator("details.menu", has_text="Sort")
    sort.locator("summary").click()
    sort.get_by_role("link", name="Value").click()

    board.page.wait_for_url(re.compile("sort=value"))
    assert asked(board) == {"owner": str(alice.pk), "q": "l", "sort": "value"}
    assert board.titles(stages["interest"]) == ["Mill", "Kiln"]
    expect(board.page.locator("#board-q")).to_have_value("l")


def test_a_filtered_board_that_finds_nothing_says_so(show, deals):
    board = show("/board/?q=nothing+like+this")

    expect(board.page.locator(".cards .empty").first).to_be_visible()
    expect(board.page.locator(".cards .empty").first).to_contain_text("No deals match")


def test_a_moved_card_keeps_the_filters_counts(show, deals, stages, bob):
    board = show(f"/board/?owner={bob.pk}")
    board.expect_counts(interest=1)

    board.page.locator(".card", has_text="Crane").locator("h3 a").focus()
    board.press("]")

    expect(board.toast).to_contain_text("Crane moved to Evaluation")
    board.expect_counts(interest=0, evaluation=1)


def test_a_view_is_saved_and_shared(visit, deals, alice, bob, charlie):
    board = visit(alice, f"/board/?owner={bob.pk}&sort=value")
    for name, shared in (("Big ones", False), ("Bob's big ones", True)):
        board.page.get_by_role("link", name="Save these filters as a view").click()
        expect(board.dialog).to_contain_text("Owner Bob Berg")
        board.dialog.get_by_label("Name").fill(name)
        if shared:
            board.dialog.get_by_label("Share with the team").check()
        board.dialog.get_by_role("button", name="Save view").click()
        expect(board.page.locator("#toasts")).to_contain_text(f"View “{name}” saved")
    saved = SavedView.objects.order_by("pk").values_list("name", "shared", "query")
    query = f"owner={bob.pk}&sort=value"
    assert list(saved) == [("Big ones", False, query), ("Bob's big ones", True, query)]
    tabs = board.page.locator("#tabs")
    expect(tabs.get_by_role("link", name="Big ones 1 open deals", exact=True)).to_be_visible()
    expect(tabs.get_by_role("link", name="All open 3 open deals")).to_be_visible()

    his = visit(bob).page.locator("#tabs")
    expect(his.get_by_role("link", name="Bob's big ones")).to_be_visible()
    expect(his.get_by_role("link", name="Big ones", exact=True)).to_have_count(0)
    his.get_by_role("link", name="Bob's big ones").click()
    expect(his.page.locator(".chip.on")).to_contain_text("Owner Bob Berg")
    expect(his.locator("[aria-current=page]")).to_contain_text("Bob's big ones")

    theirs = visit(charlie).page.locator("#tabs")
    expect(theirs.get_by_role("link", name="All open 0 open deals")).to_be_visible()
    expect(theirs.get_by_role("link", name="big ones")).to_have_count(0)


def test_two_views_of_one_name_are_refused_in_the_dialog(show, watch, stages, alice):
    watch.expect("status of 422")
    SavedView.objects.create(
        name="Mine", query="", owner=alice, pipeline=stages["interest"].pipeline, shared=False
    )
    board = show()
    board.page.get_by_role("link", name="Save these filters as a view").click()
    board.dialog.get_by_label("Name").fill("mine")
    board.dialog.get_by_role("button", name="Save view").click()

    expect(board.dialog).to_contain_text("You already have a view with this name.")
    expect(board.dialog.get_by_label("Name")).to_be_focused()
    assert SavedView.objects.count() == 1
