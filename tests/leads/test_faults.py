"""Each change of a deal happens whole or not at all, whichever of its statements fails."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from leads.domain.add_deal import add_deal
from leads.domain.audit import differences
from leads.domain.deals import lose_deal, move_deal, move_deals
from leads.domain.undo import undo
from leads.models import Account, Deal, Touchpoint
from stages.models import BoardCell, DealEvent, LossReason, Outbox
from tests.factories import make_deal, some_day

# Real transactions: only then does a failure take back what the product would take back.
pytestmark = pytest.mark.django_db(transaction=True)
TABLES = (Account, BoardCell, Deal, DealEvent, Outbox, Touchpoint)
MOST = 60


class Broken(DatabaseError):
    """The statement that we let fail."""


def fails(act, cast: dict, number: int) -> bool:
    """Whether `act` fails when its statement of this number does. False: it has fewer."""
    sent = []

    def fail(execute, sql, params, many, context):
        sent.append(sql)
        if len(sent) == number:
            raise Broken(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        try:
            act(cast)
        except Broken:
            return True
    assert len(sent) < number, f"nobody noticed that this failed: {sent[number - 1]}"
    return False


def everything() -> dict:
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


def move(cast):
    deal = cast["deals"][0]
    move_deal(deal_id=deal.pk, seen=1, to_stage=cast["stages"]["purchase"], by=cast["by"], operation=uuid4())


def lose(cast):
    reason = LossReason.objects.filter(needs_note=False).first()
    lose_deal(deal_id=cast["deals"][0].pk, seen=1, reason=reason, by=cast["by"], operation=uuid4())


def add(cast):
    add_deal(
        operation=uuid4(),
        by=cast["by"],
        title="A new one",
        stage=cast["stages"]["interest"],
        account="A new account",
        amount=Decimal(1200),
        currency="EUR",
        step="Call them",
        step_due=some_day(5),
    )


def move_several(cast):
    seen = {deal.pk: 1 for deal in cast["deals"]}
    move_deals(seen=seen, to_stage=cast["stages"]["loyalty"], by=cast["by"], operation=uuid4())


def take_back(cast):
    undo(operation=cast["done"], by=cast["by"], key=uuid4())


@pytest.fixture
def cast(stages, alice, bob):
    deals = [
        make_deal(stages["evaluation"], owner, amount=Decimal(100), currency="EUR")
        for owner in (alice, bob, alice)
    ]
    moved, done = make_deal(stages["interest"], alice), uuid4()
    move_deal(deal_id=moved.pk, seen=1, to_stage=stages["evaluation"], by=alice, operation=done)
    return {"deals": deals, "stages": stages, "by": alice, "done": done}


@pytest.mark.parametrize("act", [move, lose, add, move_several, take_back])
def test_a_failing_statement_leaves_nothing_half_done(cast, act):
    before = everything()
    for number in range(1, MOST):
        if not fails(act, cast, number):
            break
        assert everything() == before, f"half done when statement {number} fails"
        assert list(differences()) == []
    assert 5 < number < MOST - 1
    assert everything() != before
    assert list(differences()) == []
