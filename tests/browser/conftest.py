"""A real Chromium in front of the real product: one browser for all, a context of its own for each person."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect, sync_playwright

from funnelcrm.models import User
from tests.browser.board import BoardPage
from tests.browser.chromium import ARGUMENTS, DESK, PHONE, find_chromium
from tests.browser.watch import Watch
from tests.ops.machine import on_a_quiet_machine

HERE = Path(__file__).parent

PATIENCE = 1000 * on_a_quiet_machine(5)

Visit = Callable[..., BoardPage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system. Where there is none the tests say so, and in CI they fail."""
    path = find_chromium()
    if path is None and os.environ.get("REQUIRE_ALL", "") not in ("", "0"):
        pytest.fail("No Chromium is installed, and nothing may be skipped here.")
    if path is None:
        pytest.skip("no Chromium is installed")
    # Playwright's loop runs in this thread, where Django would then refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def visit(browser, live_server, watch, stages) -> Iterator[Visit]:
    """Open a page in front of a person, each time in a browser of its own: `visit(alice, "/board/")`."""
    contexts = []

    def open_page(person: User | None, path: str | None = "/board/", **options) -> BoardPage:
        context = browser.new_context(base_url=live_server.url, **(DESK | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.listen(context)
        if person:
            context.add_cookies([session_of(person, live_server.url)])
        page = BoardPage(context.new_page())
        if path:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    watch.check()


def session_of(person: User, url: str) -> dict:
    """A cookie as signing in gives it: what the form does is tested once, elsewhere."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


@pytest.fixture
def show(visit, alice) -> Visit:
    """Alice's board."""
    return lambda path="/board/", **options: visit(alice, path, **options)


@pytest.fixture
def phone(show) -> Visit:
    return lambda path="/board/", **options: show(path, **(PHONE | options))
