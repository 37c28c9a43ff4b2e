import pytest
from django.core.management import CommandError, call_command

from funnelcrm.models import Organisation, User
from stages.models import Pipeline, Stage

pytestmark = pytest.mark.django_db
GOOD = "a long road to Ulm"


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("FUNNEL_ADMIN_PASSWORD", GOOD)


def test_set_up_twice_is_set_up_once(capsys):
    call_command("set_up")
    call_command("set_up")
    assert Organisation.objects.count() == Pipeline.objects.count() == 1
    assert Stage.objects.count() == 6


def test_the_first_admin_can_sign_in():
    call_command("set_up", admin="Ada@Example.com", name="Ada Adeyemi")
    ada = User.objects.get()
    assert (ada.email, ada.name, ada.role) == ("ada@example.com", "Ada Adeyemi", User.Role.ADMIN)
    assert ada.check_password(GOOD)


def test_somebody_who_has_an_account_keeps_it(alice):
    call_command("set_up", admin=alice.email, name="Somebody else")
    alice.refresh_from_db()
    assert alice.name == "Alice Ahlberg"
    assert alice.role == User.Role.REP


@pytest.mark.parametrize(
    ("email", "name", "password", "why"),
    [
        ("ada@example.com", "", GOOD, "name"),
        ("no address", "Ada", GOOD, "valid email"),
        ("ada@example.com", "Ada", "short", "too short"),
        ("ada@example.com", "Ada", "password1234", "too common"),
    ],
)
def test_what_is_no_good_is_refused_in_a_sentence(monkeypatch, email, name, password, why):
    monkeypatch.setenv("FUNNEL_ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match=why):
        call_command("set_up", admin=email, name=name)
    assert not User.objects.exists()
