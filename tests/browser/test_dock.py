"""The zones at the foot of the board: lost, snoozed, won."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.factories import make_deal


def drop_at(board, deal, zone):
    with board.dragging(deal) as hand:
        place = board.page.locator(f".dock [data-zone={zone}]")
        hand.over(place)
        expect(place).to_have_class(re.compile("is-over"))


def test_lost_asks_for_the_reason_and_cancel_leaves_the_card(show, deal, stages):
    board = show()

    drop_at(board, deal, "lost")
    expect(board.dialog).to_contain_text(f"Why was “{deal.title}” lost?")
    expect(board.page.locator(".dock, .ghost")).to_have_count(0)
    board.dialog.locator("[data-close]").click()

    expect(board.dialog).to_have_count(0)
    board.expect_in(deal, stages["evaluation"])
    board.expect_counts(evaluation=1)
    deal.refresh_from_db()
    assert (deal.status, deal.version) == ("open", 1)


def test_lost_for_another_reason_needs_a_note_beside_its_field(show, watch, deal):
    watch.expect("status of 422")
    board = show()
    drop_at(board, deal, "lost")
    board.dialog.get_by_label("Reason").select_option(label="Other")
    board.dialog.get_by_role("button", name="Mark as lost").click()

    note = board.dialog.get_by_label("Note")
    expect(board.dialog.locator(".field", has=board.page.locator("[name=note]"))).to_contain_text(
        "“Other” needs a short note: what happened?"
    )
    expect(board.dialog.get_by_label("Reason")).to_have_value(re.compile(r"\d+"))
    expect(note).to_be_focused()
    expect(note).to_have_attribute("aria-invalid", "true")

    note.fill("The plant closed.")
    board.dialog.get_by_role("button", name="Mark as lost").click()
    expect(board.dialog).to_have_count(0)
    expect(board.toast).to_contain_text(f"{deal.title} marked as lost")
    expect(board.card(deal)).to_have_count(0)
    board.expect_counts(evaluation=0)
    deal.refresh_from_db()
    assert (deal.status, deal.loss_reason.name) == ("lost", "Other")
    assert deal.events.get(kind="lost").note == "The plant closed."

    board.toast.get_by_role("button", name="Undo").click()
    expect(board.toast).to_contain_text("Undone")
    expect(board.card(deal)).to_be_visible()
    board.expect_counts(evaluation=1)


def test_won_moves_to_purchase(show, deal, stages):
    board = show()

    drop_at(board, deal, "won")

    expect(board.toast).to_contain_text("moved to Purchase")
    board.expect_in(deal, stages["purchase"])
    board.expect_counts(evaluation=0, purchase=1)
    deal.refresh_from_db()
    assert (deal.status, deal.stage) == ("won", stages["purchase"])
    assert deal.won_at


def test_what_is_won_cannot_be_won_again(show, stages, alice):
    customer = make_deal(stages["loyalty"], alice)
    board = show()

    with board.dragging(customer):
        expect(board.page.locator(".dock [data-zone=lost]")).to_be_visible()
        expect(board.page.locator(".dock [data-zone=won]")).to_have_count(0)


@pytest.mark.parametrize("way", ["dock", "key"])
def test_snooze_asks_for_a_day(show, deal, organisation, way):
    board = show()
    day = organisation.today() + timedelta(days=9)
    if way == "dock":
        drop_at(board, deal, "snooze")
    else:
        board.focus(deal)
        board.press("s")

    expect(board.dialog).to_contain_text(deal.title)
    board.dialog.locator("input[type=date]").fill(day.isoformat())
    board.dialog.get_by_role("button", name="Save").click()

    expect(board.dialog).to_have_count(0)
    expect(board.card(deal).locator(".card-next")).to_contain_text("Come back to this")
    deal.refresh_from_db()
    assert deal.next_step.due_on == day
