"""Everything but dragging works as plain links and forms."""

import pytest
from playwright.sync_api import expect

from leads.models import Deal
from stages.models import DealEvent
from tests.browser.board import somebody_moves
from tests.factories import make_deal

OFF = {"java_script_enabled": False}


def test_sign_in_by_the_form_and_move_a_deal(visit, alice, deal, stages):
    page = visit(None, "/board/", **OFF).page
    assert "/sign-in/?next=/board/" in page.url
    page.get_by_label("Email").fill(alice.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    assert page.url.endswith("/board/")

    page.get_by_role("link", name=f"Move {deal.title}").click()
    page.get_by_role("button", name="Engagement").click()

    assert page.url.endswith("/board/")
    expect(page.locator(".notes")).to_contain_text(f"{deal.title} moved to Engagement")
    expect(page.locator(f"#stage-{stages['engagement'].pk} #deal-{deal.pk}")).to_be_visible()
    deal.refresh_from_db()
    assert deal.stage == stages["engagement"]


def test_undo_from_the_message(show, deal, stages):
    page = show(f"/deals/{deal.pk}/move/", **OFF).page
    page.get_by_role("button", name="Engagement").click()

    page.get_by_role("button", name="Undo").click()

    expect(page.locator(".notes")).to_contain_text(f"Undone: “{deal.title}”")
    expect(page.locator(f"#stage-{stages['evaluation'].pk} #deal-{deal.pk}")).to_be_visible()
    deal.refresh_from_db()
    assert deal.stage == stages["evaluation"]
    assert DealEvent.objects.filter(deal=deal, kind=DealEvent.Kind.VOIDED).count() == 1


def test_a_stale_move_says_who_was_faster(show, deal, bob, stages):
    page = show(f"/deals/{deal.pk}/move/", **OFF).page
    somebody_moves(deal, stages["interest"], bob)

    page.get_by_role("button", name="Engagement").click()

    expect(page.locator(".notes")).to_contain_text("Bob Berg moved this to Interest")
    deal.refresh_from_db()
    assert deal.stage == stages["interest"]


def test_add_a_deal(show, stages):
    page = show(**OFF).page

    page.get_by_role("link", name="Add deal to Interest").click()
    page.get_by_label("Title").fill("Bottling line")
    page.get_by_label("Account").fill("Brewery Nord")
    page.get_by_label("Value").fill("12000.50")
    page.get_by_role("button", name="Add deal").click()

    made = Deal.objects.get()
    assert page.url.endswith(f"/deals/{made.pk}/")
    assert (made.title, made.account.name, str(made.amount)) == ("Bottling line", "Brewery Nord", "12000.50")
    assert made.stage == stages["interest"]


def test_what_was_typed_stays_beside_what_is_wrong_with_it(show, watch):
    watch.expect("status of 422")
    page = show("/deals/new/", **OFF).page

    page.get_by_label("Title").fill("Bottling line")
    page.get_by_label("Next step").fill("Call them")
    page.get_by_role("button", name="Add deal").click()

    expect(page.locator(".field", has=page.get_by_label("When"))).to_contain_text("Say when")
    expect(page.get_by_label("Title")).to_have_value("Bottling line")
    assert not Deal.objects.exists()


def test_lose_a_deal_with_its_reason(show, deal, watch):
    watch.expect("status of 422")
    page = show(f"/deals/{deal.pk}/", **OFF).page

    page.get_by_role("link", name="Lost…").click()
    page.get_by_label("Reason").select_option(label="Other")
    page.get_by_role("button", name="Mark as lost").click()
    expect(page.locator(".field", has=page.get_by_label("Note"))).to_contain_text("needs a short note")
    page.get_by_label("Note").fill("The plant closed.")
    page.get_by_role("button", name="Mark as lost").click()

    expect(page.locator(".notes")).to_contain_text(f"{deal.title} marked as lost")
    expect(page.locator(f"#deal-{deal.pk}")).to_have_count(0)
    deal.refresh_from_db()
    assert (deal.status, deal.loss_reason.name) == ("lost", "Other")


def test_filter_search_and_sort(show, stages, alice, bob):
    make_deal(stages["interest"], alice, "Kiln")
    make_deal(stages["interest"], bob, "Mill")
    board = show(**OFF)
    page = board.page

    page.locator("summary", has_text="Filter").click()
    page.get_by_role("checkbox", name="Bob Berg").check()
    page.get_by_role("button", name="Show", exact=True).click()
    assert f"owner={bob.pk}" in page.url
    assert board.titles(stages["interest"]) == ["Mill"]

    page.get_by_role("link", name="Remove filter Owner Bob Berg").click()
    page.get_by_role("searchbox").fill("kil")
    page.get_by_role("searchbox").press("Enter")
    assert board.titles(stages["interest"]) == ["Kiln"]
    assert "q=kil" in page.url


def test_show_more_unfolds_the_column(show, stages, alice):
    for _ in range(25):
        make_deal(stages["interest"], alice)
    board = show(**OFF)
    assert len(board.titles(stages["interest"])) == 20

    board.page.get_by_role("link", name="Show 5 more").click()

    assert len(board.titles(stages["interest"])) == 25
    assert f"shown.{stages['interest'].pk}=40" in board.page.url


@pytest.mark.parametrize("path", ["/board/", "/deals/", "/deals/new/", "/you/", "/board/views/save/"])
def test_nothing_that_needs_a_script_is_shown(show, deal, path):
    """No button lies there that would do nothing."""
    page = show(path, **OFF).page

    dead = page.locator("main :is(button[type=button], [data-select]):visible")
    assert dead.evaluate_all("all => all.map(one => one.outerHTML)") == []
