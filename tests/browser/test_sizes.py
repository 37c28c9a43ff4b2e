"""The board on a phone, on a small laptop, and on everything in between."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import make_deal

SIZES = [(320, 640), (390, 844), (768, 1024), (1024, 768), (1280, 800), (1920, 1080)]
PAGES = ["/board/", "/deals/", "/deals/new/", "/deals/{deal}/", "/deals/{deal}/move/", "/you/"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(show, deal, path):
    board = show(path.format(deal=deal.pk))
    wide = []
    for width, height in SIZES:
        board.page.set_viewport_size({"width": width, "height": height})
        over = board.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wide.append((width, over))
    assert wide == []


def test_six_columns_fit_from_1280(show, deal):
    board = show(viewport={"width": 1280, "height": 800})

    places = board.page.locator(".col").evaluate_all(
        "all => all.map(one => { const box = one.getBoundingClientRect(); return [box.left, box.right] })"
    )
    assert len(places) == 6
    assert min(left for left, _ in places) >= 0
    assert max(right for _, right in places) <= 1280
    region = board.page.locator("[data-board]")
    assert region.evaluate("board => board.scrollWidth <= board.clientWidth")
    expect(board.page.locator(".stage-strip")).to_be_hidden()


def test_on_a_phone_the_strip_is_the_tab_bar_of_the_columns(phone, deal, stages):
    board = phone()
    strip = board.page.locator(".stage-strip")
    expect(strip.locator("[aria-current]")).to_have_text(re.compile("Awareness"))
    expect(strip.get_by_role("link", name="Evaluation")).to_contain_text("1")

    strip.get_by_role("link", name="Evaluation").tap()
    expect(strip.locator("[aria-current]")).to_have_text(re.compile("Evaluation"))
    expect(board.card(deal)).to_be_in_viewport(ratio=0.9)

    board.page.locator("[data-board]").evaluate("board => board.scrollTo({ left: board.scrollWidth })")
    expect(strip.locator("[aria-current]")).to_have_text(re.compile("Loyalty"))
    expect(strip.locator("[aria-current]")).to_have_count(1)


def test_on_a_phone_the_sheet_moves_the_card(phone, deal, stages):
    board = phone()
    board.page.locator(".stage-strip").get_by_role("link", name="Evaluation").tap()
    board.card(deal).get_by_role("link", name=f"Move {deal.title}").tap()

    expect(board.dialog).to_contain_text(f"Move “{deal.title}”")
    expect(board.dialog.get_by_role("button", name="Evaluation")).to_be_disabled()
    box = board.dialog.bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert round(box["y"] + box["height"]) == 844, "at the foot of the screen"
    board.dialog.get_by_role("button", name="Engagement").tap()

    expect(board.toast).to_contain_text("moved to Engagement")
    expect(board.dialog).to_have_count(0)
    expect(board.page.locator(".stage-strip").get_by_role("link", name="Engagement")).to_contain_text("1")
    expect(board.page.locator(".stage-strip").get_by_role("link", name="Evaluation")).to_contain_text("0")
    deal.refresh_from_db()
    assert deal.stage == stages["engagement"]


def test_on_a_phone_a_tap_opens_the_deal_and_back_closes_it(phone, deal):
    board = phone()
    board.page.locator(".stage-strip").get_by_role("link", name="Evaluation").tap()
    board.link(deal).tap()

    expect(board.page.get_by_role("heading", name=deal.title, level=1)).to_be_visible()
    board.page.go_back()
    expect(board.card(deal)).to_be_visible()
    expect(board.page.get_by_role("heading", name=deal.title, level=1)).to_have_count(0)


def test_on_a_phone_plus_adds_to_the_column_in_sight(phone, stages):
    board = phone()
    board.page.locator(".stage-strip").get_by_role("link", name="Interest").tap()
    expect(board.page.locator(".stage-strip [aria-current]")).to_have_text(re.compile("Interest"))

    board.page.locator("#new-deal").tap()

    expect(board.column(stages["interest"]).locator(".quick-add")).to_be_visible()


SMALL = """
(all, least) => all.map((one) => {
  if (getComputedStyle(one).display === "inline") return;
  if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
  const boxes = [one, one.closest("label")].filter(Boolean).map((part) => part.getBoundingClientRect());
  const width = Math.round(Math.max(...boxes.map((box) => box.width)));
  const height = Math.round(Math.max(...boxes.map((box) => box.height)));
  const read = boxes[0].width <= 1; // only read out, as the link that skips to the content
  if (!read && (width < least || height < least)) return `${width}x${height} ${one.outerHTML.slice(0, 120)}`;
}).filter(Boolean)
"""
TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary"
MAIN_TARGETS = (
    ".btn.primary, .stage-strip a, .card [data-move], .rail a, .rail button, .sheet-row, dialog footer .btn"
)


@pytest.mark.parametrize("path", ["/board/", "/deals/{deal}/", "/deals/new/", "/deals/{deal}/move/", "/you/"])
def test_targets_are_large_enough_for_fingers(phone, deal, stages, alice, path):
    make_deal(stages["awareness"], alice)
    board = phone(path.format(deal=deal.pk))

    assert board.page.locator(TARGETS).evaluate_all(SMALL, 24) == []
    assert board.page.locator(MAIN_TARGETS).evaluate_all(SMALL, 44) == []


@pytest.mark.parametrize("path", ["/board/", "/deals/", "/deals/{deal}/"])
def test_targets_are_large_enough_for_mice(show, deal, path):
    board = show(path.format(deal=deal.pk))

    assert board.page.locator(TARGETS).evaluate_all(SMALL, 24) == []
