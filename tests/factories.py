"""Rows for tests, made the way the product makes them: through the domain."""

from datetime import date
from itertools import count

from funnelcrm.models import Team, User
from leads.domain.deals import create_deal
from leads.models import Account, Deal
from stages.models import Stage

_numbers = count(1)


def make_user(
    name: str = "Alice Ahlberg", *, role: str = User.Role.REP, team: Team | None = None, **fields
) -> User:
    email = f"{name.split()[0].lower()}{next(_numbers)}@example.com"
    return User.objects.create_user(email, "correct horse battery", name=name, role=role, team=team, **fields)


def make_team(name: str = "") -> Team:
    return Team.objects.create(name=name or f"Team {next(_numbers)}")


def make_account(name: str = "", owner: User | None = None) -> Account:
    name = name or f"Account {next(_numbers)}"
    return Account.objects.create(name=name, search=name.lower(), owner=owner)


def make_deal(stage: Stage, owner: User | None, title: str = "", **fields) -> Deal:
    title = title or f"Deal {next(_numbers)}"
    return create_deal(title=title, stage=stage, owner=owner, by=owner, **fields)


def some_day(day: int = 1) -> date:
    return date(2026, 1, day)
