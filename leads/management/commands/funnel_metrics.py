import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from funnelcrm.database import one_moment
from leads.queries.event_log import read_config, read_ledger
from stages.figures.answer import answers
from stages.figures.query import BadQuery, read_query
from stages.models import Pipeline


class Command(BaseCommand):
    help = "Answer a query or a list of them (docs/figures.md) from the ledger alone, as JSON."

    def add_arguments(self, parser) -> None:
        parser.add_argument("query", type=Path)
        parser.add_argument("--pipeline", default="", metavar="NAME", help="another than the default one")
        parser.add_argument("--include-archived", action="store_true", help="give them a bar")
        parser.add_argument("--indent", type=int)

    def handle(self, *, query: Path, pipeline: str, indent: int | None, **options) -> None:
        try:
            asked = json.loads(query.read_bytes())
            found = self._answer(asked, pipeline, options["include_archived"])
        except (OSError, ValueError) as error:  # BadQuery is a ValueError
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=indent))

    def _answer(self, asked: dict | list, name: str, include_archived: bool) -> dict | list:
        queries = [read_query(one) for one in (asked if isinstance(asked, list) else [asked])]
        which = {"slug": name} if name else {"is_default": True}
        with one_moment():
            pipeline = Pipeline.objects.filter(**which).first()
            if pipeline is None:
                raise BadQuery("There is no such pipeline.")
            config, ledger = read_config(pipeline, include_archived=include_archived), read_ledger(pipeline)
        found = answers(ledger, config, queries)
        return found if isinstance(asked, list) else found[0]
