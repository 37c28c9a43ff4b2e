import os
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from funnelcrm.models import Organisation, User
from stages.domain.installation import install


class Command(BaseCommand):
    help = "Gives a migrated database what the product needs to begin; with --admin, the first account too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--admin", metavar="EMAIL", help="Make this person an admin.")
        parser.add_argument("--name", help="The admin's name.")

    def handle(self, *args: object, **options: object) -> None:
        call_command("createcachetable", verbosity=0)
        Organisation.objects.get_or_create(pk=1)
        install()
        if options["admin"]:
            self._make_admin(options["admin"], options["name"] or "")

    def _make_admin(self, email: str, name: str) -> None:
        """The first account. Somebody who has one already keeps it as it is, so this may run again."""
        email = User.objects.normalize_email(email).lower()
        if User.objects.filter(email=email).exists():
            self.stdout.write(f"{email} has an account already. Nothing was changed.")
            return
        if not name.strip():
            raise CommandError("Say the person's name too: --name 'Ada Adeyemi'")
        person = User(email=email, name=name.strip())
        password = _asked_password()
        try:
            validate_email(email)
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        User.objects.create_superuser(email, password, name=person.name)
        self.stdout.write(f"{email} is an admin now.")


def _asked_password() -> str:
    """From FUNNEL_ADMIN_PASSWORD, or typed twice."""
    password = os.environ.get("FUNNEL_ADMIN_PASSWORD", "")
    if not password:
        password = getpass("Password: ")
        if getpass("Again: ") != password:
            raise CommandError("The two passwords differ.")
    return password
