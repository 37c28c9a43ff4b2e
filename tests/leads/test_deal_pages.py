"""A deal's own pages and forms: new, edit, lose, steps, and what they refuse."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.domain.deals import revise_deal
from leads.domain.touchpoints import log_touchpoint
from leads.models import Account, Deal
from stages.models import LossReason, TouchpointType
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("clean_audit")

HTMX = {"HX-Request": "true"}


def new_deal(stages, **fields):
    return {
        "title": "Kiln",
        "stage": stages["interest"].pk,
        "currency": "EUR",
        "operation": uuid4(),
        **fields,
    }


def test_a_new_deal_with_account_value_and_next_step(signed_in, alice, stages, organisation):
    due = organisation.today() + timedelta(days=3)

    response = signed_in.post(
        reverse("leads:new-deal"),
        new_deal(
            stages,
            account="Nordlys Dairy",
            amount="48000",
            step="Call Tomas",
            step_due=due.isoformat(),
            board="",
        ),
        headers=HTMX,
    )

    assert response.status_code == 200
    deal = Deal.objects.get()
    assert (deal.title, deal.account.name, deal.amount, deal.owner) == (
        "Kiln",
        "Nordlys Dairy",
        Decimal(48000),
        alice,
    )
    assert (deal.next_step.summary, deal.next_step.due_on) == ("Call Tomas", due)
    assert f'id="deal-{deal.pk}"' in response.text
    assert 'id="quick-add"' in response.text


def test_a_known_account_is_found_whatever_case_and_accents(signed_in, alice, stages):
    account = Account.objects.create(name="Müller & Söhne", search="muller & sohne", owner=alice)

    signed_in.post(reverse("leads:new-deal"), new_deal(stages, account="muller &  SOHNE"))

    assert Deal.objects.get().account == account


def test_another_teams_account_is_neither_found_nor_suggested(signed_in, charlie, stages):
    theirs = make_account("Nordlys", owner=charlie)

    suggested = signed_in.get(reverse("leads:suggest-accounts"), {"q": "nord"})
    signed_in.post(reverse("leads:new-deal"), new_deal(stages, account="Nordlys"))

    assert "Nordlys" not in suggested.text
    assert Deal.objects.get().account != theirs


def test_the_same_form_sent_twice_makes_one_deal(signed_in, stages):
    data = new_deal(stages, account="Nordlys")

    for _ in range(2):
        signed_in.post(reverse("leads:new-deal"), data)

    assert (Deal.objects.count(), Account.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "required"),
        ("title", "x" * 161, "at most 160"),
        ("title", "a\x00b", "Null characters"),
        ("amount", "-1", "greater than or equal to 0"),
        ("amount", "1e308", "no more than"),
        ("amount", "NaN", "Enter a number"),
        ("currency", "XXX", "valid choice"),
        ("stage", "999", "valid choice"),
        ("owner", "999", "valid choice"),
        ("expected_close", "2023-02-29", "valid date"),
        ("step", "Call", "Say when"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_changes_nothing(signed_in, stages, field, value, words):
    response = signed_in.post(reverse("leads:new-deal"), new_deal(stages, **{field: value}))

    assert response.status_code == 422
    errors = response.context["form"].errors
    assert any(words in error for field_errors in errors.values() for error in field_errors), errors
    assert Deal.objects.count() == 0


def edited(deal, **fields):
    values = {"title": deal.title, "currency": "EUR", "seen": deal.version, "owner": deal.owner_id}
    return values | {"operation": uuid4()} | fields


def test_editing_values_is_a_revision(signed_in, deal):
    response = signed_in.post(
        reverse("leads:edit-deal", args=[deal.pk]),
        edited(deal, amount="5000.50", expected_close="2027-01-31"),
    )

    assert response.status_code == 302
    deal.refresh_from_db()
    assert (deal.amount, deal.currency, deal.expected_close) == (Decimal("5000.50"), "EUR", date(2027, 1, 31))
    assert deal.events.last().kind == "revised"


def test_a_stale_edit_keeps_what_was_typed_and_says_who_was_faster(signed_in, deal, bob):
    revise_deal(deal_id=deal.pk, seen=1, by=bob, changes={"title": "Bob's title"})

    response = signed_in.post(
        reverse("leads:edit-deal", args=[deal.pk]), edited(deal, title="My title", seen=1)
    )

    assert response.status_code == 409
    assert "Bob Berg changed this" in response.text
    assert "My title" in response.text
    deal.refresh_from_db()
    assert deal.title == "Bob's title"
    assert (Account.objects.count(), deal.tags.count()) == (0, 0)


def test_a_deal_keeps_its_account_among_namesakes(signed_in, deal, alice):
    make_account("Nordlys", owner=alice)
    mine = make_account("Nordlys", owner=alice)
    revise_deal(deal_id=deal.pk, seen=1, by=alice, changes={"account": mine})

    signed_in.post(
        reverse("leads:edit-deal", args=[deal.pk]), edited(deal, account="Nordlys", title="New", seen=2)
    )

    deal.refresh_from_db()
    assert (deal.title, deal.account) == ("New", mine)


def test_losing_asks_for_the_reason(signed_in, deal):
    url = reverse("leads:lose", args=[deal.pk])
    assert "Why was" in signed_in.get(url, headers=HTMX).text

    refused = signed_in.post(url, {"seen": 1, "operation": uuid4()}, headers=HTMX)
    assert refused.status_code == 422
    assert "Say why the deal was lost." in refused.text

    other = LossReason.objects.get(name="Other")
    refused = signed_in.post(url, {"seen": 1, "reason": other.pk}, headers=HTMX)
    assert "needs a short note" in refused.text

    lost = signed_in.post(
        url, {"seen": 1, "reason": other.pk, "note": "Moved abroad", "board": ""}, headers=HTMX
    )
    assert lost.status_code == 200
    assert 'hx-swap-oob="delete"' in lost.text
    deal.refresh_from_db()
    assert deal.status == "lost"


def test_reopening_and_deleting(signed_in, deal, alice):
    signed_in.post(
        reverse("leads:lose", args=[deal.pk]), {"seen": 1, "reason": LossReason.objects.get(name="Price").pk}
    )

    signed_in.post(reverse("leads:reopen", args=[deal.pk]), {"seen": 2})
    deal.refresh_from_db()
    assert deal.status == "open"

    key = uuid4()
    signed_in.post(reverse("leads:delete-deal", args=[deal.pk]), {"seen": 3, "operation": key})
    assert signed_in.get(reverse("leads:deal", args=[deal.pk])).status_code == 404
    signed_in.post(reverse("leads:undo", args=[key]))
    assert signed_in.get(reverse("leads:deal", args=[deal.pk])).status_code == 200


@pytest.mark.parametrize("touches", [1, 10])
def test_a_deal_page_costs_the_same_whatever_its_history(signed_in, deal, alice, touches):
    call = TouchpointType.objects.get(name="Call")
    for number in range(touches):
        log_touchpoint(deal_id=deal.pk, type=call, summary=f"Call {number}", by=alice)
        revise_deal(deal_id=deal.pk, seen=number + 1, by=alice, changes={"title": f"Title {number}"})

    with CaptureQueriesContext(connection) as queries:
        response = signed_in.get(reverse("leads:deal", args=[deal.pk]))

    assert response.text.count("Call: Call") == touches
    assert len(queries) <= 12


def test_the_list_shows_the_same_deals_as_the_board(signed_in, deal, stages):
    response = signed_in.get(reverse("leads:deals"), {"stage": stages["evaluation"].pk})

    assert [card.pk for card, _ in response.context["found"].rows] == [deal.pk]
    assert signed_in.get(reverse("leads:deals"), {"stage": stages["interest"].pk}).context["found"].rows == []


def test_tags_are_found_whatever_their_case_and_filter_the_board(signed_in, deal, alice):
    url = reverse("leads:edit-deal", args=[deal.pk])
    signed_in.post(url, edited(deal, tags="Key account, pilot"))
    signed_in.post(url, edited(deal, tags="KEY ACCOUNT, renewal , renewal"))

    assert sorted(tag.name for tag in deal.tags.all()) == ["Key account", "renewal"]
    tag = deal.tags.get(name="renewal")
    board = signed_in.get(reverse("leads:board"), {"tag": tag.pk})
    assert f'id="deal-{deal.pk}"' in board.text
    assert "renewal" in signed_in.get(reverse("leads:deal", args=[deal.pk])).text


@pytest.mark.parametrize(
    ("tags", "words"), [("x" * 41, "40 characters"), (",".join("abcdefghijk"), "ten tags")]
)
def test_too_much_of_a_tag_is_said(signed_in, deal, tags, words):
    response = signed_in.post(reverse("leads:edit-deal", args=[deal.pk]), edited(deal, tags=tags))

    assert response.status_code == 422
    assert words in response.text


def test_lost_deals_are_listed_for_those_who_may_see_them(signed_in, deal, client, charlie):
    signed_in.post(
        reverse("leads:lose", args=[deal.pk]), {"seen": 1, "reason": LossReason.objects.get(name="Price").pk}
    )
    url = reverse("leads:lost-deals")

    assert signed_in.get(url, {"q": "KILN"}).context["found"].deals == [deal]
    assert signed_in.get(url, {"q": "pump"}).context["found"].deals == []
    assert "Price" in signed_in.get(url).text
    client.force_login(charlie)
    assert client.get(url).context["found"].deals == []
