"""Every page, as axe sees it: WCAG 2.2 A and AA, in light, dark and on a phone. Nothing may be found."""

from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils.timezone import now
from playwright.sync_api import expect

from leads.domain.deals import lose_deal
from leads.domain.touchpoints import log_touchpoint, plan_step
from leads.models import SavedView, Tag
from stages.models import LossReason, Source, TouchpointType
from tests.browser.chromium import DESK, PHONE
from tests.factories import make_account, make_deal

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"desk": DESK, "phone": PHONE}
# All that differs between the themes.
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = "([type, values]) => axe.run(document, { runOnly: { type, values }, resultTypes: ['violations'] })"


@pytest.fixture
def deals(stages, alice, bob, organisation):
    """Something of everything: late, due today, planned, stalled, rich, tagged, won, lost."""
    call = TouchpointType.objects.get(name="Call")
    made = []
    for number, (slug, days) in enumerate(
        [
            ("interest", -3),
            ("interest", 0),
            ("interest", 9),
            ("evaluation", None),
            ("purchase", 1),
            ("loyalty", None),
        ]
    ):
        deal = make_deal(
            stages[slug],
            (alice, bob)[number % 2],
            ("Line 3 retrofit", "Kiln and mill package")[number % 2],
            account=make_account(owner=alice),
            amount=Decimal(20_000 * number) if number else None,
            currency="EUR",
            source=Source.objects.all()[number],
            at=now() - timedelta(days=20 * number),
            expected_close=organisation.today(),
        )
        if days is not None:
            due = organisation.today() + timedelta(days=days)
            plan_step(deal_id=deal.pk, type=call, summary="Call back", due_on=due, by=alice)
        made.append(deal)
    for _ in range(21):
        make_deal(stages["awareness"], alice)
    made[0].tags.add(Tag.objects.create(name="Trade fair"))
    log_touchpoint(deal_id=made[0].pk, type=call, summary="Talked", note="They like it.", by=alice)
    lost = make_deal(stages["interest"], alice, "Lost one")
    lose_deal(deal_id=lost.pk, seen=1, reason=LossReason.objects.first(), by=alice)
    SavedView.objects.create(
        name="Late", query="state=overdue", owner=alice, pipeline=stages["interest"].pipeline
    )
    return {"deal": made[0].pk, "other": made[1].pk, "lost": lost.pk}


def open_dialog(board):
    board.page.get_by_role("link", name="Save these filters as a view").click()
    expect(board.dialog).to_be_visible()


def open_sheet(board):
    board.page.locator("#stage-strip, .card [data-move]").first.click(force=True)
    expect(board.dialog).to_be_visible()


def open_quick_add(board):
    board.page.locator("#new-deal").click()
    expect(board.page.locator(".quick-add")).to_be_visible()


def open_filter(board):
    board.page.locator("details[data-filter] summary").click()
    expect(board.page.get_by_role("button", name="Show", exact=True)).to_be_visible()


def open_playbook(board):
    board.page.locator(".col .menu summary").first.click()
    expect(board.page.get_by_role("link", name="Open as list").first).to_be_visible()


def open_keys(board):
    board.press("?")
    expect(board.page.locator("#keys")).to_be_visible()


def select_two(board):
    board.page.locator("[data-board] h3 a").first.focus()
    board.press("x", "Shift+ArrowDown")
    expect(board.page.locator("#bulk")).to_be_visible()


def move_one(board):
    board.page.locator("[data-board] h3 a").first.focus()
    board.press("]")
    expect(board.toast).to_contain_text("moved to")


def refuse_a_new_deal(board):
    board.page.get_by_label("Title").fill("Mill")
    board.page.get_by_label("Next step").fill("Call")
    board.page.get_by_role("button", name="Add deal").click()
    expect(board.page.get_by_text("Say when")).to_be_visible()


PLACES = {
    "sign-in": ("/sign-in/", None),
    "forgot": ("/sign-in/forgot/", None),
    "board": ("/board/", None),
    "board filtered": ("/board/?state=overdue&q=line", None),
    "board empty": ("/board/?q=nothing+like+it", None),
    "board with dialog": ("/board/", open_dialog),
    "board with sheet": ("/board/", open_sheet),
    "board with peek": ("/board/?deal={deal}", None),
    "board with quick add": ("/board/", open_quick_add),
    "board with filter": ("/board/?state=overdue", open_filter),
    "board with playbook": ("/board/", open_playbook),
    "board with keys": ("/board/", open_keys),
    "board with selection": ("/board/", select_two),
    "board with toast": ("/board/", move_one),
    "deal": ("/deals/{deal}/", None),
    "lost deal": ("/deals/{lost}/", None),
    "edit": ("/deals/{deal}/edit/", None),
    "new": ("/deals/new/", None),
    "new refused": ("/deals/new/", refuse_a_new_deal),
    "move": ("/deals/{deal}/move/", None),
    "lose": ("/deals/{deal}/lose/", None),
    "snooze": ("/deals/{deal}/snooze/", None),
    "plan": ("/deals/{deal}/next-step/", None),
    "log": ("/deals/{deal}/log/", None),
    "list": ("/deals/", None),
    "save view": ("/board/views/save/?q=line", None),
    "bulk lose": ("/deals/bulk/lose/", None),
    "you": ("/you/", None),
    "password": ("/you/password/", None),
    "two-factor": ("/you/two-factor/", None),
    "nothing here": ("/deals/999999/", None),
}
WITHOUT_SESSION = ("sign-in", "forgot")


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(visit, watch, alice, deals, size):
    """One test for all places of a size, so that the deals are made once."""
    watch.expect("status of 404")
    watch.expect("status of 422")
    found = {}
    for person, places in ((None, WITHOUT_SESSION), (alice, PLACES.keys() - set(WITHOUT_SESSION))):
        board = visit(person, None, reduced_motion="reduce", **SIZES[size])
        for place in sorted(places):
            path, act = PLACES[place]
            board.page.emulate_media(color_scheme="light")
            board.goto(path.format(**deals))
            if act:
                act(board)
            found[place] = examine(board.page, "tag", TAGS)
            board.page.emulate_media(color_scheme="dark")
            found[f"{place}, dark"] = examine(board.page, "rule", COLOURS)
    assert {place: faults for place, faults in found.items() if faults} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_would_find_a_fault(show, scheme):
    """So that a silence of axe means something."""
    page = show(color_scheme=scheme).page
    page.evaluate("""() => {
      const faint = document.createElement("p");
      faint.textContent = "Hardly to be read";
      faint.style.color = "color-mix(in oklab, var(--ink) 40%, var(--surface))";
      document.querySelector("h1").after(faint, document.createElement("button"));
    }""")

    faults = " ".join(examine(page, "tag", TAGS))
    assert "button-name" in faults
    assert "Hardly to be read" in " ".join(examine(page, "rule", COLOURS))


def examine(page, kind: str, names: list[str]) -> list[str]:
    """What axe finds. The script comes by the debugger, so that the page's own policy stays in force."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, [kind, names])["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:150] for node in one['nodes'][:3]]}" for one in found
    ]
