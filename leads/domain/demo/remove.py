"""Taking the demo away in one step: all of it goes, and nothing that somebody really works with."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import PROTECT, Exists, Model, OuterRef, Q, QuerySet

from funnelcrm.models import Team, User
from leads.domain.demo.words import TAGS
from leads.domain.demo.world import ORIGIN
from leads.domain.shares import cell_share
from leads.models import Account, Contact, Deal, DealContact, SavedView, Tag
from stages.domain.cells import CellChanges
from stages.domain.ledger import erase_events
from stages.models import BoardCell, Stage


@dataclass(slots=True)
class Removed:
    """How much went, and what stays because real rows need it."""

    deals: int
    accounts: int
    kept_accounts: int
    kept_people: int


@transaction.atomic
def remove() -> Removed:
    """Delete the demo data.

    An account or contact that a real row uses stays and is real from now on. A person of whom
    real rows tell stays too, without access.
    """
    deals = _remove_deals()
    _remove_contacts()
    accounts, kept_accounts = _remove_accounts()
    kept_people = _remove_people()
    return Removed(deals, accounts, kept_accounts, kept_people)


def _remove_deals() -> int:
    """The deals with all that hangs on them, and their shares of the kept totals."""
    deals = list(Deal.objects.filter(origin=ORIGIN).order_by("pk").select_for_update())
    stages, cells = Stage.objects.in_bulk(), CellChanges()
    for deal in deals:
        key = (deal.stage_id, deal.owner_id or 0, deal.currency)
        cells.add(key, cell_share(deal, stages[deal.stage_id]), sign=-1)
        cells.touch(key)
    cells.write()
    ids = [deal.pk for deal in deals]
    tags = list(Tag.objects.filter(name__in=TAGS, deals__in=ids).values_list("pk", flat=True).distinct())
    erase_events(ids, reason="demo data")
    # First, as the deletion of a touchpoint would leave a due date without its step.
    Deal.objects.filter(pk__in=ids).update(next_step=None, next_due_at=None)
    Deal.objects.filter(pk__in=ids).delete()
    Tag.objects.filter(pk__in=tags, deals=None).delete()
    return len(deals)


def _remove_contacts() -> None:
    """Contacts who have a part in no real deal."""
    contacts = Contact.objects.filter(origin=ORIGIN)
    needed = Exists(DealContact.objects.filter(contact=OuterRef("pk")))
    contacts.filter(~needed).delete()
    contacts.update(origin="", external_id="")


def _remove_accounts() -> tuple[int, int]:
    """Accounts that no real row names. How many went, and how many stay."""
    accounts = Account.objects.filter(origin=ORIGIN)
    needed = _in_use(accounts)
    kept = list(accounts.filter(needed).values_list("pk", flat=True))
    gone, _ = accounts.exclude(pk__in=kept).delete()
    of_demo = User.objects.filter(origin=ORIGIN)
    Account.objects.filter(pk__in=kept, owner__in=of_demo).update(owner=None)
    accounts.update(origin="", external_id="")
    return gone, len(kept)


def _remove_people() -> int:
    """Users of whom no real row tells, and teams without real people. How many users stay."""
    users = User.objects.filter(origin=ORIGIN)
    SavedView.objects.filter(owner__in=users).delete()
    real = User.objects.exclude(origin=ORIGIN)
    teams = Team.objects.filter(origin=ORIGIN)
    mixed = list(
        teams.filter(Q(members__in=real) | Q(leads__in=real)).values_list("pk", flat=True).distinct()
    )
    users.exclude(team__in=mixed).update(team=None)
    kept = list(users.filter(_in_use(users, on_delete=PROTECT)).values_list("pk", flat=True))
    gone = list(users.exclude(pk__in=kept).values_list("pk", flat=True))
    BoardCell.objects.filter(owner_key__in=gone).delete()
    users.filter(pk__in=gone).delete()
    users.update(is_active=False, password=make_password(None))
    teams.exclude(pk__in=mixed).delete()
    teams.update(origin="")
    return len(kept)


def _in_use(rows: QuerySet[Model], *, on_delete=None) -> Q:
    """Whether any row that is left names one of these; with `on_delete`, only by such keys.

    Asked of every foreign key that there is, also of those without a reverse name, so that a
    table of tomorrow is not forgotten.
    """
    used = Q(pk__in=[])
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if relation.one_to_many and on_delete in (None, relation.on_delete):
            key = relation.field.name
            found = relation.related_model._base_manager.filter(**{key: OuterRef("pk")})
            used |= Q(Exists(found))
    return used
