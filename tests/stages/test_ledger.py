"""The ledger: append-only by the database's own hand, and the audit that finds what differs from it."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from leads.domain.audit import differences
from leads.models import Deal
from stages.domain.ledger import erase_events
from stages.models import BoardCell, DealEvent
from tests.factories import make_deal


def test_an_event_is_never_changed(deal):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DealEvent.objects.update(note="history rewritten")

    assert DealEvent.objects.get().note == ""


@pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="the tests' own clean-up dropped this trigger on SQLite"
)
def test_an_event_is_deleted_only_with_the_key(deal):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DealEvent.objects.all().delete()

    assert erase_events([deal.pk], reason="test") == 1


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        (Deal, {"amount": 7, "currency": "EUR"}, "amount is Decimal"),
        (Deal, {"version": 9}, "version 9, but its newest event is 1"),
        (Deal, {"title": "Another"}, "title is 'Another'"),
        (BoardCell, {"deals": 2}, r"holds \(2, 0, 0\)"),
    ],
)
def test_the_audit_names_each_difference(deal, table, change, words):
    assert list(differences()) == []

    table.objects.update(**change)

    (first, *_) = differences()
    assert re.search(words, first), first


def test_the_audit_reads_many_deals_in_few_queries(stages, alice, django_assert_max_num_queries):
    for _ in range(20):
        make_deal(stages["interest"], alice)

    with django_assert_max_num_queries(6):
        assert list(differences()) == []


def test_the_trigger_is_there_on_sqlite_too(db):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            assert "ledger_no_update" in [name for (name,) in cursor.fetchall()]
