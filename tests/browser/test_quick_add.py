"""A new deal without leaving the board."""

import pytest
from playwright.sync_api import expect

from leads.models import Account, Deal
from tests.factories import make_account


@pytest.fixture
def form(show):
    board = show()
    board.form = board.page.locator(".quick-add")
    return board


def open_in(board, stage):
    board.column(stage).get_by_role("link", name="Add deal").click()
    expect(board.column(stage).locator(".quick-add")).to_be_visible()
    expect(board.form.get_by_label("Account")).to_be_focused()


def test_enter_saves_and_opens_another(form, stages, alice):
    open_in(form, stages["interest"])
    form.form.get_by_label("Account").fill("Brewery Nord")
    form.form.get_by_label("Title").fill("Bottling line")
    form.form.get_by_label("Value").fill("12000")
    form.press("Enter")

    expect(form.toast).to_contain_text("Bottling line added to Interest")
    made = Deal.objects.get()
    form.expect_in(made, stages["interest"])
    form.expect_counts(interest=1)
    expect(form.card(made)).to_contain_text("€12k")
    assert (made.owner, made.stage, made.account.name) == (alice, stages["interest"], "Brewery Nord")

    expect(form.form).to_have_count(1)
    expect(form.form.get_by_label("Title")).to_have_value("")
    expect(form.form.get_by_label("Account")).to_be_focused()
    form.form.get_by_label("Title").fill("Second line")
    form.press("Enter")
    expect(form.toast).to_contain_text("Second line added to Interest")
    form.expect_counts(interest=2)
    assert Deal.objects.count() == 2


def test_n_opens_it_and_escape_closes_it(form, stages):
    form.press("n")
    expect(form.form.get_by_label("Account")).to_be_focused()
    form.page.keyboard.type("n/z")
    expect(form.form.get_by_label("Account")).to_have_value("n/z")
    form.press("Escape")
    expect(form.form).to_have_count(0)
    assert not Deal.objects.exists()


def test_known_accounts_are_offered_while_typing(form, stages, alice):
    known = make_account("Alder Cement", owner=alice)
    make_account("Birch Paper", owner=alice)
    open_in(form, stages["interest"])

    form.form.get_by_label("Account").press_sequentially("ald")

    options = form.page.locator(f"datalist#{form.form.get_by_label('Account').get_attribute('list')} option")
    expect(options).to_have_count(1)
    expect(options).to_have_attribute("value", "Alder Cement")
    form.form.get_by_label("Account").fill("alder cement")
    form.form.get_by_label("Title").fill("Mill")
    form.press("Enter")
    expect(form.toast).to_contain_text("Mill added")
    assert Deal.objects.get().account == known
    assert Account.objects.count() == 2


def test_what_is_wrong_stands_beside_its_field(form, watch, stages):
    watch.expect("status of 422")
    open_in(form, stages["evaluation"])
    form.form.get_by_label("Title").fill("Mill")
    form.form.get_by_label("Next step").fill("Call Tomas")
    form.press("Enter")

    when = form.form.get_by_label("When")
    expect(form.form.locator(".field", has=form.page.locator("[name=step_due]"))).to_contain_text("Say when")
    expect(when).to_be_focused()
    expect(when).to_have_attribute("aria-invalid", "true")
    expect(form.form.get_by_label("Title")).to_have_value("Mill")
    assert not Deal.objects.exists()

    when.fill("2027-03-01")
    form.form.get_by_role("button", name="Add deal").click()
    expect(form.toast).to_contain_text("Mill added to Evaluation")
    assert Deal.objects.get().next_step.summary == "Call Tomas"


def test_undo_takes_it_away_again(form, stages):
    open_in(form, stages["interest"])
    form.form.get_by_label("Title").fill("Slip")
    form.press("Enter")
    expect(form.toast).to_contain_text("Slip added")

    form.toast.get_by_role("button", name="Undo").click()

    expect(form.toast).to_contain_text("Undone")
    form.expect_counts(interest=0)
    expect(form.page.locator(".card[data-deal]")).to_have_count(0)
    assert Deal.objects.filter(deleted_at=None).count() == 0


def test_enter_twice_makes_one_deal(form, stages):
    open_in(form, stages["interest"])
    form.form.get_by_label("Title").fill("Once")
    let_through = form.hold("**/deals/new/")
    form.press("Enter", "Enter")
    form.page.wait_for_timeout(100)
    let_through()

    expect(form.toast).to_contain_text("Once added")
    form.expect_counts(interest=1)
    form.page.wait_for_timeout(300)
    assert Deal.objects.count() == 1


def test_an_answer_that_got_lost_and_enter_again_make_one_deal(form, watch, stages):
    watch.expect("ERR_FAILED")
    watch.expect("htmx:sendError")
    watch.expect("htmx:afterRequest")
    with form.answers_lost("**/deals/new/**"):  # from before the form is fetched: then it surely holds
        open_in(form, stages["interest"])
        form.form.get_by_label("Title").fill("Once")
        form.press("Enter")
        expect(form.toast).to_contain_text("The server cannot be reached.")
    expect(form.form.get_by_label("Title")).to_have_value("Once")
    assert Deal.objects.count() == 1

    form.form.get_by_role("button", name="Add deal").click()
    expect(form.toast.last).to_contain_text("Once added to Interest")
    form.expect_counts(interest=1)
    assert Deal.objects.count() == 1
