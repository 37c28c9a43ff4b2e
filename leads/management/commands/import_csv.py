import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from funnelcrm.errors import DomainError
from funnelcrm.tabular.safe_csv import SafeWriter
from leads.domain.import_outcome import Outcomes, Problem
from leads.domain.imports import Choices, Plan, plan_import, run_import

SHOWN = 20
TOLD = ["origin", "currency", "date_order", "decimal", "delimiter", "encoding", "sheet", "max_rows"]


class Command(BaseCommand):
    help = "Import accounts, contacts, deals or people from a CSV or XLSX file (docs/import.md)."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, help="accounts, contacts, deals or people")
        parser.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN", dest="columns")
        parser.add_argument("--stage", action="append", default=[], metavar="WORD=STAGE", dest="stages")
        parser.add_argument("--mapping", type=Path, metavar="JSON", help="a file with any of these choices")
        parser.add_argument("--origin", help="the name of the source that the rows come from")
        parser.add_argument("--currency", help="of amounts that name none")
        parser.add_argument("--date-order", help="dmy, mdy or ymd")
        parser.add_argument("--decimal", help="comma or point")
        parser.add_argument("--delimiter", help="comma, semicolon, tab or bar")
        parser.add_argument("--encoding")
        parser.add_argument("--sheet", help="of a workbook")
        parser.add_argument("--max-rows", type=int)
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--per-row", action="store_true", help="write the good rows, list the bad ones")
        how.add_argument("--all-or-nothing", action="store_true", help="the default")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it")
        parser.add_argument(
            "--problems", type=Path, metavar="CSV", help="write the rows left out to this file"
        )

    def handle(self, *, file: Path, dry_run: bool, problems: Path | None, **options) -> None:
        try:
            plan = plan_import(file, _choices(options))
            for line in plan.describe():
                self.stdout.write(line)
            outcomes = self._run(plan, dry_run, problems)
        except DomainError as error:
            raise CommandError(str(error)) from None
        self._report(outcomes, dry_run, problems)

    def _run(self, plan: Plan, dry_run: bool, problems: Path | None) -> Outcomes:
        with ExitStack() as stack:
            listed = stack.enter_context(_ProblemFile(problems, plan.table.header)) if problems else None
            progress = _Progress(self.stdout)
            return run_import(plan, dry_run=dry_run, on_progress=progress, on_problem=listed)

    def _report(self, outcomes: Outcomes, dry_run: bool, problems: Path | None) -> None:
        for problem in outcomes.problems[:SHOWN]:
            self.stderr.write(str(problem))
        if outcomes.problem_count > SHOWN:
            more = f"{outcomes.problem_count - SHOWN:,} more problems."
            self.stderr.write(more if problems else f"{more} --problems FILE.csv writes all of them.")
        counts = (
            f"{outcomes.read:,} rows: {outcomes.created:,} new, {outcomes.updated:,} changed, "
            f"{outcomes.unchanged:,} already known, {outcomes.failed:,} with problems"
        )
        if outcomes.held_back or (
            outcomes.failed and not (outcomes.created or outcomes.updated or outcomes.unchanged)
        ):
            raise CommandError(
                f"{counts}, {outcomes.held_back:,} held back. Nothing was written. "
                "Correct the file, or take the good rows with --per-row."
            )
        self.stdout.write(self.style.SUCCESS(f"{'Would be: ' if dry_run else ''}{counts}."))


def _choices(options: dict) -> Choices:
    told = _read_mapping(options["mapping"]) if options["mapping"] else {}
    columns = dict(told.pop("columns", {})) | dict(_pair(text, first=True) for text in options["columns"])
    stages = dict(told.pop("stages", {})) | dict(_pair(text, first=False) for text in options["stages"])
    unknown = [name for name in told if name not in TOLD]
    if unknown:
        raise CommandError(f"The mapping has an unknown entry “{unknown[0]}”.")
    told |= {name: options[name] for name in TOLD if options[name] is not None}
    return Choices(kind=options["kind"], columns=columns, stages=stages, per_row=options["per_row"], **told)


def _read_mapping(path: Path) -> dict:
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"The mapping cannot be read: {error}.") from None
    if not isinstance(told, dict):
        raise CommandError("The mapping must be a JSON object.")
    return told


def _pair(text: str, *, first: bool) -> tuple[str, str]:
    """FIELD=COLUMN is cut at the first sign, WORD=STAGE at the last: neither fields nor stages have one."""
    name, sign, value = text.partition("=") if first else text.rpartition("=")
    if not sign or not name.strip():
        raise CommandError(f"“{text}” must be of the form {'FIELD=COLUMN' if first else 'WORD=STAGE'}.")
    return name.strip(), value.strip()


class _Progress:
    """A line that is rewritten on a terminal, and one for each tenth elsewhere."""

    def __init__(self, out) -> None:
        self.out, self.begun, self.doing, self.tenth = out, time.monotonic(), "", -1
        self.live = sys.stdout.isatty()

    def __call__(self, doing: str, done: int, total: int) -> None:
        if doing != self.doing:
            self.begun, self.doing, self.tenth = time.monotonic(), doing, 0
        share = done / total if total else 1
        rate = done / max(time.monotonic() - self.begun, 0.001)
        line = f"{done:,} of {total:,} rows {doing} ({share:.0%}, {rate:,.0f} rows/s)"
        if self.live:
            self.out.write(f"\r{line}   ", ending="\n" if done >= total else "")
        elif int(share * 10) > self.tenth:
            self.out.write(line)
        self.tenth = int(share * 10)
        self.out.flush()


class _ProblemFile:
    """The rows that were left out, with number, column and reason: for their owner's eyes only."""

    def __init__(self, path: Path, header: list[str]) -> None:
        self.path, self.header = path, header

    def __enter__(self):
        try:
            self.file = self.path.open("w", encoding="utf-8-sig", newline="")
            self.path.chmod(0o600)
        except OSError as error:
            raise DomainError(f"The file for problems cannot be written: {error.strerror}.") from None
        self.writer = SafeWriter(self.file)
        self.writer.row(["row", "column", "reason", *self.header])
        return self

    def __call__(self, problem: Problem) -> None:
        self.writer.row([problem.row, problem.column, problem.reason, *problem.cells])

    def __exit__(self, *_) -> None:
        self.file.close()
