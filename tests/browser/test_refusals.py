"""A move that does not go through: the card goes back, and a sentence says why."""

import re

from django.utils.timezone import now
from playwright.sync_api import expect

from leads.domain.deals import delete_deal, lose_deal
from leads.models import Deal
from stages.models import DealEvent, LossReason
from tests.browser.board import somebody_moves


def moves_of(deal):
    return DealEvent.objects.filter(deal=deal, kind=DealEvent.Kind.MOVED)


def without_polls(board):
    """So that the page learns of others' changes only from what it asks itself."""
    board.page.route("**/board/changes/**", lambda route: route.fulfill(status=204))


def test_a_stale_drag_shows_where_the_deal_is_and_who_moved_it(show, watch, deal, bob, stages):
    watch.expect("status of 409")
    board = show()
    without_polls(board)
    somebody_moves(deal, stages["interest"], bob)

    board.drag(deal, stages["engagement"])

    expect(board.toast).to_contain_text("Bob Berg moved this to Interest just now.")
    expect(board.live).to_have_text("Bob Berg moved this to Interest just now.")
    board.expect_in(deal, stages["interest"])
    board.expect_counts(interest=1, evaluation=0, engagement=0)
    deal.refresh_from_db()
    assert (deal.stage, deal.version) == (stages["interest"], 2)

    board.drag(deal, stages["engagement"])
    expect(board.toast.last).to_contain_text("moved to Engagement")
    deal.refresh_from_db()
    assert (deal.stage, deal.version) == (stages["engagement"], 3), "the fresh card can be moved"


def test_after_a_stale_move_by_key_the_focus_is_still_on_the_card(show, watch, deal, bob, stages):
    watch.expect("status of 409")
    board = show()
    without_polls(board)
    somebody_moves(deal, stages["interest"], bob)
    board.focus(deal)

    board.press("]")

    expect(board.toast).to_contain_text("Bob Berg moved this to Interest")
    board.expect_in(deal, stages["interest"])
    board.expect_focus_on(deal)


def test_a_lost_deal_cannot_be_moved_and_leaves_the_board(show, watch, deal, alice, stages):
    watch.expect("status of 409")
    board = show()
    without_polls(board)
    lose_deal(deal_id=deal.pk, seen=1, reason=LossReason.objects.first(), by=alice)

    board.drag(deal, stages["engagement"])

    expect(board.toast).to_contain_text("Alice Ahlberg")
    expect(board.card(deal)).to_have_count(0)
    board.expect_counts(evaluation=0, engagement=0)


def test_a_stage_that_was_archived_takes_no_deal(show, watch, deal, stages):
    watch.expect("status of 422")
    board = show()
    without_polls(board)
    stages["engagement"].archived_at = now()
    stages["engagement"].save()

    board.drag(deal, stages["engagement"])

    expect(board.toast).to_contain_text("“Engagement” is no longer in use. Choose another stage.")
    board.expect_in(deal, stages["evaluation"])
    board.expect_counts(evaluation=1)
    assert not moves_of(deal).exists()


def test_a_deleted_deal_goes_from_the_board(show, watch, deal, bob, stages):
    watch.expect("status of 404")
    board = show()
    without_polls(board)
    delete_deal(deal_id=deal.pk, seen=1, by=bob)

    board.drag(deal, stages["engagement"])

    expect(board.toast).to_contain_text("no longer here")
    expect(board.card(deal)).to_have_count(0)
    board.expect_counts(evaluation=0, engagement=0)


def test_offline_the_card_goes_back_and_retry_moves_it_once(show, watch, deal, stages):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    board = show()
    sent = operations(board)
    board.page.context.set_offline(True)

    board.drag(deal, stages["engagement"])

    expect(board.toast).to_contain_text("The server cannot be reached; the deal is back where it was.")
    board.expect_in(deal, stages["evaluation"])
    board.expect_counts(evaluation=1, engagement=0)

    board.page.context.set_offline(False)
    board.toast.get_by_role("button", name="Retry").click()
    expect(board.toast).to_contain_text("moved to Engagement")
    board.expect_in(deal, stages["engagement"])
    board.expect_counts(evaluation=0, engagement=1)
    assert len(sent) == 2
    assert len(set(sent)) == 1, "the same gesture"
    assert moves_of(deal).count() == 1


def test_an_answer_that_got_lost_and_a_retry_have_one_effect(show, watch, deal, stages):
    """The server did it, but its answer never arrived. Retry asks for the same thing, not for another."""
    watch.expect("ERR_FAILED")
    board = show()
    without_polls(board)
    sent = operations(board)

    with board.answers_lost("**/move/"):
        board.drag(deal, stages["engagement"])
        expect(board.toast).to_contain_text("cannot be reached")
    board.expect_in(deal, stages["evaluation"])
    assert moves_of(deal).count() == 1

    board.toast.get_by_role("button", name="Retry").click()
    expect(board.toast).to_contain_text("moved to Engagement")
    board.expect_in(deal, stages["engagement"])
    board.expect_counts(evaluation=0, engagement=1)
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert moves_of(deal).count() == 1
    deal.refresh_from_db()
    assert (deal.stage, deal.version) == (stages["engagement"], 2)


def operations(board):
    """The keys of the moves that the page sends."""
    sent = []

    def note(request):
        if request.url.endswith("/move/"):
            sent.extend(part for part in request.post_data.split("&") if part.startswith("operation="))

    board.page.on("request", note)
    return sent


def test_when_the_server_fails_the_card_goes_back_and_retry_works(show, watch, deal, stages):
    watch.expect("status of 500")
    board = show()
    board.page.route("**/move/", lambda route: route.fulfill(status=500, body="<h1>Oh</h1>"))
    board.focus(deal)

    board.press("]")

    expect(board.toast).to_contain_text("The server failed; the deal is back where it was.")
    expect(board.page.locator("body")).not_to_contain_text("Oh")
    board.expect_in(deal, stages["evaluation"])
    board.expect_counts(evaluation=1, engagement=0)
    board.expect_focus_on(deal)
    expect(board.card(deal)).not_to_have_attribute("aria-busy", "true")

    board.page.unroute("**/move/")
    board.toast.get_by_role("button", name="Retry").click()
    expect(board.toast).to_contain_text("moved to Engagement")
    assert moves_of(deal).count() == 1


def test_what_was_dragged_on_behind_a_failure_goes_back_too(show, watch, deal, stages):
    watch.expect("status of 500")
    board = show()
    without_polls(board)
    waiting = []
    board.page.route("**/move/", lambda route: waiting.append(route))
    board.drag(deal, stages["engagement"])
    board.drag(deal, stages["interest"])
    board.expect_in(deal, stages["interest"])

    waiting.pop().fulfill(status=500, body="")

    expect(board.toast).to_contain_text("back where it was")
    board.expect_in(deal, stages["evaluation"])
    board.expect_counts(interest=0, evaluation=1, engagement=0)
    assert waiting == [], "the second was not sent: it built on the first"
    assert not moves_of(deal).exists()


def test_a_page_whose_session_ended_leads_to_signing_in(show, deal, alice, stages):
    board = show()
    board.page.context.clear_cookies(name="funnel-session")

    board.drag(deal, stages["engagement"])

    board.page.wait_for_url("**/sign-in/?next=*board*")
    assert not moves_of(deal).exists()


def test_a_double_click_in_the_sheet_moves_once(show, deal, stages):
    board = show()
    board.focus(deal)
    board.press("m")
    button = board.dialog.get_by_role("button", name="Engagement")
    expect(button).to_be_visible()

    button.dblclick(no_wait_after=True)

    expect(board.toast).to_contain_text("moved to Engagement")
    board.expect_counts(evaluation=0, engagement=1)
    assert moves_of(deal).count() == 1


def test_a_double_click_on_the_page_of_a_new_deal_makes_one(show, stages):
    page = show("/deals/new/").page
    page.get_by_label("Title").fill("Bottling line")

    page.get_by_role("button", name="Add deal").dblclick()

    page.wait_for_url(re.compile(r"/deals/\d+/$"))
    expect(page.get_by_role("heading", name="Bottling line", level=1)).to_be_visible()
    assert Deal.objects.count() == 1


def test_a_double_click_on_mark_as_lost_loses_once(show, deal):
    board = show(f"/deals/{deal.pk}/")
    board.page.get_by_role("link", name="Lost…").click()
    board.dialog.get_by_label("Reason").select_option(label="Price")

    board.dialog.get_by_role("button", name="Mark as lost").dblclick()

    expect(board.page.locator(".tag", has_text="Lost")).to_be_visible()
    assert DealEvent.objects.filter(deal=deal, kind=DealEvent.Kind.LOST).count() == 1
