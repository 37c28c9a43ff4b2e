"""Signing in, staying in, and being put out."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

PASSWORD = "correct horse battery"
SIGN_IN = "/sign-in/"
YOU = "/you/"

pytestmark = pytest.mark.django_db


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"login": user.email, "password": password, **extra})


def is_in(client) -> bool:
    return client.get(YOU).status_code == 200


def test_the_right_pair_opens_the_board(client, alice):
    response = sign_in(client, alice)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_in(client)


def test_an_address_is_the_same_in_capitals(client, alice):
    sign_in(client, alice, login=alice.email.upper())

    assert is_in(client)


def test_wrong_password_and_unknown_person_look_the_same(client, alice):
    wrong = sign_in(client, alice, "not the password").text
    unknown = client.post(SIGN_IN, {"login": "nobody@example.com", "password": "not the password"}).text

    def plain(page, email):
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(email, "")

    assert plain(wrong, alice.email) == plain(unknown, "nobody@example.com")
    assert "do not belong together" in wrong


def test_after_signing_in_you_are_where_you_wanted_to_be(client, alice):
    asked = client.get("/you/password/?a=1")
    assert asked["Location"] == "/sign-in/?next=/you/password/%3Fa%3D1"

    page = client.get(asked["Location"])
    assert 'name="next" value="/you/password/?a=1"' in page.text
    response = sign_in(client, alice, next="/you/password/?a=1")

    assert response["Location"] == "/you/password/?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
        " //evil.example/",
        "https:///evil.example/",
        "\t//evil.example",
    ],
)
@pytest.mark.parametrize("way", ["in", "already in", "out"])
def test_next_never_leads_away_from_here(client, alice, elsewhere, way):
    if way == "in":
        response = sign_in(client, alice, next=elsewhere)
    else:
        client.force_login(alice)
        query = {"next": elsewhere}
        response = client.get(SIGN_IN, query) if way == "already in" else client.post("/sign-out/", query)

    assert response.status_code == 302
    assert response["Location"] in ("/", SIGN_IN)


def test_nobody_signs_up(client):
    assert client.get("/sign-up/").status_code == 404
    assert client.post("/sign-up/", {"email": "a@example.com", "password1": PASSWORD}).status_code == 404


def test_the_page_works_without_script_and_helps_password_managers(client):
    page = client.get(SIGN_IN).text

    assert "<script" not in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'inputmode="email"' in page


def test_too_many_wrong_passwords_have_to_wait(client, alice):
    answers = [sign_in(client, alice, f"wrong number {n}") for n in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1]["Retry-After"] == "300"
    assert "Wait five minutes" in answers[-1].text
    assert sign_in(client, alice).status_code == 429, "the right password does not help now"


def test_a_stranger_elsewhere_locks_nobody_out(client, alice):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for number in range(7):
        sign_in(stranger, alice, f"wrong number {number}")

    assert sign_in(client, alice).status_code == 302


def test_one_machine_cannot_try_many_people(client):
    answers = [
        client.post(SIGN_IN, {"login": f"p{n}@example.com", "password": "x" * 12}).status_code
        for n in range(21)
    ]

    assert answers[:10] == [200] * 10
    assert set(answers[10:]) == {429}


def test_a_forged_forwarding_header_moves_no_limit(alice):
    for number in range(6):
        response = sign_in(Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}"), alice, "wrong one here")

    assert response.status_code == 429


def test_the_limit_page_is_ours(client):
    for _ in range(21):
        response = client.post(SIGN_IN, {})

    assert response.status_code == 429
    assert "Wait a minute" in response.text


def test_limits_live_in_the_database_so_every_process_counts_alike(client, alice):
    assert type(cache._connections["default"]).__name__ == "DatabaseCache"


def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(client, alice):
    sign_in(client, alice)
    key = client.session.session_key

    assert client.get("/sign-out/").status_code == 200
    assert is_in(client), "a link, a picture or a prefetch must not sign anybody out"
    response = client.post("/sign-out/")

    assert response["Location"] == SIGN_IN
    assert response["Clear-Site-Data"] == '"cache"'
    assert not client.session.exists(key)
    assert not is_in(client)


def test_a_session_gets_a_new_key_at_the_door(client, alice):
    client.get(SIGN_IN)
    client.session.save()
    before = client.session.session_key

    sign_in(client, alice)

    assert client.session.session_key != before


def test_whoever_is_switched_off_is_out_at_once(client, alice):
    sign_in(client, alice)
    alice.is_active = False
    alice.save(update_fields=["is_active"])

    assert client.get(YOU)["Location"].startswith(SIGN_IN)
    assert sign_in(client, alice)["Location"] == "/sign-in/inactive/"
    assert "switched off" in client.get("/sign-in/inactive/").text
    assert not is_in(client)


def test_a_new_password_ends_the_other_sessions(client, alice):
    other = Client()
    sign_in(client, alice)
    sign_in(other, alice)

    response = client.post(
        "/you/password/",
        {"oldpassword": PASSWORD, "password1": "a new one of words", "password2": "a new one of words"},
    )

    assert response.status_code == 302
    assert is_in(client)
    assert not is_in(other)
    assert mail.outbox[-1].to == [alice.email]


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("short", False),
        ("elevenchars", False),
        ("password1234", False),
        ("twelve chars", True),
        ("пароль из слов", True),
        ("no upper or digit", True),
        ("x y" * 40, True),
    ],
)
def test_which_passwords_are_good_enough(client, alice, password, accepted):
    client.force_login(alice)

    response = client.post(
        "/you/password/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )

    assert (response.status_code == 302) is accepted


# --- Forgotten passwords ----------------------------------------------------------------------------


def ask_for_link(client, email) -> str:
    response = client.post("/sign-in/forgot/", {"email": email})
    assert response["Location"] == "/sign-in/forgot/sent/"
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1] if mail.outbox else ""


def test_a_link_by_mail_sets_a_new_password_once(client, alice):
    other = Client()
    sign_in(other, alice)
    link = ask_for_link(client, alice.email)

    form = client.get(link, follow=True)
    action = re.search(r'action="([^"]+)"', form.text)[1]
    assert link not in action, "the key does not stay in the address"
    new = "a new one of words"
    response = client.post(action, {"password1": new, "password2": new})

    assert response["Location"] == "/sign-in/forgot/done/"
    assert not is_in(client), "the link alone does not sign anybody in"
    assert not is_in(other)
    assert "no longer works" in Client().get(link, follow=True).text
    assert sign_in(client, alice, new).status_code == 302


def test_asking_for_a_link_does_not_tell_who_has_an_account(client):
    ask_for_link(client, "nobody@example.com")

    assert mail.outbox == []


def test_a_link_for_a_forged_host_is_not_sent(client, alice):
    response = client.post("/sign-in/forgot/", {"email": alice.email}, headers={"host": "evil.example"})

    assert response.status_code == 400
    assert mail.outbox == []


def test_a_mail_server_that_is_down_breaks_no_page(client, alice, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    ask_for_link(client, alice.email)

    assert "mail was not sent" in caplog.text
