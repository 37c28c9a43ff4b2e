import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from funnelcrm.errors import DomainError
from leads.domain.interchange import lines_of, load_events

SHOWN = 50


class Command(BaseCommand):
    help = "Load a ledger in the interchange format (docs/figures.md): JSON lines in any order."

    def add_arguments(self, parser) -> None:
        parser.add_argument("log", type=Path)
        parser.add_argument("--config", type=Path, required=True, metavar="JSON")
        parser.add_argument("--pipeline", default="", metavar="NAME", help="another than the default one")

    def handle(self, *, log: Path, config: Path, pipeline: str, **options) -> None:
        try:
            rules = json.loads(config.read_bytes())
            with log.open("rb") as file:
                loaded = load_events(lines_of(file), rules, pipeline=pipeline)
        except (OSError, ValueError, DomainError) as error:
            raise CommandError(str(error)) from error
        for line, reason in loaded.refused[:SHOWN]:
            self.stderr.write(f"line {line}: {reason}")
        if len(loaded.refused) > SHOWN:
            self.stderr.write(f"... and {len(loaded.refused) - SHOWN} more lines.")
        refused = [{"line": line, "reason": reason} for line, reason in loaded.refused]
        counts = {"read": loaded.read, "new": loaded.new, "known": loaded.known, "refused": refused}
        self.stdout.write(json.dumps(counts, ensure_ascii=False))
