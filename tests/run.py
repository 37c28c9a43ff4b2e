"""The whole suite, as `bin/test` runs it: the linters, then SQLite, then PostgreSQL with Redis."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NOTHING_COLLECTED = 5
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
COUNTS = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed|xpassed)")


@dataclass
class Result:
    """What came of one part. `counts` is by pytest's own words."""

    name: str
    text: str
    failed: bool = False
    counts: dict[str, int] | None = None


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    quick = "--quick" in arguments
    required = os.environ.get("REQUIRE_ALL", "") not in ("", "0")
    for_pytest = [argument for argument in arguments if argument != "--quick"]

    results = [_judge(), _on_sqlite(for_pytest, quick=quick), _in_chromium(for_pytest, required=required)]
    results.append(_on_postgresql(for_pytest, quick=quick, required=required))
    return _report(results, time.monotonic() - began)


def _judge() -> Result:
    """Style, architecture and migrations: what needs no test."""
    templates = sorted(str(path) for path in (ROOT / "templates").rglob("*.html"))
    checks = {
        "ruff format": [BIN / "ruff", "format", "--check", "--quiet", "."],
        "ruff check": [BIN / "ruff", "check", "--quiet", "."],
        "lint-imports": [BIN / "lint-imports"],
        "djade": [BIN / "djade", "--target-version", "5.2", "--check", *templates],
        "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "-v", "0"],
    }
    if not templates:
        del checks["djade"]
    failed = []
    with tempfile.TemporaryDirectory(prefix="funnel-check-") as data:
        for name, command in checks.items():
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=_environment(FUNNEL_DATA=data),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                failed.append(name)
                _say(f"--- {name}\n{done.stdout}{done.stderr}")
    text = f"failed: {', '.join(failed)}" if failed else f"{', '.join(checks)}: clean"
    return Result("Checks", text, failed=bool(failed))


def _on_sqlite(arguments: list[str], *, quick: bool) -> Result:
    """All that needs no more than Python. The stress tests run alone: they want the whole machine."""
    rounds = [["-n", "2", "-m", "not browser and not stress"]]
    if not quick:
        rounds.append(["-m", "not browser and stress"])
    return _tests("SQLite", rounds, arguments, env=_environment())


def _in_chromium(arguments: list[str], *, required: bool) -> Result:
    """What only a real browser can tell, on SQLite. In CI none of it may be skipped."""
    if not any(map(shutil.which, CHROMIUM)):
        return Result("Chromium", "skipped: not installed", failed=required)
    result = _tests("Chromium", [["-m", "browser"]], arguments, env=_environment())
    if required and (result.counts.get("skipped") or not result.counts.get("passed")):
        result.failed = True
    return result


def _on_postgresql(arguments: list[str], *, quick: bool, required: bool) -> Result:
    """The suite once more on PostgreSQL with Redis, where both answer."""
    url = os.environ.get("TEST_DATABASE_URL", "postgres:///funnelcrm")
    redis_url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
    try:
        name = f"PostgreSQL {_postgresql_version(url)} + Redis {_redis_version(redis_url)}"
    except (psycopg.Error, redis.RedisError) as error:
        reason = str(error).strip().splitlines()[0]
        return Result("PostgreSQL + Redis", f"skipped: {reason}", failed=required)
    rounds = [["-n", "2", "-m", "not browser and not stress"]]
    if not quick:
        rounds.append(["-m", "not browser and stress"])
    return _tests(name, rounds, arguments, env=_environment(DATABASE_URL=url, TEST_REDIS_URL=redis_url))


def _tests(name: str, rounds: list[list[str]], arguments: list[str], *, env: dict[str, str]) -> Result:
    """Some rounds of pytest, summed up."""
    result = Result(name, "", counts={})
    for options in rounds:
        _say(f"\n=== {name}: {options[-1]}")
        code, last_line = _run_pytest(["-q", "-rs", *options, *arguments], env)
        result.failed = result.failed or code not in (0, NOTHING_COLLECTED)
        for number, word in COUNTS.findall(last_line):
            result.counts[word] = result.counts.get(word, 0) + int(number)
    result.text = ", ".join(f"{number} {word}" for word, number in result.counts.items()) or "nothing to run"
    return result


def _run_pytest(arguments: list[str], env: dict[str, str]) -> tuple[int, str]:
    """Run pytest and show what it prints. Its exit code, and its last line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    last_line = ""
    for line in process.stdout:
        last_line = line.rstrip("\n")
        _say(last_line)
    return process.wait(), last_line


def _environment(**changes: str) -> dict[str, str]:
    """Ours, without what a developer's shell says about a running product."""
    dropped = {
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "FUNNEL_DATA",
        "FUNNEL_HTTPS",
        "REDIS_URL",
        "DATABASE_URL",
        "DEBUG",
    }
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | changes


def _postgresql_version(url: str) -> str:
    """Of the server. Asked on its own database: the one of the tests is made by the tests."""
    with psycopg.connect(_other_database(url), connect_timeout=3) as connection:
        number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def _other_database(url: str) -> str:
    _scheme, _, rest = url.partition("://")
    where, _, query = rest.partition("?")
    return f"postgresql://{where.rpartition('/')[0]}/postgres{'?' + query if query else ''}"


def _redis_version(url: str) -> str:
    with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
        return client.info("server")["redis_version"]


def _report(results: list[Result], seconds: float) -> int:
    """The last lines: what ran on which, and one plain line of sums."""
    _say("\n=== What ran on which")
    for result in results:
        _say(f"{result.name}: {result.text}{'  <- FAILED' if result.failed else ''}")
    counted = [result.counts for result in results if result.counts]
    passed = sum(counts.get("passed", 0) for counts in counted)
    broken = sum(counts.get(word, 0) for counts in counted for word in ("failed", "error", "errors"))
    skipped = sum(counts.get("skipped", 0) for counts in counted)
    _say(f"{passed} passed, {broken} failed, {skipped} skipped in {seconds:.0f} s")
    return int(any(result.failed for result in results))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
