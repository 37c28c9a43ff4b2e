from django.core.management.base import BaseCommand, CommandError

from leads.domain.audit import differences
from leads.models import Deal
from stages.models import DealEvent


class Command(BaseCommand):
    help = "Recompute every deal and every kept total from the ledger, and report each difference."

    def handle(self, *args, **options) -> None:
        count = 0
        for line in differences():
            count += 1
            self.stdout.write(line)
        if count:
            raise CommandError(f"{count} differences.")
        deals, events = Deal.objects.count(), DealEvent.objects.count()
        self.stdout.write(self.style.SUCCESS(f"{deals} deals, {events} events: no difference."))
