"""Team mode does not start on settings that would let strangers in."""

import sys

import pytest

from tests.ops.machine import SECRET, environment, run

GOOD = {
    "DATABASE_URL": "postgres:///never_connected",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "crm.example.com",
}


def load(**settings: str):
    code = "import funnelcrm.settings as s; print(s.HTTPS, s.SESSION_COOKIE_SECURE, s.DEBUG)"
    return run(sys.executable, "-c", code, env=environment(**settings))


def test_good_settings_start_with_everything_secure():
    done = load(**GOOD)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "True", "False"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short-and-random-8J2k"}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-0123456789012345678901234567890123456789"}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me-please-change-me-please-change-me-please"}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "crm.example.com,*"}, "ALLOWED_HOSTS"),
    ],
)
def test_a_weak_setting_refuses_to_start(change, why):
    done = load(**GOOD | change)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert why in done.stderr.strip().splitlines()[-1]


def test_team_mode_asks_for_its_parts_in_one_sentence(tmp_path):
    env = environment(FUNNEL_DATA=str(tmp_path))
    done = run(sys.executable, "manage.py", "run_team", env=env)
    assert done.returncode == 1
    assert "DATABASE_URL and REDIS_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_embedded_installation_keeps_its_own_key_to_itself(tmp_path):
    data = tmp_path / "data"
    assert load(FUNNEL_DATA=str(data)).returncode == 0
    key = (data / "secret-key").read_text()
    assert load(FUNNEL_DATA=str(data)).returncode == 0
    assert (data / "secret-key").read_text() == key
    assert len(key) >= 50
    assert (data / "secret-key").stat().st_mode & 0o077 == 0
