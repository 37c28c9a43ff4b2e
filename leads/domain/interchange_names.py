"""People, accounts and words that a log speaks of by opaque texts: found, or made where missing."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

from funnelcrm.models import User
from funnelcrm.text import fold
from leads.models import Account
from leads.models.origin import LOG
from stages.figures.ledger import BadRow, LogRow
from stages.models import DealEvent, LossReason, Source

PEOPLE = UUID("0b0f3f0a-6f0e-5a77-8c55-2f5d5c1f4d11")
LONGEST = dict.fromkeys(["deal", "owner", "actor", "customer", "referrer"], 120)
LONGEST |= {"source": 60, "reason_id": 60, "currency": 3}
MOST_DIGITS = 15  # what SQLite keeps of a decimal


def check_names(row: LogRow) -> None:
    """Refuse texts that we have no room for, and money that we cannot keep exactly."""
    for name, longest in LONGEST.items():
        if len(getattr(row, name) or "") > longest:
            raise BadRow(f"“{name.removesuffix('_id')}” is longer than {longest} characters.")
    field = DealEvent._meta.get_field("amount")
    if row.amount is not None:
        _, digits, exponent = row.amount.normalize().as_tuple()
        if row.amount < 0:
            raise BadRow("“amount” is negative.")
        if len(digits) > MOST_DIGITS or -exponent > field.decimal_places or row.amount.adjusted() >= 12:
            raise BadRow("“amount” has more digits than can be kept: 12, 6 decimals, 15 in all.")


class Names:
    """The ids of ours for the texts of a log."""

    def __init__(self, rows: Iterable[LogRow]) -> None:
        people, customers, sources, reasons = set(), set(), set(), set()
        for row in rows:
            people |= {row.owner, row.actor}
            customers |= {row.customer, row.referrer}
            sources.add(row.source)
            reasons.add(row.reason_id)
        with transaction.atomic():
            self.people = _people(people - {None})
            self.account_of = _accounts(customers - {None})
            self.sources = words(Source, sources - {None})
            self.reasons = words(LossReason, reasons - {None})
        self.accounts = {account.external_id: pk for pk, account in self.account_of.items()}


def _people(texts: set[str]) -> dict[str, int]:
    """Known by an address made of the text, so that nobody real is taken for somebody in a log."""
    addresses = {f"{uuid5(PEOPLE, text).hex}@log.invalid": text for text in texts}
    known = set(User.objects.filter(origin=LOG).values_list("email", flat=True))
    User.objects.bulk_create(
        User(email=email, name=text, origin=LOG, is_active=False, password=make_password(None))
        for email, text in sorted(addresses.items(), key=lambda item: item[1])
        if email not in known
    )
    rows = User.objects.filter(origin=LOG).values_list("email", "pk")
    return {addresses[email]: pk for email, pk in rows if email in addresses}


def _accounts(texts: set[str]) -> dict[int, Account]:
    known = {account.external_id: account for account in Account.objects.filter(origin=LOG)}
    missing = sorted(texts - known.keys())
    for account in Account.objects.bulk_create(
        Account(name=text, search=fold(text)[:200], origin=LOG, external_id=text) for text in missing
    ):
        known[account.external_id] = account
    return {account.pk: account for account in known.values()}


def words(model: type[Model], texts: Iterable[str]) -> dict[str, int]:
    """Entries of a list by their exact names. One that differs in case alone is used."""
    found: dict[str, int] = {}
    exact = {word.name: word for word in model.objects.all()}
    folded = {name.lower(): word for name, word in exact.items()}
    for text in sorted(texts):
        word = exact.get(text) or folded.get(text.lower())
        if word is None:
            word = model.objects.create(name=text, position=99)
            exact[text] = folded[text.lower()] = word
        elif word.name != text and not _is_used(word):
            word.name = text
            word.save(update_fields=["name"])
        found[text] = word.pk
    return found


def _is_used(word: Model) -> bool:
    column = "source" if isinstance(word, Source) else "reason"
    return DealEvent.objects.filter(**{column: word}).exists()
