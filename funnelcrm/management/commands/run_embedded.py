import os
import sys
import webbrowser
from argparse import BooleanOptionalAction
from io import StringIO

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from funnelcrm.health import answers
from funnelcrm.models import User
from funnelcrm.supervisor import Child, Supervisor, listen

LOCALHOST = "127.0.0.1"


class Command(BaseCommand):
    help = (
        "Sets up and runs the embedded product: web server, Celery worker and clock, SQLite. Ctrl-C stops it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument(
            "--demo",
            action=BooleanOptionalAction,
            default=True,
            help="Demo data while nobody has an account.",
        )
        parser.add_argument(
            "--browser", action=BooleanOptionalAction, default=_somebody_watches(), help="Open a browser."
        )

    def handle(self, *args: object, **options: object) -> None:
        if settings.TEAM_MODE or settings.REDIS_URL:
            raise CommandError(
                "This runs the embedded product. Unset DATABASE_URL and REDIS_URL, or start bin/team instead."
            )
        try:
            listening = listen(LOCALHOST, options["port"])
        except OSError as error:
            raise CommandError(f"{error.strerror}. Choose another port: --port 8001") from None
        try:
            self._set_up(demo=options["demo"])
        except KeyboardInterrupt:
            sys.exit(130)
        connections.close_all()

        url = f"http://{LOCALHOST}:{listening.getsockname()[1]}/"
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        fd = listening.fileno()
        children = [
            Child("web", [*manage, "embedded_web", f"--socket={fd}"], fds=(fd,)),
            Child("worker", [*manage, "embedded_worker"]),
        ]
        Supervisor(children).run(lambda: self._say_when_open(url, browser=options["browser"]))
        self.stdout.write("Stopped. Everything is kept.")

    def _set_up(self, *, demo: bool) -> None:
        """Bring the database and the static files up to this version of the code. Quick when they are."""
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("set_up", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        # Without a person nobody could sign in: a new installation, which shows the product with examples.
        if demo and not User.objects.exists() and "demo_data" in get_commands():
            self.stdout.write("Loading demo data ...")
            self.stdout.flush()
            call_command("demo_data", "load", stdout=StringIO())
        self.people = _how_to_sign_in()

    def _say_when_open(self, url: str, *, browser: bool) -> bool:
        if not answers(f"{url}readyz"):
            return False
        self.stdout.write(f"Funnel CRM is open at {url} (Ctrl-C stops it)")
        self.stdout.write(self.people)
        self.stdout.flush()
        if browser:
            webbrowser.open(url)
        return True


def _how_to_sign_in() -> str:
    """Whom to sign in as: the people of the demo, or how to make the first account."""
    demo = User.objects.filter(origin="demo", is_active=True).order_by("pk")
    people = [(role.label.lower(), demo.filter(role=role).first()) for role in User.Role]
    named = [f"{person.email} ({label})" for label, person in people if person]
    password = settings.DATA_DIR / "demo-password.txt"
    if named and password.exists():
        return f"Sign in as {', '.join(named)}; password: {password.read_text().strip()}"
    if User.objects.exists():
        return "Sign in with your own account."
    return (
        "Make the first account: .venv/bin/python manage.py set_up --admin you@example.com --name 'Your name'"
    )


def _somebody_watches() -> bool:
    """A browser is opened only for a person at a screen, never in CI or over a plain remote shell."""
    screen = sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return sys.stdout.isatty() and screen and "CI" not in os.environ
