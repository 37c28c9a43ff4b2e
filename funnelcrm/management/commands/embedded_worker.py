from django.conf import settings
from django.core.management.base import BaseCommand

from funnelcrm.embedded import run_worker


class Command(BaseCommand):
    help = "The Celery worker and clock of the embedded product. `run_embedded` starts it."

    def handle(self, *args: object, **options: object) -> None:
        run_worker(settings.DATA_DIR / "beat-schedule")
