"""Whatever arrives: an answer in words, never a crash, and never somebody's text as live markup."""

from io import BytesIO
from itertools import cycle
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from funnelcrm.wsgi import application
from tests.factories import make_deal

NAUGHTY = [
    "\x00",
    "a\x00b",
    "\x01\x1f\x7f\x85",
    "\ufeff\u200b\u202eevil\u2066",
    "\U0010ffff\ufffe",
    "ﷺ" * 300,
    "Z\u0321\u0322\u0347" * 200,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% debug %}",
    "'; DROP TABLE leads_deal; --",
    "%s%n%(x)s{0.__class__}",
    "../../etc/passwd",
    "NaN",
    "Infinity",
    "-1",
    "1e308",
    "9" * 400,
    "٣",
    str(2**63),
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "10000-01-01",
    "23:59:60",
    "00000000-0000-0000-0000-000000000000",
    "x" * 100_000,
    "\r\nSet-Cookie: a=b",
    "   ",
]
QUERIES = [
    *("q", "owner", "min", "max", "age", "sort", "state", "close", "team", "tag", "source", "pipeline"),
    *("stage", "deal", "since", "shown", "shown.1", "account", "next", "view"),
]
each = pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))


def forms(deal) -> dict[str, dict[str, object]]:
    """Every form that changes something, filled in as it should be."""
    one, me, stage = f"/deals/{deal.pk}", deal.owner_id, deal.stage_id
    values = {"title": "A", "currency": "EUR", "amount": "1", "account": "", "owner": me, "source": ""}
    more = {
        "stage": stage,
        "expected_close": "",
        "operation": "",
        "step": "",
        "step_type": "",
        "step_due": "",
    }
    return {
        "/you/preferences/": {"theme": "", "single_keys": "on"},
        "/you/password/": {"oldpassword": "x", "password1": "y", "password2": "y"},
        "/deals/new/": values | more,
        f"{one}/edit/": values | {"expected_close": "", "seen": "1"},
        f"{one}/move/": {"to": stage, "seen": "1", "operation": "", "board": "", "next": ""},
        f"{one}/lose/": {"reason": "1", "note": "", "seen": "1", "operation": ""},
        f"{one}/reopen/": {"seen": "1", "operation": ""},
        f"{one}/delete/": {"seen": "99", "operation": ""},
        f"{one}/next-step/": {"type": "1", "summary": "", "due_on": "2027-01-01", "due_time": ""},
        f"{one}/log/": {"type": "1", "summary": "", "note": ""},
        f"{one}/snooze/": {"day": "2027-01-01"},
        "/deals/bulk/move/": {"deal": f"{deal.pk}:1", "to": stage, "operation": ""},
        "/deals/bulk/assign/": {"deal": f"{deal.pk}:1", "owner": me},
        "/deals/bulk/lose/": {"deal": f"{deal.pk}:1", "reason": "1", "note": ""},
        "/board/views/save/": {"name": "A", "query": "", "shared": "", "board": ""},
    }


def check(response, where) -> None:
    assert response.status_code < 500, where
    assert "<script>alert" not in response.text, where
    assert "<img src=x" not in response.text, where


@pytest.fixture
def browser(client, alice):
    client.raise_request_exception = False
    client.force_login(alice)
    return client


@each
def test_no_text_breaks_a_form(browser, alice, stages, text):
    """Each field of each form, one after the other: refused in words or kept."""
    deal = make_deal(stages["evaluation"], alice)
    htmx = cycle([{}, {"HX-Request": "true"}])
    for path, body in forms(deal).items():
        for name in [*body, text[:50]]:
            check(browser.post(path, body | {name: text}, headers=next(htmx)), (path, name))
    check(browser.get("/board/"), "the board with whatever was kept")


@each
def test_no_text_breaks_an_address(browser, alice, stages, text):
    make_deal(stages["evaluation"], alice)
    for name in QUERIES:
        check(browser.get("/board/tabs/", {name: text}), name)
    for path in (
        "/board/",
        "/deals/",
        "/board/tabs/",
        "/accounts/suggest/",
        "/deals/new/",
        "/board/views/save/",
    ):
        for names in (QUERIES, QUERIES[:4], QUERIES[4:]):
            check(browser.get(path, dict.fromkeys(names, text)), path)


@pytest.mark.parametrize(
    "text", ["%00", "a%00@example.com", "%ED%A0%80", "x" * 100_000, "%3Cb%3E", "%40", "a%40b"]
)
def test_no_text_breaks_the_door(db, text):
    client = Client(raise_request_exception=False)
    for path, names in {
        "/sign-in/": ("login", "password", "next", text),
        "/sign-in/forgot/": ("email",),
        "/sign-in/code/": ("code",),
        "/sign-in/forgot/1-set-password/": ("password1",),
        "/sign-in/forgot/zzzzzzzzzzzzzzzzzzzzzz-x/": ("password1",),
    }.items():
        for name in names:
            body = f"login=a%40b.example&password=x&{name}={text}"
            response = client.post(path, body, content_type="application/x-www-form-urlencoded")
            assert response.status_code < 500, (path, name)
            assert client.get(f"{path}?{name}={text[:2000]}").status_code < 500


@pytest.mark.parametrize(
    "extra",
    [
        {"HTTP_COOKIE": "funnel-session=\x00\x00\x00\x00\x00\x00\x00\x00\x00; funnel-csrf=\x00"},
        {"HTTP_COOKIE": "funnel-session=" + "x" * 65_000},
        {"HTTP_COOKIE": "funnel-session=\xff\xfe; messages=garbage; ;;=;"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "javascript:alert(1)"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[::1"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "https://evil.example/"},
        {
            "HTTP_HX_REQUEST": "true",
            "HTTP_HX_CURRENT_URL": "%ff",
            "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true",
        },
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "\x00<b>", "HTTP_HX_TRIGGER": "%00"},
        {"HTTP_X_FORWARDED_FOR": "a, b, \x00", "HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
        {"HTTP_X_REQUEST_ID": "mine\r\nSet-Cookie: a=b"},
        {
            "HTTP_ACCEPT_LANGUAGE": "x" * 5000,
            "HTTP_IF_MODIFIED_SINCE": "99 Xxx",
            "HTTP_IF_NONE_MATCH": "\x00",
        },
        {"HTTP_REFERER": "http://[", "HTTP_ORIGIN": "null"},
        {"CONTENT_TYPE": "multipart/form-data"},
        {"CONTENT_TYPE": "multipart/form-data; boundary=\x00"},
        {"CONTENT_TYPE": "multipart/form-data; boundary=x; charset=hex"},
        {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=rot13"},
        {"CONTENT_TYPE": "\x00"},
        {"CONTENT_LENGTH": "abc"},
        {"CONTENT_LENGTH": "-5"},
        {"CONTENT_LENGTH": "99999999999999999999"},
    ],
    ids=range(21),
)
def test_no_header_breaks_an_answer(alice, extra):
    client = Client(raise_request_exception=False)
    for signed_in in (False, True):
        if signed_in and "HTTP_COOKIE" not in extra:
            client.force_login(alice)
        for method in ("GET", "POST"):
            for path in ("/you/", "/sign-in/", "/deals/new/"):
                response = client.generic(method, path, b"--x\r\n\r\n+2AA-\r\n--x--", "text/plain", **extra)
                assert response.status_code < 500, (method, path)
                assert not response["X-Request-ID"].startswith("mine")
                assert "evil" not in str(response.headers)


@pytest.mark.parametrize("charset", ["hex", "zip", "rot13", "utf-7", "utf-16", "idna", "latin-1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_in_a_foreign_encoding_is_refused(db, charset, method):
    """Some of Python's codecs are no text encodings, and some make lone surrogates.

    Asked of the very application that servers run: Django chokes on these before any middleware.
    """
    body = b'--x\r\nContent-Disposition: form-data; name="theme"\r\n\r\n+2AA-\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    asked = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/sign-in/",
        "QUERY_STRING": "a=b",
        "HTTP_HOST": "testserver",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(asked)
    said = []

    answer = application(asked, lambda status, headers: said.append(status))
    answer.close()

    assert said == ["400 Bad Request"]


def test_nul_in_names_of_fields_is_refused(browser):
    form = "application/x-www-form-urlencoded"
    body = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\nx\r\n--x--\r\n'

    assert browser.post("/you/preferences/", "th%00eme=dark", form).status_code == 400
    for kind in (b"", b'; filename="a.csv"'):
        name = body % (b"th\x00eme", kind)
        response = browser.generic("POST", "/you/preferences/", name, "multipart/form-data; boundary=x")
        assert response.status_code == 400, kind


def test_too_many_fields_and_too_long_bodies_are_refused(browser):
    kind = "application/x-www-form-urlencoded"

    assert (
        browser.post("/you/preferences/", "&".join(f"a{n}=1" for n in range(10_000)), kind).status_code == 400
    )
    assert browser.post("/you/preferences/", "theme=" + "x" * 2_000_000, kind).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/static/../manage.py", "/static/", "/admin/", "/metrics", "/__debug__/"),
        *("/var/secret-key", "/accounts/login/", "/accounts/signup/", "/%2e%2e/%2e%2e/etc/passwd", "/%ff%fe"),
    ],
)
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code in (400, 404)
