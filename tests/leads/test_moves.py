"""Moving by HTTP: it works, refused, repeated, without HTMX, somebody else's, by the wrong method."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from funnelcrm.models import Organisation
from leads.domain.deals import assign_deals, move_deal
from leads.models import Deal
from tests.factories import make_deal

pytestmark = pytest.mark.usefixtures("clean_audit")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def post(client, alice, deal):
    """Alice posts a move of the deal as the board does."""
    client.force_login(alice)

    def send(stage, *, seen=1, pk=deal.pk, htmx=True, **data):
        data = {"to": stage.pk, "seen": seen, "operation": uuid4(), "board": "", **data}
        return client.post(reverse("leads:move", args=[pk]), data, headers=HTMX if htmx else {})

    return send


def test_a_move_answers_with_the_card_both_heads_and_a_way_back(post, deal, stages):
    response = post(stages["engagement"])

    assert response.status_code == 200
    for name in (
        f'id="deal-{deal.pk}"',
        f'id="head-{stages["evaluation"].pk}"',
        f'id="head-{stages["engagement"].pk}"',
    ):
        assert response.text.count(name) == 1
    assert f'data-stage="{stages["engagement"].pk}"' in response.text
    assert 'data-version="2"' in response.text
    deal.refresh_from_db()
    assert deal.stage == stages["engagement"]
    assert str(deal.events.last().operation) in response["HX-Trigger"]


def test_a_move_changes_the_boards_sums_by_what_moved_and_nothing_else(post, client, deal, stages, alice):
    today = Organisation.current().today()
    values = {"amount": Decimal(1000), "currency": "EUR", "expected_close": today}
    for stage in ("awareness", "interest", "engagement"):
        make_deal(stages[stage], alice, **values)
    before = client.get(reverse("leads:board")).context["together"]

    response = post(stages["purchase"])

    assert before.closing == "3"
    assert "3 closing this month" in response.text
    assert "€3,000" in response.text or "€3k" in response.text


def test_a_stale_move_is_409_with_the_fresh_card_and_who_moved_it(post, deal, stages, bob):
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=bob)

    response = post(stages["engagement"])

    assert response.status_code == 409
    assert "Bob Berg moved this to Purchase just now." in response["HX-Trigger"]
    assert f'data-stage="{stages["purchase"].pk}"' in response.text
    assert deal.events.count() == 2


def test_a_retried_move_answers_the_same_and_has_one_effect(post, deal, stages):
    key = uuid4()

    first = post(stages["engagement"], operation=key)
    second = post(stages["engagement"], operation=key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.text[first.text.index("<li") :] == second.text[second.text.index("<li") :]
    assert deal.events.count() == 2


@pytest.mark.parametrize("to", ["999999", "", "x", "9" * 30])
def test_a_stage_that_is_not_there_is_422_and_changes_nothing(post, deal, to):
    class Nowhere:
        pk = to

    response = post(Nowhere)

    assert response.status_code == 422
    assert deal.events.count() == 1


def test_without_htmx_a_move_redirects_with_a_message(post, deal, stages):
    response = post(stages["engagement"], htmx=False, next=reverse("leads:deal", args=[deal.pk]))

    assert response.status_code == 302
    assert response["Location"] == reverse("leads:deal", args=[deal.pk])


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(post, stages, next_page):
    assert post(stages["engagement"], htmx=False, next=next_page)["Location"] == reverse("leads:board")


def test_somebody_elses_deal_is_404(post, stages, charlie):
    other = make_deal(stages["interest"], charlie)

    assert post(stages["engagement"], pk=other.pk).status_code == 404
    assert other.events.count() == 1


def test_a_deal_given_away_meanwhile_is_404(post, deal, stages, ada, charlie):
    assign_deals(seen={deal.pk: 1}, owner=charlie, by=ada)

    assert post(stages["engagement"]).status_code == 404


def test_the_move_sheet_offers_every_stage(client, alice, deal, stages):
    client.force_login(alice)

    page = client.get(reverse("leads:move", args=[deal.pk]))
    sheet = client.get(reverse("leads:move", args=[deal.pk]), headers=HTMX)

    assert "<html" in page.text
    assert "<html" not in sheet.text
    for stage in stages.values():
        assert f'value="{stage.pk}"' in sheet.text


def test_undo_puts_the_deal_back_and_the_move_never_counts(post, client, deal, stages):
    key = uuid4()
    post(stages["purchase"], operation=key)

    response = client.post(reverse("leads:undo", args=[key]), {"board": ""}, headers=HTMX)

    assert response.status_code == 200
    deal.refresh_from_db()
    assert (deal.stage, deal.status, deal.won_at) == (stages["evaluation"], "open", None)


def test_undo_is_refused_with_the_reason_when_the_deal_has_changed_since(post, client, deal, stages, bob):
    key = uuid4()
    post(stages["purchase"], operation=key)
    move_deal(deal_id=deal.pk, seen=2, to_stage=stages["loyalty"], by=bob)

    response = client.post(reverse("leads:undo", args=[key]), {"board": ""}, headers=HTMX)

    assert response.status_code == 409
    assert "Bob Berg moved this to Loyalty" in response["HX-Trigger"]


def test_one_undoes_only_what_one_did_oneself(client, deal, stages, alice, bob):
    key = uuid4()
    move_deal(deal_id=deal.pk, seen=1, to_stage=stages["purchase"], by=bob, operation=key)
    client.force_login(alice)

    assert client.post(reverse("leads:undo", args=[key]), headers=HTMX).status_code == 404
    assert deal.events.count() == 2


def test_bulk_move_and_one_undo_for_all(client, alice, stages):
    deals = [make_deal(stages["interest"], alice) for _ in range(3)]
    client.force_login(alice)
    key = uuid4()
    data = {
        "deal": [f"{deal.pk}:1" for deal in deals],
        "to": stages["purchase"].pk,
        "operation": key,
        "board": "",
    }

    moved = client.post(reverse("leads:bulk-move"), data, headers=HTMX)
    assert moved.status_code == 200
    assert Deal.objects.filter(stage=stages["purchase"]).count() == 3

    client.post(reverse("leads:undo", args=[key]), {"board": ""}, headers=HTMX)
    assert Deal.objects.filter(stage=stages["interest"], status="open").count() == 3


def test_bulk_names_what_stayed(client, alice, bob, stages):
    deals = [make_deal(stages["interest"], alice, title) for title in ("Kiln", "Mill")]
    move_deal(deal_id=deals[1].pk, seen=1, to_stage=stages["evaluation"], by=bob)
    client.force_login(alice)
    data = {"deal": [f"{deal.pk}:1" for deal in deals], "to": stages["purchase"].pk, "board": ""}

    response = client.post(reverse("leads:bulk-move"), data, headers=HTMX)

    assert response.status_code == 200
    assert "1 deal moved to Purchase" in response["HX-Trigger"]
    assert "Bob Berg moved this to Evaluation" in response["HX-Trigger"]


@pytest.mark.parametrize("deals", [[], ["x"], ["1:x"], [f"{n}:1" for n in range(501)]])
def test_bulk_nonsense_is_422(client, alice, stages, deals):
    client.force_login(alice)

    response = client.post(
        reverse("leads:bulk-move"), {"deal": deals, "to": stages["purchase"].pk}, headers=HTMX
    )

    assert response.status_code == 422


def test_bulk_with_a_foreign_deal_changes_nothing(client, alice, charlie, stages):
    mine, theirs = make_deal(stages["interest"], alice), make_deal(stages["interest"], charlie)
    client.force_login(alice)
    data = {"deal": [f"{mine.pk}:1", f"{theirs.pk}:1"], "to": stages["purchase"].pk, "board": ""}

    response = client.post(reverse("leads:bulk-move"), data, headers=HTMX)

    assert response.status_code == 404
    assert Deal.objects.filter(stage=stages["purchase"]).count() == 0
    assert theirs.title not in response.text


def test_a_deal_is_assigned_only_to_people_one_may_see(client, alice, charlie, deal):
    client.force_login(alice)

    response = client.post(
        reverse("leads:bulk-assign"), {"deal": f"{deal.pk}:1", "owner": charlie.pk}, headers=HTMX
    )

    assert response.status_code == 422
    deal.refresh_from_db()
    assert deal.owner == alice
