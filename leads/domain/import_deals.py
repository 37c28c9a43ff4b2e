"""Deals of an import: a row becomes a deal with the history that the row tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import now

from funnelcrm.errors import DomainError
from funnelcrm.models import Organisation
from funnelcrm.text import fold
from leads.domain.bulk_append import BulkAppend
from leads.domain.deals import search_text
from leads.domain.import_history import news, note_of, said_before, story
from leads.domain.import_lookups import Lookups
from leads.domain.import_outcome import Outcomes
from leads.domain.import_rows import Row
from leads.domain.import_stages import Rule
from leads.models import Account, Deal
from stages.domain.ledger import CLOCK_SKEW
from stages.models import Source


def room(field: str) -> int:
    return Deal._meta.get_field(field).max_length


@dataclass(slots=True)
class DealRecord:
    """A row that can be read: what it says of its deal."""

    row: Row
    external_id: str
    title: str
    account: str
    owner: str
    source: str
    reason: str
    amount: Decimal | None
    currency: str
    expected_close: date | None
    rule: Rule
    started: datetime | None
    closed: datetime | None

    @property
    def key(self) -> str:
        return self.external_id


class DealImport:
    """How rows become deals."""

    def __init__(self, *, origin: str, rules: Mapping[str, Rule]) -> None:
        self.origin, self.rules = origin, rules
        self.note = note_of(origin)

    def read(self, row: Row) -> DealRecord | None:
        """The record of a row, or None where the row has problems."""
        word = row.text("stage", longest=200, needed=True)
        rule = self.rules.get(fold(word))
        if word and rule is None:
            row.problem("stage", f"No stage of ours is said to mean “{word[:60]}”.")
        started, closed = self._times(row, rule)
        amount, currency = row.money()
        record = DealRecord(
            row=row,
            external_id=row.text("external_id", longest=room("external_id"), needed=True),
            title=row.text("title", longest=room("title"), needed=True),
            account=row.text("account", longest=Account._meta.get_field("name").max_length),
            owner=row.text("owner", longest=120),
            source=row.text("source", longest=60),
            reason=row.text("reason", longest=60),
            amount=amount,
            currency=currency,
            expected_close=self._expected(row, rule),
            rule=rule,
            started=started,
            closed=closed,
        )
        return None if row.problems else record

    def write(self, records: Sequence[DealRecord], bulk: BulkAppend, outcomes: Outcomes) -> None:
        """Make the deals that are new, and bring up to date those that are known."""
        lookups = Lookups(self.origin)
        lookups.load_accounts(record.account for record in records)
        ids = [record.external_id for record in records]
        known = Deal.objects.filter(origin=self.origin, external_id__in=ids).values_list("pk", flat=True)
        deals = {deal.external_id: deal for deal in bulk.lock(known).values()}
        for record in records:
            try:
                deal = deals.get(record.external_id)
                outcome = (
                    self._update(record, deal, lookups, bulk) if deal else self._create(record, lookups, bulk)
                )
            except DomainError as error:
                outcomes.fail(record.row, "", str(error))
            else:
                outcomes.count(outcome)

    def link(self, records: Sequence[DealRecord]) -> None:
        """Deals do not speak of each other."""

    def _create(self, record: DealRecord, lookups: Lookups, bulk: BulkAppend) -> str:
        values = self._values(record, lookups)
        deal = Deal(origin=self.origin, external_id=record.external_id, **values)
        deal.search = search_text(deal.title, deal.account)
        steps = self._story(record, lookups)
        bulk.create(deal, [step.event(bulk.recorded_at, self.note) for step in steps])
        return "created"

    def _update(self, record: DealRecord, deal: Deal, lookups: Lookups, bulk: BulkAppend) -> str:
        """Only what the file says differently than before; what people changed here stays."""
        history = bulk.history[deal.pk]
        said = said_before(history, self.note)
        for name, value in self._values(record, lookups).items():
            attribute = Deal._meta.get_field(name).attname
            if name in self._told(record) and said.get(attribute) != getattr(value, "pk", value):
                setattr(deal, name, value)
        if deal.amount is None:
            deal.currency = ""
        events = news(history, self._story(record, lookups), deal, self.note, bulk.recorded_at)
        if not events:
            return "unchanged"
        deal.search = search_text(deal.title, deal.account)
        bulk.append(deal, events)
        return "updated"

    def _told(self, record: DealRecord) -> set[str]:
        """The fields that the file has a column for."""
        told = set(record.row.conventions.columns)
        if "amount" in told:
            told.add("currency")
        if "closed" in told:
            told.add("expected_close")
        return told

    def _values(self, record: DealRecord, lookups: Lookups) -> dict:
        source: Source | None = lookups.source(record.source)
        return {
            "title": record.title,
            "account": lookups.account(record.account),
            "owner": lookups.person(record.owner),
            "amount": record.amount,
            "currency": record.currency,
            "source": source,
            "expected_close": record.expected_close,
        }

    def _story(self, record: DealRecord, lookups: Lookups):
        reason = lookups.reason(record.reason) if record.rule.outcome == "lost" else None
        return story(record.rule, record.started, record.closed, reason.pk if reason else None)

    def _times(self, row: Row, rule: Rule | None) -> tuple[datetime | None, datetime | None]:
        """When the deal began and when it was won or lost, checked against each other and the clock."""
        organisation = row.conventions.organisation
        started = _instant(row.moment("started"), organisation)
        ended = rule is not None and rule.outcome != "open"
        closed = _instant(row.moment("closed"), organisation) if ended else None
        latest = now() + CLOCK_SKEW
        for name, at in (("started", started), ("closed", closed)):
            if at and at > latest:
                row.problem(name, "This day lies in the future: it has not happened yet.")
        if ended and closed is None and "closed" in row.conventions.columns and not row.problems:
            row.problem("closed", f"The deal is {rule.outcome}, but the day is blank.")
        if started and closed and closed < started:
            row.problem("closed", "The deal ends before it begins.")
        return started, closed

    def _expected(self, row: Row, rule: Rule | None) -> date | None:
        """The day it should close. For an open deal that is also what a column of closing days says."""
        found = row.moment("expected_close")
        if found is None and rule is not None and rule.outcome == "open":
            found = row.moment("closed")
        return row.conventions.organisation.day_of(found) if isinstance(found, datetime) else found


def _instant(found: datetime | date | None, organisation: Organisation) -> datetime | None:
    """A day begins at the organisation's midnight."""
    if found is None or isinstance(found, datetime):
        return found
    return organisation.start_of(found)
