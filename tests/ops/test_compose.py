"""What can be told of the containers without an engine: the properties that keep them safe and watched."""

import re

import pytest
import yaml

from tests.ops.machine import ROOT, environment, run

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
LASTING = sorted(set(SERVICES) - {"migrate"})
DOCKERFILE = (ROOT / "Dockerfile").read_text()
HIDDEN = ("SECRET", "PASSWORD", "DATABASE_URL", "REDIS_URL")


def test_every_part_is_there():
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis"}


@pytest.mark.parametrize("name", LASTING)
def test_a_service_says_whether_it_is_well(name):
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_never_root_and_gains_nothing(name):
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] is True
    assert not service.get("privileged")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_has_a_default(name):
    values = {k: v for k, v in SERVICES[name]["environment"].items() if any(word in k for word in HIDDEN)}
    assert values
    for value in values.values():
        assert re.search(r"\$\{[A-Z_]+:\?[^}]+\}", value)
        assert ":-" not in value


def test_only_the_web_is_reached_and_only_from_this_machine():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


def test_nothing_starts_before_the_migration():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_image_ends_as_nobody_in_particular_and_fetches_by_hash():
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.search(r"^USER (?!0|root)\d+:\d+$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "--require-hashes" in DOCKERFILE
    assert not re.search(r"pip |apt|curl|wget", last), "the last stage fetches nothing"


def test_what_goes_into_the_image_is_named():
    lines = (ROOT / ".dockerignore").read_text().split()
    assert "*" in lines
    assert "!var/" not in lines
    assert "!.env" not in lines


@pytest.mark.parametrize("name", ["run", "test", "virtualenv"])
def test_a_lock_says_what_and_never_where_from(name):
    text = (ROOT / f"requirements/{name}.lock").read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=sha256:)", text, re.MULTILINE)
    packages = re.split(r"^(?=[a-zA-Z])", text, flags=re.MULTILINE)[1:]
    assert packages
    assert all("==" in package and "--hash=sha256:" in package for package in packages)


def test_new_secrets_are_long_and_never_the_same():
    made = [_settings(run(ROOT / "bin/new-env", "crm.example.com", env=environment()).stdout) for _ in "12"]
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert made[0][name] != made[1][name]
        assert all(re.fullmatch(r"[A-Za-z0-9]{50,}", settings[name]) for settings in made)
    assert made[0]["ALLOWED_HOSTS"] == "crm.example.com"


def _settings(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.split())
