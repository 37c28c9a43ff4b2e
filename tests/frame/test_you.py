"""Your own page, and what you prefer."""

import pytest
from django.urls import reverse

from tests.factories import make_user
from tests.frame.test_sign_in import YOU

pytestmark = pytest.mark.django_db


def test_your_page_says_who_you_are(client, alice):
    client.force_login(alice)

    page = client.get(YOU).text

    for words in (alice.name, alice.email, "Sales rep", "Field team", reverse("mfa_index")):
        assert words in page


def test_preferences_are_kept(client, alice):
    client.force_login(alice)

    assert client.post("/you/preferences/", {"theme": "dark"})["Location"] == YOU

    alice.refresh_from_db()
    assert (alice.theme, alice.single_keys) == ("dark", False)


def test_preferences_take_nothing_else(client, alice):
    client.force_login(alice)

    client.post(
        "/you/preferences/",
        {
            "theme": "light",
            "role": "admin",
            "is_superuser": "1",
            "id": "1",
            "team": "1",
            "email": "x@y.example",
        },
    )
    refused = client.post("/you/preferences/", {"theme": "url(evil)"})

    before = (alice.role, alice.team_id, alice.email, alice.is_superuser)
    alice.refresh_from_db()
    assert (alice.role, alice.team_id, alice.email, alice.is_superuser) == before
    assert (alice.theme, refused.status_code) == ("light", 422)


def test_people_whose_names_are_markup_are_shown_as_text(client):
    user = make_user("<script>alert(1)</script>")
    client.force_login(user)

    assert "<script>alert(1)" not in client.get(YOU).text
