"""Accounts and contacts of an import. They have no history: the file's values are written over ours,
blank ones excepted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model

from funnelcrm.text import fold
from leads.domain.bulk_append import BulkAppend
from leads.domain.import_lookups import Lookups, key_of
from leads.domain.import_outcome import Outcomes
from leads.domain.import_rows import Row
from leads.domain.import_values import BadValue
from leads.models import Account, Contact


def room(model: type[Model], field: str) -> int:
    return model._meta.get_field(field).max_length


@dataclass(slots=True)
class Record:
    """A row that can be read: its key in the file, its plain values, and the names it refers to."""

    row: Row
    key: str
    values: dict
    names: dict[str, str]


class AccountImport:
    """How rows become accounts. Without a column of ids, the folded name says which is which."""

    model = Account

    def __init__(self, *, origin: str, **_) -> None:
        self.origin = origin

    def read(self, row: Row) -> Record | None:
        values = {
            name: row.text(name, longest=room(Account, name), needed=name == "name")
            for name in ("name", "industry", "location", "domain")
        }
        values["employees"] = row.whole("employees")
        parent = row.text("parent", longest=room(Account, "name"))
        if parent and key_of(parent) == key_of(values["name"]):
            row.problem("parent", "An account cannot be its own parent.")
        external_id = row.text("external_id", longest=room(Account, "external_id"))
        if "external_id" in row.conventions.columns and not external_id:
            row.problem("external_id", "This is needed, and it is blank.")
        names = {"parent": parent, "owner": row.text("owner", longest=120)}
        return None if row.problems else Record(row, external_id or key_of(values["name"]), values, names)

    def write(self, records: Sequence[Record], bulk: BulkAppend, outcomes: Outcomes) -> None:
        lookups = Lookups(self.origin)
        known = self._known(records)
        new = []
        for record in records:
            try:
                values = self._values(record, lookups)
            except BadValue as error:
                outcomes.fail(record.row, "", str(error))
                continue
            if row := known.get(record.key):
                outcomes.count("updated" if self._update(row, record, values) else "unchanged")
            else:
                new.append(self.model(origin=self.origin, external_id=record.key, **values))
                outcomes.count("created")
        self.model.objects.bulk_create(new)

    def link(self, records: Sequence[Record]) -> None:
        """Parents, once all accounts are there: a parent's row may come after its child's."""
        children = {record.key: record.names["parent"] for record in records if record.names["parent"]}
        if not children:
            return
        lookups = Lookups(self.origin)
        lookups.load_accounts(children.values())
        accounts = Account.objects.filter(origin=self.origin, external_id__in=children)
        for account in accounts:
            parent = lookups.account(children[account.external_id])
            if account.parent_id != parent.pk:
                account.parent = parent
                account.save(update_fields=["parent"])

    def _known(self, records: Sequence[Record]) -> dict[str, Model]:
        """What is here already, by the key of the file; also what another file knew by its name alone."""
        keys = {record.key for record in records} | {key_of(record.values["name"]) for record in records}
        rows = Account.objects.filter(origin=self.origin, external_id__in=keys).select_related("parent")
        known = {row.external_id: row for row in rows.select_for_update(of=("self",))}
        for record in records:
            if record.key not in known and (by_name := known.get(key_of(record.values["name"]))):
                known[record.key] = by_name
        return known

    def _values(self, record: Record, lookups: Lookups) -> dict:
        name = record.values["name"]
        return record.values | {"search": fold(name)[:200], "owner": lookups.person(record.names["owner"])}

    def _update(self, row: Model, record: Record, values: dict) -> bool:
        """Write what differs. True where anything did, a parent to be linked later too."""
        changed = {
            name: value
            for name, value in (values | {"external_id": record.key}).items()
            if value not in (None, "") and getattr(row, name) != value
        }
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            row.save(update_fields=list(changed))
        parent = record.names.get("parent")
        other_parent = bool(parent) and (row.parent is None or key_of(row.parent.name) != key_of(parent))
        return bool(changed) or other_parent


class ContactImport(AccountImport):
    """How rows become contacts. Without ids, the e-mail address tells them apart, else name and account."""

    model = Contact

    def read(self, row: Row) -> Record | None:
        values = {
            name: row.text(name, longest=room(Contact, name), needed=name == "name")
            for name in ("name", "job_title", "phone")
        }
        values["email"] = row.email("email", longest=room(Contact, "email"))
        account = row.text("account", longest=room(Account, "name"))
        key = row.text("external_id", longest=room(Contact, "external_id"))
        if "external_id" in row.conventions.columns and not key:
            row.problem("external_id", "This is needed, and it is blank.")
        key = key or key_of(values["email"] or f"{values['name']} / {account}")
        return None if row.problems else Record(row, key, values, {"account": account})

    def write(self, records: Sequence[Record], bulk: BulkAppend, outcomes: Outcomes) -> None:
        self._accounts = Lookups(self.origin)
        self._accounts.load_accounts(record.names["account"] for record in records)
        super().write(records, bulk, outcomes)

    def link(self, records: Sequence[Record]) -> None:
        """Contacts do not speak of each other."""

    def _known(self, records: Sequence[Record]) -> dict[str, Model]:
        keys = [record.key for record in records]
        rows = Contact.objects.filter(origin=self.origin, external_id__in=keys).select_related("account")
        return {row.external_id: row for row in rows.select_for_update(of=("self",))}

    def _values(self, record: Record, lookups: Lookups) -> dict:
        return record.values | {"account": self._accounts.account(record.names["account"])}
