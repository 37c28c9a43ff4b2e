"""Taking back, on the board."""

from datetime import timedelta

from django.db import connection
from django.utils.timezone import now
from playwright.sync_api import expect

from stages.models import DealEvent
from tests.browser.board import somebody_moves


def test_the_button_of_the_message_takes_the_move_back(show, deal, stages):
    board = show()
    board.drag(deal, stages["engagement"])

    board.toast.get_by_role("button", name="Undo").click()

    expect(board.toast).to_contain_text(f"Undone: “{deal.title}”")
    expect(board.live).to_have_text(f"Undone: “{deal.title}”")
    board.expect_in(deal, stages["evaluation"])
    board.expect_counts(evaluation=1, engagement=0)
    deal.refresh_from_db()
    assert deal.stage == stages["evaluation"]
    assert [event.kind for event in deal.events.order_by("seq")] == ["created", "moved", "voided"]


def test_what_somebody_built_on_is_not_taken_back(show, watch, deal, bob, stages):
    watch.expect("status of 409")
    board = show()
    board.drag(deal, stages["engagement"])
    expect(board.toast).to_contain_text("moved to Engagement")
    board.page.route("**/board/changes/**", lambda route: route.fulfill(status=204))
    somebody_moves(deal, stages["purchase"], bob)

    board.toast.get_by_role("button", name="Undo").click()
    board.page.unroute("**/board/changes/**")

    expect(board.toast).to_contain_text("has changed since: Bob Berg moved this to Purchase")
    board.expect_in(deal, stages["purchase"])
    board.expect_counts(evaluation=0, engagement=0, purchase=1)
    deal.refresh_from_db()
    assert deal.stage == stages["purchase"]
    assert not DealEvent.objects.filter(kind=DealEvent.Kind.VOIDED).exists()


def test_z_takes_back_one_gesture_after_the_other_also_over_a_reload(show, deal, stages):
    board = show()
    board.focus(deal)
    board.press("]")
    expect(board.toast).to_contain_text("moved to Engagement")
    board.press("]")
    expect(board.toast).to_contain_text("moved to Purchase")
    board.page.reload()

    board.press("z")
    expect(board.toast).to_contain_text("Undone")
    board.expect_in(deal, stages["engagement"])
    board.press("z")
    board.expect_in(deal, stages["evaluation"])
    board.press("z")
    expect(board.toast).to_contain_text("Nothing to undo.")
    deal.refresh_from_db()
    assert deal.stage == stages["evaluation"]
    assert deal.won_at is None


def test_after_ten_minutes_it_is_too_late(show, watch, deal, stages):
    watch.expect("status of 422")
    board = show()
    board.drag(deal, stages["engagement"])
    expect(board.toast).to_contain_text("moved to Engagement")
    let_minutes_pass(11)

    board.toast.get_by_role("button", name="Undo").click()

    expect(board.toast).to_contain_text("Undo is open for ten minutes, and they have passed.")
    board.expect_in(deal, stages["engagement"])


def let_minutes_pass(minutes):
    """The ledger refuses changes of what was written: only this test goes around its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_%'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        DealEvent.objects.update(recorded_at=now() - timedelta(minutes=minutes))
        for _, sql in triggers:
            cursor.execute(sql)
