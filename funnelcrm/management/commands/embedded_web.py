from django.core.management.base import BaseCommand, CommandParser

from funnelcrm.embedded import run_web
from funnelcrm.wsgi import application


class Command(BaseCommand):
    help = "The web server of the embedded product. `run_embedded` starts it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--socket", type=int, required=True, help="Number of the inherited open socket.")

    def handle(self, *args: object, **options: object) -> None:
        run_web(application, listening=options["socket"])
