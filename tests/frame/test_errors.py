"""What people see when something goes wrong, and what the log then says."""

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.test import Client


@pytest.fixture
def broken_view(monkeypatch):
    """Makes /you/ fail with a given error."""

    def break_it(error: Exception) -> None:
        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr("funnelcrm.views.PreferencesForm", fail)

    return break_it


def test_an_error_of_ours_shows_a_number_and_no_detail(alice, broken_view, caplog):
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    broken_view(RuntimeError("the secret detail"))

    response = client.get("/you/", headers={"X-Request-ID": "mine"})

    assert response.status_code == 500
    assert response["X-Request-ID"] != "mine"
    assert response["X-Request-ID"] in response.text
    assert "secret detail" not in response.text
    assert "the secret detail" in caplog.text


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), InterfaceError("connection already closed")]
)
def test_a_database_that_is_busy_or_down_asks_to_try_again(alice, broken_view, error):
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    broken_view(error)

    response = client.get("/you/")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "locked" not in response.text


def test_also_when_the_session_cannot_be_read(db, monkeypatch):
    """The error then comes from the middle of the middleware, where no view has been reached yet."""

    def fail(self, *args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32

    for path in ("/you/", "/sign-in/", "/nothing/"):
        assert client.get(path).status_code in (404, 503), path
    assert client.get("/you/").status_code == 503
    assert Client().get("/healthz").status_code == 200


def test_each_log_line_names_its_request(client, caplog):
    response = client.get("/nothing/here/")

    assert response["X-Request-ID"] != client.get("/nothing/here/")["X-Request-ID"]
    handler = settings.LOGGING["handlers"]["console"]
    assert handler["filters"] == ["request"]
    assert "{request_id}" in settings.LOGGING["formatters"]["line"]["format"]


def test_an_old_page_under_htmx_reloads_itself(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    response = client.post("/you/preferences/", headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Refresh"]) == (403, "true")
