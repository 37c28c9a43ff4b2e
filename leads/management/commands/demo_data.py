import os
import secrets
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from funnelcrm.errors import DomainError
from funnelcrm.models import User
from leads.domain.demo.load import SIZE, load
from leads.domain.demo.people import People
from leads.domain.demo.remove import remove
from leads.models import Deal

MOST = 20_000


class Command(BaseCommand):
    help = "Load demo data (a company's last fourteen months), or remove all of it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        loading = actions.add_parser("load", help="Write the demo data, if it is not there yet.")
        loading.add_argument("--seed", type=int, default=1, help="Another number tells another story.")
        loading.add_argument("--size", type=int, default=SIZE, help="About how many deals.")
        loading.add_argument("--password", help="For all demo users. In team mode they have none without it.")
        actions.add_parser("remove", help="Delete the demo data, and nothing else.")

    def handle(self, *args, **options) -> None:
        try:
            if options["action"] == "load":
                self.load(options["seed"], options["size"], options["password"])
            else:
                self.remove()
        except DomainError as error:
            raise CommandError(str(error)) from error

    def load(self, seed: int, size: int, password: str | None) -> None:
        if not 1 <= size <= MOST:
            raise CommandError(f"The size is a number of deals, from 1 to {MOST}.")
        if password is None and not settings.TEAM_MODE:
            password = secrets.token_urlsafe(9)
        people = load(seed=seed, size=size, password=password)
        if people is None:
            self.stdout.write("The demo data is there already. Nothing was changed.")
            return
        self.stdout.write(
            self.style.SUCCESS(f"Loaded {Deal.objects.filter(origin='demo').count()} demo deals.")
        )
        self.tell_who(people, password)

    def tell_who(self, people: People, password: str | None) -> None:
        for user in sorted(people.everybody, key=lambda user: (user.role, user.email)):
            self.stdout.write(f"  {User.Role(user.role).label:10} {user.email}")
        if password is None:
            self.stdout.write(
                "Nobody of them can sign in. Give --password to let them, in a new installation."
            )
            return
        path = password_file()
        keep_secret(path, password)
        self.stdout.write(f"Password of all of them: {password}  (also in {path})")

    def remove(self) -> None:
        removed = remove()
        password_file().unlink(missing_ok=True)
        self.stdout.write(f"Removed {removed.deals} demo deals and {removed.accounts} demo accounts.")
        if removed.kept_accounts or removed.kept_people:
            self.stdout.write(
                f"Kept, as real rows use them: {removed.kept_accounts} accounts, "
                f"{removed.kept_people} people (they cannot sign in)."
            )


def password_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-password.txt"


def keep_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first moment on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
