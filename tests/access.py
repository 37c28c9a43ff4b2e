"""The access table and what it is about: addresses, people, and rows that belong to Alice."""

import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.timezone import now

from funnelcrm.models import User
from leads.domain.deals import create_deal, lose_deal
from leads.domain.touchpoints import plan_step
from leads.models import Deal, SavedView, Touchpoint
from stages.models import LossReason, Stage, TouchpointType
from tests.factories import make_account, make_user

TABLE = tomllib.loads((Path(__file__).parent / "access.toml").read_text())
ROWS = TABLE["url"]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")
MODES = {
    "plain": {},
    "htmx": {"HX-Request": "true", "HX-Current-URL": "http://testserver/board/"},
    "boosted": {"HX-Request": "true", "HX-Boosted": "true", "X-Requested-With": "XMLHttpRequest"},
}
# What no person's request may change by being refused. Sessions and rate limits are meant to change.
KEPT = [
    model._meta.db_table
    for label in ("funnelcrm", "stages", "leads", "account", "mfa")
    for model in apps.get_app_config(label).get_models(include_auto_created=True)
]


def all_patterns(resolver: URLResolver | None = None, namespace: str = "") -> dict[str, URLPattern]:
    """Every address there is, by its full name."""
    found = {}
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            found[f"{namespace}{one.name}"] = one
        else:
            found |= all_patterns(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
    return found


def fingerprint() -> str:
    """One word that changes with every row that is kept."""
    digest = sha256()
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 -- our own tables
            digest.update(repr((table, cursor.fetchall())).encode())
    return digest.hexdigest()


@dataclass
class World:
    """People, and what belongs to Alice."""

    people: dict[str, User]
    deal: Deal
    lost_deal: Deal
    step: Touchpoint
    view: SavedView
    gesture: UUID
    stage: Stage
    keys: dict[str, str] = field(default_factory=dict)

    def client(self, person: str, **options) -> Client:
        """A browser in which this person has signed in. Each is new: none remembers the last request."""
        client = Client(**options)
        if person in self.keys:
            client.cookies["funnel-session"] = self.keys[person]
        return client

    def address(self, name: str, row: dict, *, missing: bool = False) -> str:
        about = {
            "deal": self.deal.pk,
            "lost_deal": self.lost_deal.pk,
            "step": self.step.pk,
            "view": self.view.pk,
            "stage": self.stage.pk,
            "gesture": self.gesture,
        }.get(row.get("for", ""))
        if missing:
            about = uuid4() if isinstance(about, UUID) else 2**40
        arguments = dict.fromkeys(all_patterns()[name].pattern.converters, about)
        if name == "account_reset_password_from_key":
            arguments = {"uidb36": "1", "key": "set-password"}
        query = row.get("GET", {}).get("query", "")
        return reverse(name, kwargs=arguments) + (f"?{query}" if query else "")

    def body(self, row: dict, cell: dict, person: str) -> dict[str, str]:
        deal = self.lost_deal if row.get("for") == "lost_deal" else self.deal
        words = {
            "deal": deal.pk,
            "version": deal.version,
            "stage": self.stage.pk,
            "reason": LossReason.objects.get(name="Price").pk,
            "type": TouchpointType.objects.first().pk,
            "me": self.people.get(person, self.people["owner"]).pk,
        }
        return {name: value.format(**words) for name, value in cell.get("body", {}).items()}


def make_world(stages, *, owner: User, mate: User, manager: User, outsider: User, admin: User) -> World:
    other_manager = make_user("Otto Olsen", role=User.Role.MANAGER)
    outsider.team.leads.add(other_manager)
    off = make_user("Olga Off", team=owner.team)
    people = {
        "owner": owner,
        "mate": mate,
        "outsider": outsider,
        "manager": manager,
        "other_manager": other_manager,
        "admin": admin,
        "off": off,
    }
    gesture = uuid4()
    deal = create_deal(
        title="Kiln", stage=stages["evaluation"], owner=owner, by=owner, account=make_account("Acc", owner)
    )
    lost = create_deal(title="Mill", stage=stages["interest"], owner=owner, by=owner)
    lose_deal(deal_id=lost.pk, seen=1, reason=LossReason.objects.get(name="Price"), by=owner)
    create_deal(title="Press", stage=stages["interest"], owner=owner, by=owner, operation=gesture)
    step = plan_step(
        deal_id=deal.pk,
        type=TouchpointType.objects.first(),
        summary="Call",
        due_on=(now() + timedelta(days=2)).date(),
        by=owner,
    )
    view = SavedView.objects.create(
        owner=owner, pipeline=deal.stage.pipeline, name="Private", query="sort=value"
    )
    deal.refresh_from_db()
    lost.refresh_from_db()
    world = World(people, deal, lost, step, view, gesture, stages["engagement"])
    for name, person in people.items():
        client = Client()
        client.force_login(person)
        world.keys[name] = client.cookies["funnel-session"].value
    off.is_active = False
    off.save(update_fields=["is_active"])
    return world
