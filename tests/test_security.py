"""What the product promises to browsers, and what its own files must never hold."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher, make_password
from django.test import Client, override_settings
from django.urls import reverse

from tests.access import ROWS, all_patterns
from tests.factories import make_deal

ROOT = Path(__file__).resolve().parent.parent
OURS = [path for app in ("funnelcrm", "stages", "leads") for path in (ROOT / app).rglob("*.py")]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = [path for path in (ROOT / "static").rglob("*.js") if "htmx" not in path.name]
STYLES = sorted((ROOT / "static").rglob("*.css"))

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def run(*command: str, **env: str) -> subprocess.CompletedProcess:
    """A process of its own, that knows nothing of the tests' settings."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=clean | env, capture_output=True, text=True, timeout=60
    )


TEAM_ENV = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "SECRET_KEY": "k8Zq3nV0yT5rL1wB7xC2mP9dF4gH6jS0aQeRtYuIoPzXcVbNmLkJ",
    "ALLOWED_HOSTS": "crm.example.com",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


# --- Headers ----------------------------------------------------------------------------------------


@pytest.fixture
def paths(stages, alice) -> list[str]:
    """An address of each kind that can be read."""
    deal = make_deal(stages["evaluation"], alice)
    found = []
    for name, row in ROWS.items():
        if "GET" not in row:
            continue
        value = deal.stage_id if row.get("for") == "stage" else deal.pk
        arguments = dict.fromkeys(all_patterns()[name].pattern.converters, value)
        if name == "account_reset_password_from_key":
            arguments = {"uidb36": "1", "key": "set-password"}
        found.append(reverse(name, kwargs=arguments))
    return [*found, "/nothing/here/", "/deals/999999/"]


def check_headers(response, path):
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY, path
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "no-store" in response["Cache-Control"] or "no-cache" in response["Cache-Control"], path
    assert "camera=()" in response["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{16}", response["X-Request-ID"])
    assert "Server" not in response


def test_every_answer_carries_the_strict_headers(client, alice, paths):
    for path in paths:
        check_headers(client.get(path), path)
    client.force_login(alice)
    for path in paths:
        check_headers(client.get(path), path)
        check_headers(client.get(path, headers={"HX-Request": "true"}), path)


def test_refusals_carry_them_too(db):
    strict = Client(enforce_csrf_checks=True)

    for response in (
        strict.post("/sign-in/"),
        strict.get("/%00"),
        strict.get("/", headers={"host": "evil.example"}),
        strict.put("/sign-in/", headers={"X-CSRFToken": "x"}),
    ):
        assert response.status_code in (400, 403)
        check_headers(response, response.status_code)


def test_pages_run_under_the_policy(client, alice, paths):
    """No inline code in what is really sent, whichever template it came from."""
    for signed_in in (False, True):
        if signed_in:
            client.force_login(alice)
        for path in paths:
            page = client.get(path, follow=True).text
            assert not re.search(r"<script(?![^>]*\ssrc=)", page), path
            assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on", page), path
            for source in re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', page):
                assert source.startswith(("/static/", "data:image/svg+xml;base64,")), (path, source)


def test_cookies_are_kept_from_scripts_and_other_sites(client, alice):
    client.get("/sign-in/")
    client.post("/sign-in/", {"login": alice.email, "password": "correct horse battery"})

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


HTTPS_PROBE = """
import django; django.setup()
from django.conf import settings
from django.test import RequestFactory
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
for name in ("SESSION", "CSRF"):
    get = lambda word: getattr(settings, f"{name}_COOKIE_{word}")
    print(get("NAME"), get("SECURE"), get("HTTPONLY"), get("SAMESITE"), get("DOMAIN"), get("PATH"))
middleware = SecurityMiddleware(lambda request: HttpResponse())
site = RequestFactory(SERVER_NAME="crm.example.com")
secure = middleware(site.get("/board/", secure=True))
print(secure["Strict-Transport-Security"])
plain = middleware(site.get("/board/"))
print(plain.status_code, plain["Location"])
forged = middleware(site.get("/board/", HTTP_X_FORWARDED_PROTO="https"))
print(forged.status_code)
"""


def test_in_team_mode_everything_goes_over_https():
    done = run("-c", HTTPS_PROBE, DJANGO_SETTINGS_MODULE="funnelcrm.settings", **TEAM_ENV)

    assert done.stdout.splitlines() == [
        "__Host-session True True Lax None /",
        "__Host-csrf True True Lax None /",
        "max-age=31536000; includeSubDomains",
        "301 https://crm.example.com/board/",
        "301",  # nobody's word about HTTPS counts, unless FUNNEL_BEHIND_PROXY says that there is a proxy
    ], done.stderr


def test_djangos_own_checks_find_nothing_in_team_mode():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **TEAM_ENV)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me-change-me-change-me-change-me-change-me"}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ],
)
def test_team_mode_does_not_start_with_easy_secrets(wrong, words):
    done = run("manage.py", "check", **(TEAM_ENV | wrong))

    assert done.returncode != 0
    assert words in done.stderr


def test_passwords_are_kept_with_argon2():
    kept = run(
        "-c",
        "from funnelcrm import settings; print(settings.PASSWORD_HASHERS[0])",
        **TEAM_ENV,
    ).stdout.strip()

    assert kept == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert Argon2PasswordHasher.memory_cost >= 19 * 1024
    assert Argon2PasswordHasher.time_cost >= 2
    with override_settings(PASSWORD_HASHERS=[kept]):
        assert identify_hasher(make_password("correct horse battery")).algorithm == "argon2"


# --- Our files --------------------------------------------------------------------------------------


def offences(paths: list[Path], pattern: str) -> list[str]:
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:90]}")
    return found


def test_templates_hold_no_code_and_escape_everything():
    bare = r"<script(?![^>]*\ssrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=|hx-on|javascript:|js:|hx-eval"
    trusting = r"\|\s*safe\b|safeseq|autoescape off|\{%\s*csrf_exempt"

    assert TEMPLATES
    assert offences(TEMPLATES, bare) == []
    assert offences(TEMPLATES, trusting) == []


def test_forms_that_change_something_carry_the_token():
    for path in TEMPLATES:
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
            if re.search(r'method="post"', form, re.IGNORECASE):
                assert "{% csrf_token %}" in form, path


def test_scripts_build_no_code_and_no_markup_from_text():
    assert (
        offences(
            SCRIPTS,
            r"\beval\(|new Function|cssText|setAttribute\(.style"
            # What stands in a template element is inert until the server's fragment is swapped in by htmx.
            r"|(?<!template)\.(inner|outer)HTML\s*=|document\.write|insertAdjacentHTML"
            r"|localStorage",
        )
        == []
    )


def test_nothing_is_fetched_from_elsewhere():
    assert (
        offences(
            [*TEMPLATES, *STYLES, *SCRIPTS],
            r"(src|href|url\(|@import|from|fetch\()\s*=?\s*[\"'(]*(https?:)?//",
        )
        == []
    )


def test_python_trusts_no_text_as_markup_sql_or_code():
    pattern = (
        r"mark_safe|SafeString|csrf_exempt|\.extra\(|RawSQL|\bpickle\b|shell=True|\beval\(|\bexec\("
        r"|filter\(\*\*request"
    )

    assert offences(OURS, pattern) == []


def test_no_test_helper_gets_into_the_product():
    assert offences(OURS, r"django\.test|force_login|import tests|from tests|pytest") == []
