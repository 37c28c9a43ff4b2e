"""The board: what stands on it, for whom, and what it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from leads.domain.deals import assign_deals, move_deal
from leads.domain.touchpoints import plan_step
from leads.queries.cards import cards_of
from leads.queries.clock import Clock
from leads.queries.filters import ORDERS
from stages.models import TouchpointType
from tests.factories import make_account, make_deal

URL = reverse("leads:board")


def column(response, stage):
    return next(column for column in response.context["columns"] if column.stage == stage)


def test_the_board_shows_six_columns_with_counts_and_sums(client, alice, stages):
    make_deal(stages["evaluation"], alice, amount=Decimal("48000"), currency="EUR")
    make_deal(stages["evaluation"], alice, amount=Decimal("2000.10"), currency="EUR")
    make_deal(stages["evaluation"], alice, amount=Decimal("100"), currency="USD")
    make_deal(stages["interest"], alice)
    client.force_login(alice)

    response = client.get(URL)

    assert [column.stage.name for column in response.context["columns"]] == [
        "Awareness",
        "Interest",
        "Evaluation",
        "Engagement",
        "Purchase",
        "Loyalty",
    ]
    totals = column(response, stages["evaluation"]).totals
    assert totals.deals == 3
    assert [(money.currency, money.amount, money.weighted) for money in totals.money] == [
        ("EUR", Decimal("50000.10"), Decimal("15000.03")),
        ("USD", Decimal("100"), Decimal("30")),
    ]
    assert column(response, stages["interest"]).totals.money == []


def test_a_filter_that_must_count_finds_the_same_sums(client, alice, stages):
    for amount in ("0.10", "10.10", "33.33", "1048.05"):
        make_deal(stages["awareness"], alice, "Kiln", amount=Decimal(amount), currency="EUR")
    client.force_login(alice)

    kept = column(client.get(URL), stages["awareness"]).totals
    counted = column(client.get(URL, {"q": "kiln"}), stages["awareness"]).totals

    assert kept.deals == counted.deals == 4
    assert kept.money == counted.money


def test_a_rep_sees_own_and_team_deals_a_manager_the_led_team_an_admin_all(
    client, alice, bob, charlie, mona, ada, stages
):
    for owner in (alice, bob, charlie, None):
        make_deal(stages["interest"], owner)

    for person, seen in ((alice, 2), (bob, 2), (charlie, 1), (mona, 2), (ada, 4)):
        client.force_login(person)
        found = column(client.get(URL), stages["interest"])
        assert (found.totals.deals, len(found.cards)) == (seen, seen), person


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("owner=me", {"Mine", "Old"}),
        ("q=MINE", {"Mine"}),
        ("min=500", {"Team's"}),
        ("max=499.99", {"Mine"}),
        ("state=overdue", {"Old"}),
        ("state=nostep", {"Mine", "Team's"}),
        ("age=20", {"Old"}),
        ("state=stalled", {"Old"}),
        ("state=attention", {"Mine", "Old", "Team's"}),
        ("owner=me&state=overdue", {"Old"}),
        ("owner=999999", set()),
        ("owner=x&state=nonsense&min=abc&sort=--", {"Mine", "Old", "Team's"}),
    ],
)
def test_filters(client, alice, bob, stages, organisation, query, titles):
    make_deal(stages["interest"], alice, "Mine", amount=Decimal(100), currency="EUR")
    make_deal(stages["interest"], bob, "Team's", amount=Decimal(500), currency="EUR")
    old = make_deal(stages["interest"], alice, "Old", at=now() - timedelta(days=20))
    call = TouchpointType.objects.get(name="Call")
    plan_step(
        deal_id=old.pk, type=call, summary="", due_on=organisation.today() - timedelta(days=2), by=alice
    )
    client.force_login(alice)

    response = client.get(f"{URL}?{query}")

    found = column(response, stages["interest"])
    assert {card.title for card in found.cards} == titles
    assert found.totals.deals == len(titles)


@pytest.mark.parametrize(
    ("sort", "titles"), [("value", ["B", "A", "C"]), ("age", ["C", "B", "A"]), ("next", ["A", "B", "C"])]
)
def test_the_view_sorts_the_cards(client, alice, stages, sort, titles):
    for days, (title, amount) in enumerate([("A", 10), ("B", 20), ("C", None)]):
        make_deal(
            stages["interest"],
            alice,
            title,
            amount=amount and Decimal(amount),
            currency="EUR",
            at=now() - timedelta(days=days),
        )
    client.force_login(alice)

    found = column(client.get(URL, {"sort": sort}), stages["interest"])

    assert [card.title for card in found.cards] == titles
    assert [card.key for card in found.cards] == sorted(card.key for card in found.cards)


def test_a_column_shows_twenty_cards_and_then_more(client, alice, stages):
    for _ in range(45):
        make_deal(stages["interest"], alice)
    client.force_login(alice)
    stage = stages["interest"].pk

    first = column(client.get(URL), stages["interest"])
    assert (len(first.cards), first.hidden, first.totals.deals) == (20, 25, 45)
    more = client.get(reverse("leads:column", args=[stage]), {f"shown.{stage}": 40})
    assert more.text.count('class="card"') == 20
    assert "Show 5 more" in more.text
    assert {card.pk for card in more.context["column"].cards}.isdisjoint({card.pk for card in first.cards})


@pytest.mark.parametrize("deals", [1, 3, 30])
@pytest.mark.parametrize("query", ["", "q=deal", "owner=me&min=1&state=attention"])
def test_a_board_costs_at_most_fifteen_queries_whatever_its_size(client, alice, stages, deals, query):
    for number in range(deals):
        make_deal(
            stages["interest"], alice, account=make_account(), amount=Decimal(number + 1), currency="EUR"
        )
    client.force_login(alice)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{URL}?{query}")

    assert response.text.count('class="card"') == min(deals, 20)
    assert len(queries) <= 15, [query["sql"][:120] for query in queries]


def test_a_poll_answers_204_until_something_changes_that_one_may_see(client, alice, bob, charlie, stages):
    mine, theirs = make_deal(stages["interest"], alice), make_deal(stages["interest"], charlie)
    client.force_login(alice)
    version = client.get(URL).context["version"]
    url = reverse("leads:changes")

    move_deal(deal_id=theirs.pk, seen=1, to_stage=stages["evaluation"], by=charlie)
    assert client.get(url, {"since": version}).status_code == 204

    move_deal(deal_id=mine.pk, seen=1, to_stage=stages["evaluation"], by=bob)
    response = client.get(url, {"since": version}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    for stage, changed in (("interest", True), ("evaluation", True), ("engagement", False)):
        assert (f'id="stage-{stages[stage].pk}"' in response.text) is changed

    version = client.get(URL).context["version"]
    assert client.get(url, {"since": version}).status_code == 204


def test_a_poll_sees_a_deal_leave_ones_sight(client, alice, bob, ada, charlie, stages):
    deal = make_deal(stages["interest"], alice)
    client.force_login(bob)
    version = client.get(URL).context["version"]

    assign_deals(seen={deal.pk: 1}, owner=charlie, by=ada)

    response = client.get(reverse("leads:changes"), {"since": version}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert f"deal-{deal.pk}" not in response.text


def test_the_tabs_count_open_deals(client, alice, stages):
    make_deal(stages["interest"], alice)
    make_deal(stages["loyalty"], alice)
    client.force_login(alice)

    response = client.get(reverse("leads:tabs"))

    assert [(tab.name, tab.count) for tab in response.context["tabs"]] == [
        ("All open", "1"),
        ("Mine", "1"),
        ("Closing this quarter", "0"),
        ("Needs attention", "1"),
    ]


def test_a_deal_that_leaves_a_column_meanwhile_has_no_card_there(alice, stages, organisation):
    deal, left = make_deal(stages["interest"], alice), stages["evaluation"]
    asked = {"order": ORDERS["next"], "clock": Clock.of(organisation)}
    assert cards_of([deal.pk], stages={left.pk: left}, **asked) == []
