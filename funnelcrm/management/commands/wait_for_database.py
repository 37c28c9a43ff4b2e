import time

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection


class Command(BaseCommand):
    help = "Waits until the database answers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=int, default=60)

    def handle(self, *args: object, **options: object) -> None:
        until = time.monotonic() + options["seconds"]
        while True:
            try:
                connection.ensure_connection()
            except OperationalError as error:
                if time.monotonic() > until:
                    reason = str(error).strip().splitlines()[0]
                    raise CommandError(f"The database does not answer: {reason}") from None
                time.sleep(1)
            else:
                return
