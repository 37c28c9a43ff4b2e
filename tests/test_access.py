"""Walks tests/access.toml: every address, every method, every person, with and without HTMX."""

import re
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import resolve

from tests.access import METHODS, MODES, ROWS, TABLE, World, all_patterns, fingerprint, make_world

PEOPLE = ("anon", "off", "owner", "mate", "outsider", "manager", "other_manager", "admin")
SAFE = ("GET", "HEAD")
named = pytest.mark.parametrize("name", ROWS)


class _Rollback(Exception):
    pass


@contextmanager
def nothing_lasts():
    """Whatever the request did is undone, so that the next one meets the same rows."""
    try:
        with transaction.atomic():
            yield
            raise _Rollback
    except _Rollback:
        pass


@pytest.fixture
def world(stages, alice, bob, mona, charlie, ada) -> World:
    return make_world(stages, owner=alice, mate=bob, manager=mona, outsider=charlie, admin=ada)


@pytest.fixture(autouse=True)
def no_rate_limits(settings):
    """A thousand requests of one machine are no attack here."""
    settings.ACCOUNT_RATE_LIMITS = False


def cells(name: str):
    """The methods that the row names, HEAD going with GET."""
    row = ROWS[name]
    for method in METHODS:
        cell = row.get("GET" if method == "HEAD" else method)
        if cell is not None:
            yield method, cell


def outcome(cell: dict, person: str, mode: str) -> int | str:
    """What the table says that this person meets: a status, or "out"."""
    meets = TABLE["who"][cell["who"]]["anon" if person in ("anon", "off") else person]
    if meets not in ("ok", "gone"):
        return meets
    default = cell.get(meets, {"ok": 200, "gone": 404}[meets])
    return default if mode == "plain" else cell.get(f"{meets}_hx", default if meets == "ok" else 404)


def check(response, expected: int | str, mode: str) -> None:
    if expected != "out":
        assert response.status_code == expected
    elif mode == "plain":
        assert (response.status_code, response["Location"][:9]) == (302, "/sign-in/")
    else:
        assert (response.status_code, response["HX-Redirect"][:9]) == (200, "/sign-in/")
        assert response.content == b"", "nothing of the sign-in page may land in a card"


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(all_patterns()) == set(ROWS)


def test_only_the_listed_addresses_are_open_to_strangers():
    open_ones = {
        name for name, one in all_patterns().items() if not getattr(one.callback, "login_required", True)
    }

    assert open_ones == set(TABLE["public"])


@named
def test_who_may(world, name):
    """Each cell of the table: its status, and after a refusal not a single row that differs."""
    row, before = ROWS[name], fingerprint()
    for method, cell in cells(name):
        for person in PEOPLE:
            for mode, headers in MODES.items():
                if method == "HEAD" and mode != "plain":
                    continue
                expected = outcome(cell, person, mode)
                with nothing_lasts():
                    response = world.client(person).generic(
                        method,
                        world.address(name, row),
                        **encoded(world.body(row, cell, person) if method == "POST" else {}),
                        headers=headers,
                    )
                    where = f"{method} {name} as {person}, {mode}: {response.status_code}"
                    try:
                        check(response, expected, mode)
                    except (AssertionError, KeyError) as error:
                        raise AssertionError(f"{where}, not {expected}. {error}") from error
                    meets = TABLE["who"][cell["who"]]["anon" if person in ("anon", "off") else person]
                    if method in SAFE or meets != "ok":
                        assert fingerprint() == before, f"{where}, and yet something was changed"


def encoded(body: dict) -> dict:
    return {"data": urlencode(body), "content_type": "application/x-www-form-urlencoded"}


@named
def test_a_method_without_a_row_is_refused(world, name):
    row, before = ROWS[name], fingerprint()
    given = {method for method, _ in cells(name)}
    for method in METHODS:
        if method in given:
            continue
        for person in ("owner", "admin"):
            with nothing_lasts():
                response = world.client(person).generic(method, world.address(name, row))
                assert response.status_code in (405, row.get("other")), f"{method} {name} as {person}"
                assert fingerprint() == before


@pytest.mark.parametrize(
    "name", [name for name, row in ROWS.items() if row.get("for") in ("deal", "step", "view", "lost_deal")]
)
def test_somebody_elses_looks_exactly_like_a_missing_one(world, name):
    row = ROWS[name]
    for method, cell in cells(name):
        for mode, headers in MODES.items():
            client = world.client("outsider")
            theirs, none = (
                client.generic(
                    method,
                    world.address(name, row, missing=missing),
                    **encoded(world.body(row, cell, "outsider")),
                    headers=headers,
                )
                for missing in (False, True)
            )
            assert theirs.status_code == none.status_code == 404, (method, mode)
            assert theirs.content == none.content
            assert without_id(theirs.headers) == without_id(none.headers)


def without_id(headers) -> dict:
    return {name: value for name, value in headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.get("for") == "deal"])
def test_what_nobody_owns_only_admins_see(world, name):
    type(world.deal).objects.filter(pk=world.deal.pk).update(owner=None)

    for person in ("owner", "mate", "outsider", "manager", "other_manager"):
        assert world.client(person).get(world.address(name, ROWS[name])).status_code in (404, 405), person


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if "POST" in row])
def test_nothing_changes_without_the_token_of_the_form(world, name):
    """No token, a wrong one, one of another session, and a body that browsers send across sites unasked."""
    row, before = ROWS[name], fingerprint()
    body = encoded(world.body(row, row["POST"], "owner"))
    for headers in (
        {},
        {"X-CSRFToken": "x" * 64},
        {"X-CSRFToken": another_token(world)},
        {"Content-Type": "text/plain"},
    ):
        for person in ("owner", "anon"):
            client = world.client(person, enforce_csrf_checks=True)
            client.get("/sign-in/")

            response = client.generic("POST", world.address(name, row), **body, headers=headers)

            assert response.status_code == 403
            assert "too old" in response.text
    assert fingerprint() == before


def another_token(world) -> str:
    page = world.client("anon").get("/sign-in/").text
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def test_a_numberless_address_is_missing_not_broken(world):
    for name, row in ROWS.items():
        if row.get("for") in ("deal", "step", "view", "lost_deal", "stage"):
            address = world.address(name, row, missing=True)
            for number in (2**63 - 1, 2**63, 2**64, 10**30, 0):
                path = address.replace(str(2**40), str(number))
                method = "GET" if "GET" in row else "POST"
                assert world.client("admin").generic(method, path).status_code == 404, path
            for words in ("-1", "1e3", "٣", "x", "1.0", "%00"):
                path = address.replace(str(2**40), words)
                assert world.client("admin").get(path).status_code in (400, 404), path


def test_the_table_covers_the_address_of_each_view():
    """Two names for one view would be two doors: none exists."""
    for name, pattern in all_patterns().items():
        assert pattern.name, f"{name}: an address without a name has no row"
    assert resolve("/you/").url_name == "you"
