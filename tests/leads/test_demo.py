"""The demo data: plausible, and by the ledger's law."""

import stat
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import Count, F, Max
from django.utils.timezone import now

from funnelcrm.errors import DomainError
from funnelcrm.models import Organisation, Team, User
from leads.domain.audit import differences
from leads.domain.demo.load import load
from leads.domain.demo.remove import remove
from leads.domain.demo.world import World
from leads.models import Account, Contact, Deal, DealContact, SavedView, Tag, Touchpoint
from stages.domain.installation import install
from stages.domain.ledger import histories
from stages.domain.life import places_of, replay
from stages.models import DealEvent, Stage

SMALL = 60
OF_THE_DEMO = [Account, Contact, Deal, DealEvent, Team, Touchpoint, User]


@pytest.fixture
def demo(organisation):
    return load(seed=1)


@pytest.fixture
def small_demo(organisation):
    return load(seed=1, size=SMALL)


def test_each_column_has_the_cards_that_a_board_needs(demo):
    cards = Counter(Deal.objects.on_board().values_list("stage__slug", flat=True))

    for slug in ("awareness", "interest", "evaluation", "engagement"):
        assert 15 <= cards[slug] <= 45
    assert 10 <= cards["purchase"] <= 20
    assert 30 <= cards["loyalty"] <= 50
    assert 110 <= sum(cards.values()) <= 160
    assert 400 <= Deal.objects.count() <= 440
    assert 60 <= Account.objects.count() <= 80
    assert 120 <= Contact.objects.count() <= 180


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_audit_finds_no_difference(organisation, seed):
    load(seed=seed)

    assert list(differences()) == []


def test_fewer_deals_get_through_each_stage(demo):
    furthest = Counter(
        DealEvent.objects.filter(to_stage__isnull=False)
        .values("deal")
        .annotate(furthest=Max("to_stage__position"))
        .values_list("furthest", flat=True)
    )

    reached = [sum(many for place, many in furthest.items() if place >= stage) for stage in range(1, 7)]
    shares = [later / earlier for earlier, later in pairwise(reached)]
    assert all(0.4 < share < 0.9 for share in shares), shares


def test_history_holds_every_kind_of_turn(demo):
    events = DealEvent.objects.all()
    moved = events.filter(kind="moved")

    assert moved.filter(to_stage__position__lt=F("from_stage__position")).count() >= 10
    assert moved.filter(to_stage__position__gt=F("from_stage__position") + 1).count() >= 5
    assert events.filter(kind="reopened").count() >= 5
    assert Deal.objects.filter(status="churned").count() >= 5
    assert Deal.objects.filter(loss_reason=None, lost_at__isnull=False).count() == 0
    assert Deal.objects.values("loss_reason").distinct().count() >= 7
    several = Deal.objects.annotate(owners=Count("events__owner", distinct=True))
    assert several.filter(owners__gt=1).count() >= 10
    revalued = Deal.objects.annotate(amounts=Count("events__amount", distinct=True))
    assert revalued.filter(amounts__gt=1).count() >= 20


def test_history_lies_in_the_last_fourteen_months(demo):
    begin = now() - timedelta(days=440)

    assert DealEvent.objects.exclude(recorded_at=F("at")).count() == 0
    assert DealEvent.objects.filter(at__lt=begin).count() == 0
    assert DealEvent.objects.filter(at__gt=now()).count() == 0
    assert Deal.objects.filter(started_at__lt=now() - timedelta(days=365)).exists()
    assert Deal.objects.filter(started_at__gt=now() - timedelta(days=7)).exists()


def test_next_steps_are_late_today_soon_later_and_missing(demo):
    today = Organisation.current().today()
    cards = Deal.objects.on_board()
    due = Counter((step - today).days for step in cards.values_list("next_step__due_on", flat=True) if step)

    assert sum(many for days, many in due.items() if days < 0) >= 8
    assert due[0] >= 8
    assert sum(many for days, many in due.items() if 0 < days <= 8) >= 20
    assert sum(many for days, many in due.items() if days > 8) >= 20
    assert 5 <= cards.filter(next_step=None).count() <= 30
    assert cards.filter(next_step__due_on=today, next_step__due_time__isnull=False).count() >= 3
    assert not Deal.objects.filter(on_board=False, next_step__isnull=False).exists()


def test_row_shows_nearest_step_and_newest_touch(demo):
    for deal in Deal.objects.prefetch_related("touchpoints"):
        touches = deal.touchpoints.all()
        planned = sorted((t.due_at, t.pk) for t in touches if t.done_at is None)
        assert deal.next_step_id == (planned[0][1] if planned else None)
        assert deal.last_touch_at == max((t.done_at for t in touches if t.done_at), default=None)


def test_touchpoints_were_done_while_the_deal_was_in_their_stage(demo):
    places = places_of(Stage.objects.all())
    stays = {
        pk: replay(events, places).stays
        for pk, events in histories(Deal.objects.values_list("pk", flat=True)).items()
    }
    done = list(Touchpoint.objects.filter(done_at__isnull=False))

    assert len(done) > 1500
    for touch in done:
        assert touch.done_at <= now()
        assert any(
            stay.stage_id == touch.stage_id
            and stay.entered <= touch.done_at
            and (stay.left is None or touch.done_at <= stay.left)
            for stay in stays[touch.deal_id]
        )


def test_some_deals_are_stalled_and_most_are_not(demo):
    for stage in Stage.objects.filter(kind="open"):
        cards = Deal.objects.on_board().filter(stage=stage)
        stalled = cards.filter(stage_entered_at__lt=now() - stage.stale_after).count()
        assert 1 <= stalled <= cards.count() / 2


def test_values_are_as_mixed_as_in_life(demo):
    cards = Deal.objects.on_board()
    currencies = Counter(cards.values_list("currency", flat=True))

    assert currencies["EUR"] > currencies.total() * 0.75
    assert currencies["USD"]
    assert currencies["GBP"]
    assert 1 <= cards.filter(amount=None).count() <= 12
    assert 1 <= Deal.objects.filter(account=None).count() <= 20
    assert Deal.objects.values("source").distinct().count() == 8
    assert Deal.objects.filter(referrer__isnull=False).exists()
    assert cards.filter(probability__isnull=False).exists()
    assert cards.filter(expected_close__lt=now()).exists()
    assert 5 <= Tag.objects.filter(deals__isnull=False).distinct().count() <= 8
    known = cards.annotate(people=Count("committee")).values_list("people", flat=True)
    assert {0, 1, 2, 3} <= set(known)
    assert DealContact.objects.filter(role=None).exists()
    assert sorted(SavedView.objects.values_list("shared", flat=True)) == [False, True]


def test_people_are_reps_managers_and_an_admin_in_teams(demo):
    assert Counter(User.objects.values_list("role", flat=True)) == {"rep": 8, "manager": 2, "admin": 1}
    assert Team.objects.count() == 3
    assert not Team.objects.filter(leads=None).exists()
    assert all(rep.team and rep.deals.on_board().exists() for rep in demo.reps)
    for manager in demo.managers:
        assert Deal.objects.visible_to(manager).count() > 50


def test_titles_and_names_are_no_numbers(demo):
    pairs = Deal.objects.values_list("account", "title")

    assert len(set(pairs)) == len(pairs)
    assert Account.objects.values("name").distinct().count() == Account.objects.count()
    assert len(set(Deal.objects.values_list("title", flat=True))) > 250


def test_everything_says_where_it_comes_from(demo):
    for model in (Deal, Account, Contact, User, Team):
        assert set(model.objects.values_list("origin", flat=True)) == {"demo"}
    for model in (Deal, Account, Contact):
        numbers = sorted(int(number) for number in model.objects.values_list("external_id", flat=True))
        assert numbers == list(range(1, model.objects.count() + 1))


def story(seed: int) -> list[tuple]:
    """What was told, without the ids of the rows."""
    load(seed=seed, size=SMALL, at=datetime(2026, 3, 4, 10, 30, tzinfo=UTC))
    events = DealEvent.objects.order_by("at", "deal__external_id", "seq")
    touches = Touchpoint.objects.order_by("created_at", "summary", "deal__external_id")
    told = [
        *events.values_list("kind", "at", "title", "amount", "owner__name", "customer__name", "operation"),
        *touches.values_list("summary", "done_at", "due_on", "deal__title"),
    ]
    remove()
    return told


def test_same_seed_tells_the_same_story(organisation):
    assert story(seed=5) == story(seed=5)
    assert story(seed=5) != story(seed=6)


@pytest.mark.parametrize(
    "moment", ["2026-03-01T00:10", "2026-03-29T03:30", "2025-12-26T12:00", "2026-10-25T01:30"]
)
def test_story_can_begin_at_any_hour_of_any_day(organisation, moment):
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    load(size=SMALL, at=at)

    assert list(differences()) == []
    assert DealEvent.objects.filter(at__gt=at).count() == 0
    assert Touchpoint.objects.filter(done_at__gt=at).count() == 0


def test_office_hours_never_lie_in_the_future(pipeline):
    for hour in range(24):
        moment = datetime(2026, 3, 4, hour, 5, tzinfo=UTC)
        world = World.of(pipeline=pipeline, seed=hour, moment=moment)
        found = world.at_work(moment)
        assert moment - timedelta(days=2) < found < moment
        assert 8 <= found.astimezone(Organisation.current().zone).hour < 18


def test_loading_twice_changes_nothing(small_demo, capsys):
    before = counts()

    call_command("demo_data", "load", seed=9)

    assert counts() == before
    assert "there already" in capsys.readouterr().out


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in OF_THE_DEMO}


def test_demo_stays_out_of_tags_and_teams_that_exist(organisation):
    tag = Tag.objects.create(name="tender")
    team = Team.objects.create(name="process plants")

    load(size=SMALL)

    assert not tag.deals.exists()
    assert not team.members.exists()
    remove()
    assert list(Tag.objects.all()) == [tag]
    assert list(Team.objects.all()) == [team]


def test_funnel_of_another_shape_is_refused(organisation):
    install().stages.filter(slug="loyalty").update(kind="open")

    with pytest.raises(DomainError, match="four open stages"):
        load(size=SMALL)
    assert not User.objects.exists()


def test_command_writes_a_password_that_only_the_owner_may_read(organisation, settings, tmp_path, capsys):
    settings.TEAM_MODE, settings.DATA_DIR = False, tmp_path

    call_command("demo_data", "load", size=SMALL)

    said = capsys.readouterr().out
    path = tmp_path / "demo-password.txt"
    password = path.read_text().strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(password) >= 12
    assert password in said
    for user in User.objects.all():
        assert user.email in said
        assert user.check_password(password)
    assert authenticate(email="agnes@demo.example", password=password).is_admin

    call_command("demo_data", "remove")
    assert not path.exists()


def test_in_team_mode_nobody_can_sign_in_unless_a_password_is_given(organisation, settings, tmp_path):
    settings.TEAM_MODE, settings.DATA_DIR = True, tmp_path

    call_command("demo_data", "load", size=SMALL)
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert not (tmp_path / "demo-password.txt").exists()

    call_command("demo_data", "remove")
    call_command("demo_data", "load", size=SMALL, password="correct horse battery")
    assert all(user.check_password("correct horse battery") for user in User.objects.all())
