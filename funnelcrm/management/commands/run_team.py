import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from funnelcrm.supervisor import Child, Supervisor


class Command(BaseCommand):
    help = "Runs team mode on one machine: gunicorn, Celery worker and clock, on PostgreSQL and Redis."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        if not (settings.TEAM_MODE and settings.REDIS_URL):
            raise CommandError(
                "Team mode needs DATABASE_URL and REDIS_URL. On your own, start bin/start instead."
            )
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        call_command("wait_for_database")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("set_up", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()

        run = [sys.executable, "-m"]
        celery = [*run, "celery", "--app", "funnelcrm"]
        gunicorn = [*run, "gunicorn", "--config", "python:funnelcrm.gunicorn", "funnelcrm.wsgi"]
        schedule = f"--schedule={settings.DATA_DIR / 'beat-schedule'}"
        children = [
            Child("web", gunicorn),
            Child("worker", [*celery, "worker", "--concurrency=2", "--loglevel=WARNING"]),
            Child("beat", [*celery, "beat", schedule, "--pidfile=", "--loglevel=WARNING"]),
        ]
        Supervisor(children).run(when_started=lambda: True)
