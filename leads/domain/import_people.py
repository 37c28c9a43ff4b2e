"""People of an import: they own deals and lead teams, and cannot sign in until an admin lets them."""

from collections.abc import Sequence

from funnelcrm.models import Team, User
from leads.domain.bulk_append import BulkAppend
from leads.domain.import_accounts import Record
from leads.domain.import_lookups import Lookups, key_of
from leads.domain.import_outcome import Outcomes
from leads.domain.import_rows import Row
from leads.domain.import_values import BadValue


class PeopleImport:
    """How rows become people, with their teams and the managers who lead these.

    Somebody who is here already is left as they are, unless this very import made them.
    """

    def __init__(self, *, origin: str, **_) -> None:
        self.origin = origin

    def read(self, row: Row) -> Record | None:
        values = {
            "name": row.text("name", longest=120, needed=True),
            "email": row.email("email"),
        }
        names = {
            "manager": row.text("manager", longest=120),
            "team": row.text("team", longest=Team._meta.get_field("name").max_length),
        }
        return None if row.problems else Record(row, key_of(values["email"] or values["name"]), values, names)

    def write(self, records: Sequence[Record], bulk: BulkAppend, outcomes: Outcomes) -> None:
        lookups = Lookups(self.origin)
        for record in records:
            try:
                outcomes.count(self._write_one(record, lookups))
            except BadValue as error:
                outcomes.fail(record.row, "", str(error))

    def link(self, records: Sequence[Record]) -> None:
        """Done row by row."""

    def _write_one(self, record: Record, lookups: Lookups) -> str:
        name, email = record.values["name"], record.values["email"]
        known = lookups.find_person(name, email)
        manager = lookups.person(record.names["manager"], role=User.Role.MANAGER)
        person = known or lookups.person(name, email=email)
        team = lookups.team(record.names["team"])
        changed = self._join(person, team)
        changed |= self._lead(manager, team)
        if known is None:
            return "created"
        return "updated" if changed else "unchanged"

    def _join(self, person: User, team: Team | None) -> bool:
        if team is None or person.origin != self.origin or person.team_id == team.pk:
            return False
        person.team = team
        person.save(update_fields=["team"])
        return True

    def _lead(self, manager: User | None, team: Team | None) -> bool:
        if manager is None:
            return False
        changed = False
        if manager.origin == self.origin and manager.role == User.Role.REP:
            manager.role = User.Role.MANAGER
            manager.save(update_fields=["role"])
            changed = True
        if team and not team.leads.filter(pk=manager.pk).exists():
            team.leads.add(manager)
            changed = True
        return changed
