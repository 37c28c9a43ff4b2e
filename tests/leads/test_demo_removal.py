"""Removing the demo data: all of it goes, and nothing that is real."""

import pytest
from django.utils.timezone import now

from funnelcrm.models import Team, User
from leads.domain.audit import differences
from leads.domain.deals import create_deal, lose_deal, move_deal
from leads.domain.demo.load import load
from leads.domain.demo.remove import remove
from leads.domain.touchpoints import log_touchpoint, plan_step
from leads.models import Account, Contact, Deal, DealContact, SavedView, Tag, Touchpoint
from stages.models import BoardCell, DealEvent, LedgerOpen, LossReason, TouchpointType

SMALL = 60
OF_THE_DEMO = [
    Account,
    BoardCell,
    Contact,
    Deal,
    DealContact,
    DealEvent,
    LedgerOpen,
    SavedView,
    Tag,
    Team,
    Touchpoint,
    User,
]


@pytest.fixture
def small_demo(organisation):
    return load(seed=1, size=SMALL)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in OF_THE_DEMO}


def test_removal_leaves_nothing(small_demo, stages):
    rep = small_demo.reps[0]
    deal = Deal.objects.filter(status="open", owner=rep).exclude(stage=stages["engagement"]).first()
    moved = move_deal(deal_id=deal.pk, seen=deal.version, to_stage=stages["engagement"], by=rep)
    move_deal(deal_id=deal.pk, seen=moved.version, to_stage=deal.stage, by=rep)  # a slip: the move is voided
    assert deal.events.filter(kind="voided").exists()

    remove()

    assert set(counts().values()) == {0}, counts()
    assert list(differences()) == []


def test_removal_keeps_the_deals_of_others(small_demo, deal, alice, stages):
    before = Deal.objects.values().get(pk=deal.pk)

    removed = remove()

    assert removed.deals == Deal.objects.count() + removed.deals - 1
    assert Deal.objects.values().get(pk=deal.pk) == before
    assert list(deal.events.values_list("kind", flat=True)) == ["created"]
    assert set(User.objects.all()) == {alice}
    assert list(differences()) == []


def test_removal_keeps_an_account_that_a_real_deal_uses(small_demo, stages, alice):
    account, referrer, employer = Account.objects.order_by("pk")[:3]
    create_deal(title="Real", stage=stages["interest"], by=alice, owner=alice, account=account)
    referred = create_deal(title="Also real", stage=stages["interest"], by=alice, owner=alice)
    Deal.objects.filter(pk=referred.pk).update(referrer=referrer)
    Contact.objects.create(name="Real person", account=employer)

    removed = remove()

    kept = Account.objects.order_by("pk")
    assert list(kept) == [account, referrer, employer]
    assert set(kept.values_list("origin", "external_id", "owner")) == {("", "", None)}
    assert removed.kept_accounts == 3
    assert not User.objects.filter(origin="demo").exists()


def test_removal_keeps_an_account_that_only_the_ledger_names(small_demo, deal):
    account = Account.objects.first()
    event = deal.events.get()
    event.pk, event.seq, event.customer, event.kind = None, 2, account, "revised"
    event.operation = "b1f6a3f0-0000-4000-8000-000000000001"
    event.save(force_insert=True)

    remove()

    assert list(Account.objects.all()) == [account]


def test_removal_keeps_a_contact_of_a_real_deal_with_its_account(small_demo, deal):
    contact = Contact.objects.select_related("account").first()
    DealContact.objects.create(deal=deal, contact=contact)

    remove()

    assert list(Contact.objects.values_list("pk", "origin")) == [(contact.pk, "")]
    assert list(Account.objects.values_list("pk", "origin")) == [(contact.account_id, "")]
    assert deal.committee.count() == 1


def test_removal_keeps_a_person_of_whom_real_rows_tell_without_access(small_demo, deal, stages):
    owner, actor, planner, idle = small_demo.reps[:4]
    create_deal(title="Real", stage=stages["interest"], by=None, owner=owner)
    lose_deal(deal_id=deal.pk, seen=1, reason=LossReason.objects.first(), by=team_mate(actor, deal))
    log_touchpoint(deal_id=deal.pk, type=TouchpointType.objects.first(), summary="Met", by=None)
    Touchpoint.objects.update(owner=planner)

    removed = remove()

    kept = User.objects.filter(origin="demo")
    assert set(kept) == {owner, actor, planner}
    assert removed.kept_people == 3
    assert not any(user.is_active or user.has_usable_password() or user.team for user in kept)
    assert not User.objects.filter(pk=idle.pk).exists()
    assert list(differences()) == []


def team_mate(user: User, deal: Deal) -> User:
    """The user, made a member of the team of the deal's owner."""
    user.team = deal.owner.team
    user.save()
    return user


def test_a_kept_person_comes_back_with_the_next_demo(small_demo, stages):
    rep = small_demo.reps[0]
    create_deal(title="Real", stage=stages["interest"], by=None, owner=rep)
    remove()

    load(size=SMALL, password="correct horse battery")

    rep.refresh_from_db()
    assert rep.is_active
    assert rep.check_password("correct horse battery")
    assert User.objects.count() == 11


def test_removal_keeps_a_team_with_real_people(small_demo, alice):
    team = Team.objects.filter(origin="demo").first()
    alice.team = team
    alice.save()

    remove()

    assert set(Team.objects.filter(origin="").values_list("pk", flat=True)) >= {team.pk}
    assert not Team.objects.filter(origin="demo").exists()
    alice.refresh_from_db()
    assert alice.team == team


def test_removal_keeps_tags_of_real_deals(small_demo, deal):
    tag = Tag.objects.first()
    deal.tags.add(tag)
    own = Tag.objects.create(name="Our own")

    remove()

    assert set(Tag.objects.all()) == {tag, own}


def test_planned_step_of_a_demo_deal_does_not_stop_its_removal(small_demo):
    deal = Deal.objects.on_board().filter(next_step=None).first()
    kind = TouchpointType.objects.first()
    plan_step(deal_id=deal.pk, type=kind, summary="Call", due_on=now().date(), by=deal.owner)

    remove()

    assert not Touchpoint.objects.exists()
