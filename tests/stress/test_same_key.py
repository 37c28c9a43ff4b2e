"""The same request many times at once (a double click, a retry) has one effect, and one answer."""

from uuid import uuid4

import pytest

from tests.stress.client import all_at_once

pytestmark = pytest.mark.stress
AT_ONCE = 50


@pytest.fixture
def cast(site):
    return site.cast(people=1, deals=3)


def statuses(web, cast, path: str, **data) -> list[int]:
    """The same post from as many tabs of one person at once."""
    answers = all_at_once(web, cast.sessions * AT_ONCE, lambda person, n: person.post(path, **data))
    return [answer.status for answer in answers]


def kinds(site, deals: list[int]) -> list[str]:
    return [event["kind"] for event in site.ledger(deals)]


def test_a_move(site, web, cast):
    deal = cast.deals[0]
    found = statuses(web, cast, f"/deals/{deal}/move/", seen=1, to=cast.stages["interest"], operation=uuid4())
    assert found == [200] * AT_ONCE
    assert kinds(site, [deal]) == ["created", "moved"]
    assert site.audit() == ""


def test_a_loss(site, web, cast):
    deal = cast.deals[0]
    found = statuses(web, cast, f"/deals/{deal}/lose/", seen=1, reason=cast.reason, operation=uuid4())
    assert found == [200] * AT_ONCE
    assert kinds(site, [deal]) == ["created", "lost"]
    assert site.audit() == ""


def test_a_move_of_several(site, web, cast):
    found = statuses(
        web,
        cast,
        "/deals/bulk/move/",
        deal=[f"{deal}:1" for deal in cast.deals],
        to=cast.stages["purchase"],
        operation=uuid4(),
    )
    assert found == [200] * AT_ONCE
    assert kinds(site, cast.deals) == ["created", "moved"] * 3
    assert site.audit() == ""


def test_a_new_deal(site, web, cast):
    title = f"Only once {uuid4()}"
    data = {
        "title": title,
        "account": f"{title} & Sons",
        "stage": cast.stages["interest"],
        "amount": "1200",
        "currency": "EUR",
        "step": "Call",
        "step_due": "2030-01-02",
        "operation": uuid4(),
    }
    found = statuses(web, cast, "/deals/new/", **data)
    assert found == [200] * AT_ONCE
    assert site.count("leads.Deal", title=title) == 1
    assert site.count("leads.Account", name=data["account"]) == 1
    assert site.count("leads.Touchpoint", deal__title=title) == 1
    assert site.audit() == ""
