"""Two-factor sign-in: the password alone opens nothing."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from tests.frame.test_sign_in import PASSWORD, SIGN_IN, YOU, ask_for_link, is_in, sign_in

pytestmark = pytest.mark.django_db


def code(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


@pytest.fixture
def steady_clock(monkeypatch):
    """Codes change every half minute: here the clock stands still, at the start of one."""
    start = time.time() // 30 * 30
    monkeypatch.setattr("time.time", lambda: start)


@pytest.fixture
def secret(alice, steady_clock):
    secret = generate_totp_secret()
    with_request = TOTP.activate(alice, secret)
    assert secret not in str(with_request.instance.data), "readable for whoever reads the database"
    RecoveryCodes.activate(alice)
    return secret


def test_with_a_second_factor_the_password_alone_opens_nothing(client, alice, secret):
    response = sign_in(client, alice)
    assert response["Location"].startswith("/sign-in/code/")

    for path in (YOU, "/you/two-factor/", "/you/password/", "/you/two-factor/codes/"):
        assert client.get(path)["Location"].startswith(SIGN_IN), path
    assert client.post("/you/preferences/", {"theme": "dark"})["Location"].startswith(SIGN_IN)
    assert client.post("/you/two-factor/off/")["Location"].startswith(SIGN_IN)
    alice.refresh_from_db()
    assert alice.theme == ""

    response = client.post("/sign-in/code/", {"code": code(secret)})
    assert response["Location"] == "/"
    assert is_in(client)


def test_the_way_back_is_kept_over_the_code(client, alice, secret):
    sign_in(client, alice, next="/you/password/")

    assert client.post("/sign-in/code/", {"code": code(secret)})["Location"] == "/you/password/"


def test_a_code_works_once(client, alice, secret):
    sign_in(client, alice)
    client.post("/sign-in/code/", {"code": code(secret)})
    other = Client()
    sign_in(other, alice)

    response = other.post("/sign-in/code/", {"code": code(secret)})

    assert "Incorrect code" in response.text
    assert not is_in(other)


def test_a_recovery_code_works_once(client, alice, secret):
    spare = Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client, alice)
    client.post("/sign-in/code/", {"code": spare})
    assert is_in(client)

    other = Client()
    sign_in(other, alice)
    other.post("/sign-in/code/", {"code": spare})
    assert not is_in(other)


def test_codes_cannot_be_guessed(client, alice, secret):
    sign_in(client, alice)
    for number in range(8):
        client.post("/sign-in/code/", {"code": f"{number:06}"})

    client.post("/sign-in/code/", {"code": code(secret)})

    assert not is_in(client)


def test_a_new_password_by_mail_does_not_skip_the_second_factor(client, alice, secret):
    link = ask_for_link(client, alice.email)
    action = re.search(r'action="([^"]+)"', client.get(link, follow=True).text)[1]
    client.post(action, {"password1": "a new one of words", "password2": "a new one of words"})

    response = sign_in(client, alice, "a new one of words")

    assert response["Location"].startswith("/sign-in/code/")


def test_turning_the_second_factor_on_and_off(client, alice, steady_clock):
    sign_in(client, alice)
    page = client.get("/you/two-factor/on/", follow=True)
    if page.redirect_chain:
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    key = re.search(r'class="you__key">(\w+)<', page.text)[1]
    assert 'src="data:image/svg+xml;base64,' in page.text

    client.post("/you/two-factor/on/", {"code": code(key)})
    assert 'It is <b class="good">on</b>' in client.get("/you/two-factor/").text
    codes = client.get("/you/two-factor/codes/")
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes.text)) == 10
    assert "attachment" in client.get("/you/two-factor/codes/download/")["Content-Disposition"]
    assert client.post("/you/two-factor/codes/new/").status_code == 302

    client.post("/you/two-factor/off/")
    assert not Authenticator.objects.filter(user=alice).exists()


def test_changing_the_second_factor_asks_for_the_password_again(client, alice, secret):
    sign_in(client, alice)
    client.post("/sign-in/code/", {"code": code(secret)})
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()

    response = client.post("/you/two-factor/off/")

    assert response["Location"].startswith("/you/confirm/")
    assert Authenticator.objects.filter(user=alice).count() == 2
