"""Importing a file: what it holds, what would come of it, and doing it.

    plan = plan_import(path, Choices(kind="deals", stages={"Won": "won:Purchase"}))
    plan.describe()                     # how the file was understood
    outcomes = run_import(plan)

A file is read as a stream: once to learn its conventions, once to check every row, and once
to write, in batches. Whatever is stopped in the middle has written whole batches, or nothing
(all or nothing), and running it again completes it: rows that are known change nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from funnelcrm.errors import DomainError
from funnelcrm.models import Organisation, User
from funnelcrm.tabular import MAX_ROWS, Table, open_table
from funnelcrm.text import fold
from leads.domain.bulk_append import BulkAppend, bulk_append
from leads.domain.import_accounts import AccountImport, ContactImport
from leads.domain.import_deals import DealImport
from leads.domain.import_mapping import Column, map_columns
from leads.domain.import_outcome import Outcomes, Problem, Seen
from leads.domain.import_people import PeopleImport
from leads.domain.import_rows import Conventions, Row, learn
from leads.domain.import_stages import Rule, stage_rules
from leads.domain.import_values import ORDERS

BATCH = 500
IMPORTS = {"accounts": AccountImport, "contacts": ContactImport, "deals": DealImport, "people": PeopleImport}
OUTSIDE = "import"  # the origin of rows whose import was given no name

OnProgress = Callable[[str, int, int], None]  # what is done, rows done, rows in all


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person may tell about a file. Blank: to be found out, or refused where it cannot be."""

    kind: str
    columns: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    origin: str = OUTSIDE
    currency: str = ""
    date_order: str = ""
    decimal: str = ""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    per_row: bool = False
    max_rows: int = MAX_ROWS

    def check(self) -> None:
        if self.kind not in IMPORTS:
            raise DomainError(f"“{self.kind}” cannot be imported. There are: {', '.join(IMPORTS)}.")
        if self.date_order and self.date_order not in ORDERS:
            raise DomainError(f"The order of dates must be one of {', '.join(ORDERS)}.")
        if self.decimal not in ("", "comma", "point"):
            raise DomainError("What stands before the decimals must be comma or point.")
        if not 0 < len(self.origin.strip()) <= 40 or self.origin == "demo":
            raise DomainError("An import needs a name of 1 to 40 characters, and “demo” is taken.")


@dataclass(frozen=True, slots=True)
class Plan:
    """A file that can be read, and how it will be."""

    choices: Choices
    table: Table
    columns: Mapping[str, Column]
    conventions: Conventions
    rules: Mapping[str, Rule]

    def describe(self) -> Iterator[str]:
        """How the file was understood, line by line."""
        conventions = self.conventions
        yield f"{self.table.describe()}, {conventions.rows:,} rows, as “{self.choices.origin}”"
        for name, column in self.columns.items():
            order = f" ({conventions.orders[name]})" if conventions.orders.get(name) else ""
            yield f"  {name} = {column.label}{order}"
        used = {place for column in self.columns.values() for place in column.places}
        unused = [name for place, name in enumerate(self.table.header) if place not in used and name]
        if unused:
            yield f"  not used: {', '.join(unused)[:300]}"
        if "amount" in self.columns:
            named = f", and {' '.join(conventions.marks[:5])} as the cells say" if conventions.marks else ""
            yield f"  amounts in {conventions.currency}{named}; “{conventions.decimal}” before the decimals"
        for word in self.choices.stages:
            yield f"  stage {word} = {self.rules[fold(word)]}"


def plan_import(path: Path | str, choices: Choices) -> Plan:
    """Understand a file. What cannot be understood is refused with a `DomainError`; nothing is written."""
    choices.check()
    table = open_table(
        path,
        delimiter=choices.delimiter,
        encoding=choices.encoding,
        sheet=choices.sheet,
        max_rows=choices.max_rows,
    )
    columns = map_columns(choices.kind, table.header, choices.columns)
    rules = stage_rules(choices.stages) if choices.kind == "deals" else {}
    conventions = learn(
        table,
        columns,
        date_order=choices.date_order,
        decimal=choices.decimal,
        currency=choices.currency,
    )
    return Plan(choices, table, columns, conventions, rules)


def run_import(
    plan: Plan,
    *,
    by: User | None = None,
    dry_run: bool = False,
    on_progress: OnProgress | None = None,
    on_problem: Callable[[Problem], None] | None = None,
) -> Outcomes:
    """Write the rows of a file, or only say what would come of it.

    All or nothing unless the choice is per row: then the good rows are written, and the bad ones listed.
    """
    run = _Run(plan, on_progress or (lambda *_: None))
    if not plan.choices.per_row:
        checked = run.check(Outcomes(on_problem))
        if checked.failed:
            checked.hold_back()
            return checked
    outcomes = Outcomes(on_problem)
    if plan.choices.per_row and not dry_run:
        for records in run.batches("imported", outcomes):
            with _change(by) as bulk:
                run.importer.write(records, bulk, outcomes)
        run.link(by)
        return outcomes
    try:
        with _change(by) as bulk:
            for records in run.batches("tried" if dry_run else "imported", outcomes):
                run.importer.write(records, bulk, outcomes)
                bulk.flush()
            if dry_run or outcomes.failed:
                raise _TakeBack
            run.link(by)
    except _TakeBack:
        if not plan.choices.per_row and outcomes.failed:
            outcomes.hold_back()
    return outcomes


class _TakeBack(Exception):
    """Ends a transaction that shall leave nothing."""


class _change:
    """A transaction of bulk work that waits for any other import's: two of the same file take turns."""

    def __init__(self, by: User | None) -> None:
        self._bulk = bulk_append(by=by)

    def __enter__(self) -> BulkAppend:
        bulk = self._bulk.__enter__()
        list(Organisation.objects.select_for_update().filter(pk=1))
        return bulk

    def __exit__(self, *error) -> bool | None:
        return self._bulk.__exit__(*error)


class _Run:
    """One pass after the other over the rows of a plan."""

    def __init__(self, plan: Plan, on_progress: OnProgress) -> None:
        self.plan, self.on_progress = plan, on_progress
        self.importer = IMPORTS[plan.choices.kind](origin=plan.choices.origin.strip(), rules=plan.rules)

    def check(self, outcomes: Outcomes) -> Outcomes:
        """Read every row and note the problems, without a look at the database."""
        for _ in self.batches("checked", outcomes):
            pass
        return outcomes

    def link(self, by: User | None) -> None:
        """What rows say of each other, once all of them are there."""
        if "parent" in self.plan.columns:
            for records in self.batches("linked", Outcomes()):
                with _change(by):
                    self.importer.link(records)

    def batches(self, doing: str, outcomes: Outcomes) -> Iterator[list]:
        """The records of the good rows, some hundred at a time. Bad rows go to the outcomes."""
        total = self.plan.conventions.rows
        seen, told = Seen(), 0
        records = self._records(outcomes, seen)
        self.on_progress(doing, 0, total)
        try:
            while batch := list(islice(records, BATCH)):
                yield batch
                self.on_progress(doing, told := outcomes.read, total)
            if told < total:
                self.on_progress(doing, total, total)
        finally:
            seen.close()

    def _records(self, outcomes: Outcomes, seen: Seen) -> Iterator:
        for number, cells in self.plan.table.rows():
            outcomes.read += 1
            row = Row(number, cells, self.plan.conventions)
            row.check_width()
            record = self.importer.read(row)
            if record and (earlier := seen.earlier(record.key, number)):
                row.problems.append(
                    ("", f"This is the same {self.plan.choices.kind[:-1]} as in row {earlier}.")
                )
            if row.problems:
                outcomes.fail_row(row)
            else:
                yield record
