"""The sales organisation of the demo: teams, reps, managers, an admin."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from funnelcrm.models import Team, User
from leads.domain.demo.words import LEADS, PEOPLE, TEAMS
from leads.domain.demo.world import ORIGIN

DOMAIN = "demo.example"


@dataclass(slots=True)
class People:
    """Who sells: reps with their managers, and the admin."""

    everybody: list[User]

    @property
    def reps(self) -> list[User]:
        return [user for user in self.everybody if user.role == User.Role.REP]

    @property
    def managers(self) -> list[User]:
        return [user for user in self.everybody if user.role == User.Role.MANAGER]

    def of_team(self, team_id: int) -> list[User]:
        return [user for user in self.reps if user.team_id == team_id]


def hire(password: str | None) -> People:
    """Teams and their people. Without a password nobody of them can sign in."""
    teams = [Team.objects.create(name=name, origin=ORIGIN) for name in _free(TEAMS)]
    secret = make_password(password)
    people = [_person(row, teams, secret) for row in PEOPLE]
    managers = [user for user in people if user.role == User.Role.MANAGER]
    for number, led in LEADS.items():
        for team in led:
            teams[team].leads.add(managers[number])
    return People(people)


def _person(row: tuple, teams: list[Team], secret: str) -> User:
    name, hue, role, team = row
    fields = {
        "name": name,
        "hue": hue,
        "role": role,
        "team": None if team is None else teams[team],
        "password": secret,
        "is_active": True,
    }
    # Somebody who stayed when the demo was removed, as real rows tell of them, comes back.
    email = f"{name.split()[0].lower()}@{DOMAIN}"
    return User.objects.update_or_create(email=email, origin=ORIGIN, defaults=fields)[0]


def _free(names: Iterable[str]) -> Iterable[str]:
    """The names, each with a mark where a real team has it already."""
    taken = {name.casefold() for name in Team.objects.values_list("name", flat=True)}
    for name in names:
        free = name
        while free.casefold() in taken:
            free += " (demo)"
        yield free
