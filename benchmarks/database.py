"""A PostgreSQL database of the benchmark's own, and Django on it as in team mode."""

import os
import tempfile

import psycopg
from psycopg import sql


def prepare(name: str) -> None:
    """Make the database where it is missing, and set the product up on it: real settings, real middleware."""
    with psycopg.connect(_url("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ |= {
        "DATABASE_URL": _url(name),
        "SECRET_KEY": "only-for-the-benchmark-only-for-the-benchmark-only",
        "ALLOWED_HOSTS": "testserver",
        "FUNNEL_HTTPS": "0",
        "FUNNEL_DATA": tempfile.mkdtemp(prefix="funnel-bench-"),
        "DJANGO_SETTINGS_MODULE": "funnelcrm.settings",
    }
    os.environ.pop("REDIS_URL", None)

    import django  # noqa: PLC0415 -- needs the environment above
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("set_up", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def connect(name: str) -> psycopg.Connection:
    """A plain connection, for what is measured beside the product."""
    return psycopg.connect(_url(name), autocommit=True)


def drop(name: str) -> None:
    with psycopg.connect(_url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _url(name: str) -> str:
    """BENCH_SERVER says where PostgreSQL is, like postgres://user:password@host:5432."""
    return f"{os.environ.get('BENCH_SERVER', 'postgres://')}/{name}"
