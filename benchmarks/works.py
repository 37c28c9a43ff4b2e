"""What is measured: each piece of work as the product does it, and the same in plain SQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from uuid import uuid4

import psycopg
from django.template.loader import render_to_string

from benchmarks.measure import Browser, Cost, costs_of
from benchmarks.plain import PlainBoard, plain_create, plain_move
from funnelcrm.models import User
from leads.domain.deals import move_deal
from leads.models import Deal
from leads.views import board
from stages.models import Stage

READS, WRITES = 40, 60


@dataclass(frozen=True, slots=True)
class Work:
    """One line of the table: the product's cost beside the plain one."""

    name: str
    product: Cost
    plain: Cost | None = None
    render: Cost | None = None


def all_works(connection: psycopg.Connection) -> Iterator[Work]:
    admin = Browser(User.objects.get(email="admin@bench.example"))
    rep = Browser(User.objects.get(email="rep7@bench.example"))
    yield from _boards(connection, admin, rep)
    yield from _parts(connection, admin, rep)
    yield from _changes(connection, admin)


def _boards(connection: psycopg.Connection, admin: Browser, rep: Browser) -> Iterator[Work]:
    team = list(rep.person.scope.owner_ids)
    asked = [
        ("board, admin", admin, {}, None, ""),
        ("board, rep", rep, {}, team, ""),
        ("board, one owner", admin, {"owner": rep.person.pk}, [rep.person.pk], ""),
        ("text, rare word", admin, {"q": "zirconia"}, None, "zirconia"),
        ("text, occasional word", admin, {"q": "occasional"}, None, "occasional"),
        ("text, common word", admin, {"q": "package"}, None, "package"),
        ("text, common word, rep", rep, {"q": "package"}, team, "package"),
        ("text, no such word", admin, {"q": "qqxxzz"}, None, "qqxxzz"),
    ]
    for name, browser, query, owners, text in asked:
        plain = _plain(connection, browser, owners, text)
        yield Work(
            name,
            *costs_of(
                partial(browser.get, "board", **query), plain.board, _render_of(browser, query), n=READS
            ),
        )


def _plain(
    connection: psycopg.Connection, browser: Browser, owners: list[int] | None, text: str = ""
) -> PlainBoard:
    return PlainBoard(
        connection, session=browser.session_key, user=browser.person.pk, owners=owners, text=text
    )


def _render_of(browser: Browser, query: dict) -> Callable[[], str]:
    """Only the rendering of a board, from data that is in memory: the same templates, the same cards."""
    kept: list[tuple] = []
    render = board.render

    def keep(request, template, context):
        kept.append((template, context, request))
        return render(request, template, context)

    board.render = keep
    try:
        browser.get("board", **query)
    finally:
        board.render = render
    return lambda: render_to_string(*kept[0])


def _parts(connection: psycopg.Connection, admin: Browser, rep: Browser) -> Iterator[Work]:
    stage = Stage.objects.get(slug="evaluation").pk
    plain = _plain(connection, admin, None)
    more = {f"shown.{stage}": 40}
    yield Work(
        "show more",
        *costs_of(lambda: admin.get("column", stage, **more), lambda: plain.more(stage), n=READS),
    )
    for name, browser, owners in (("admin", admin, None), ("rep", rep, list(rep.person.scope.owner_ids))):
        version = _version(browser)
        plain = _plain(connection, browser, owners)
        yield Work(
            f"poll, {name}, nothing new",
            *costs_of(partial(browser.get, "changes", since=version), plain.poll, n=READS),
        )
    first, *rest = _version(admin).split("-")
    stale = "-".join([first, *rest[:2], f"{rest[2].split('.')[0]}.0", *rest[3:]])
    yield Work("poll, admin, one column new", *costs_of(lambda: admin.get("changes", since=stale), n=READS))
    yield Work("counts of the tabs, admin", *costs_of(lambda: admin.get("tabs"), n=READS))
    yield Work("counts of the tabs, rep", *costs_of(lambda: rep.get("tabs"), n=READS))


def _version(browser: Browser) -> str:
    page = browser.get("board").content.decode()
    return page.split('data-version="')[1].split('"')[0]


def _changes(connection: psycopg.Connection, admin: Browser) -> Iterator[Work]:
    """Moves between the open stages and new deals. Each move takes a deal of its own."""
    path = list(Stage.objects.filter(kind="open", archived_at=None).order_by("position"))
    onward = {stage.pk: path[(place + 1) % len(path)] for place, stage in enumerate(path)}
    deals = Deal.objects.filter(status="open").order_by("?").values_list("pk", "version", "stage_id")
    waiting = iter(list(deals[: 4 * (WRITES + 10)]))
    numbers = count(1)

    def by_domain() -> None:
        pk, version, stage = next(waiting)
        move_deal(deal_id=pk, seen=version, to_stage=onward[stage], by=admin.person, operation=uuid4())

    def by_request():
        pk, version, stage = next(waiting)
        return admin.post("move", pk, seen=version, to=onward[stage].pk, operation=uuid4())

    def by_plain() -> None:
        pk, _, stage = next(waiting)
        plain_move(connection, deal=pk, to=onward[stage].pk, user=admin.person.pk)

    def add():
        return admin.post(
            "new-deal",
            title=f"Benchmark {next(numbers)}",
            stage=path[0].pk,
            amount="1200",
            currency="EUR",
            operation=uuid4(),
        )

    def add_plainly() -> None:
        plain_create(connection, title=f"Benchmark {next(numbers)}", to=path[0].pk, user=admin.person.pk)

    function, request, plain = costs_of(by_domain, by_request, by_plain, n=WRITES)
    yield Work("move, the function", function, plain)
    yield Work("move, the whole request", request, plain)
    yield Work("create, the whole request", *costs_of(add, add_plainly, n=WRITES))
