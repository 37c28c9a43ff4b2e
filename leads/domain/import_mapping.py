"""Which column of a file is which field of ours: told, or found by the usual names.

A told column is the name of a column, or a template with names in braces:
"title={product}, {account}". Told as nothing ("source="), the field is left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from funnelcrm.errors import DomainError
from funnelcrm.text import fold

# kind: field: the usual names of its column, the likeliest first.
USUAL = {
    "accounts": {
        "external_id": ["account id", "company id", "record id", "id", "external id"],
        "name": [
            "account",
            "account name",
            "company",
            "company name",
            "name",
            "organization",
            "organisation",
        ],
        "industry": ["industry", "sector"],
        "location": ["office location", "location", "headquarters", "city", "country"],
        "employees": ["employees", "number of employees", "numberofemployees"],
        "domain": ["domain", "company domain name", "website", "domains"],
        "parent": ["subsidiary of", "parent", "parent account", "parent company"],
        "owner": ["owner", "account owner", "company owner"],
    },
    "contacts": {
        "external_id": ["contact id", "record id", "id", "external id"],
        "name": ["name", "full name", "contact name", "contact"],
        "account": ["account", "account name", "company", "company name", "organization", "organisation"],
        "job_title": ["job title", "title", "position", "role"],
        "email": ["email", "e-mail", "email address", "e-mail address"],
        "phone": ["phone", "phone number", "telephone", "mobile"],
    },
    "deals": {
        "external_id": ["opportunity id", "deal id", "record id", "id", "external id"],
        "title": ["title", "deal name", "opportunity name", "deal title", "name", "deal", "opportunity"],
        "account": ["account", "account name", "company", "company name", "organization", "organisation"],
        "owner": ["sales agent", "owner", "deal owner", "opportunity owner", "sales rep", "rep", "agent"],
        "stage": ["deal stage", "stage", "stage name", "stagename", "status"],
        "started": ["engage date", "create date", "created date", "created", "createddate", "start date"],
        "closed": ["close date", "closed date", "closedate", "closed"],
        "expected_close": ["expected close date", "expected close"],
        "amount": ["close value", "amount", "value", "deal value"],
        "currency": ["currency", "currency code", "currencyisocode"],
        "source": ["source", "lead source", "leadsource", "deal source", "channel"],
        "reason": ["loss reason", "lost reason", "closed lost reason", "reason"],
    },
    "people": {
        "name": ["sales agent", "name", "full name", "user", "sales rep", "rep", "agent", "employee"],
        "email": ["email", "e-mail", "email address", "e-mail address"],
        "manager": ["manager", "sales manager", "reports to"],
        "team": ["team", "sales team", "team name"],
    },
}
REQUIRED = {
    "accounts": ["name"],
    "contacts": ["name"],
    "deals": ["external_id", "title", "stage"],
    "people": ["name"],
}
# Where no column has a usual name: (field, columns that must be there, template).
STOPGAPS = {
    "contacts": [("name", ["first name", "last name"], "{first name} {last name}")],
    "deals": [("title", ["product"], "{product}"), ("title", ["account"], "{account}")],
    "people": [
        ("team", ["manager"], "Team {manager}"),
        ("team", ["regional office"], "{regional office}"),
        ("team", ["region"], "{region}"),
    ],
}
KINDS = tuple(USUAL)
_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field comes from: one column, or a text with columns in it."""

    label: str
    places: tuple[int, ...]
    texts: tuple[str, ...] = ()  # around the places; none: the one column as it is

    def cell(self, cells: Sequence[object]) -> object:
        """The raw cell of a plain column; blank where the row ends before it."""
        place = self.places[0]
        return cells[place] if place < len(cells) else ""

    def filled(self, texts: Sequence[str]) -> str:
        """The template with these texts in its places; blank where all of them are."""
        if not any(texts):
            return ""
        pairs = zip(self.texts, [*texts, ""], strict=True)
        return " ".join("".join(part + text for part, text in pairs).split()).strip(" ,;:-/")


def map_columns(kind: str, header: Sequence[str], told: Mapping[str, str]) -> dict[str, Column]:
    """The column of each field, or a `DomainError` that says what is missing."""
    if kind not in USUAL:
        raise DomainError(f"“{kind}” cannot be imported. There are: {', '.join(KINDS)}.")
    unknown = [name for name in told if name not in USUAL[kind]]
    if unknown:
        raise DomainError(f"{kind} have no field “{unknown[0]}”. There are: {', '.join(USUAL[kind])}.")
    places = {fold(name): place for place, name in enumerate(header) if name}
    columns = {name: _told(name, text, header, places) for name, text in told.items() if text}
    _find_usual(kind, header, places, told, columns)
    _find_stopgaps(kind, header, places, told, columns)
    for name in REQUIRED[kind]:
        if name not in columns:
            raise DomainError(
                f"No column is mapped to “{name}”, which {kind} need. "
                f"The file has: {', '.join(filter(None, header))[:400]}."
            )
    return columns


def _told(name: str, text: str, header: Sequence[str], places: Mapping[str, int]) -> Column:
    if fold(text) in places:
        place = places[fold(text)]
        return Column(header[place], (place,))
    wanted = _PLACE.findall(text)
    missing = next((one for one in wanted or [text] if fold(one) not in places), None)
    if missing:
        raise DomainError(
            f"The file has no column “{missing}” for “{name}”. "
            f"It has: {', '.join(filter(None, header))[:400]}."
        )
    return Column(text, tuple(places[fold(one)] for one in wanted), tuple(_PLACE.split(text)[::2]))


def _find_usual(kind, header, places, told, columns) -> None:
    """Fill in what was not told, each column for one field at most."""
    plain = {" ".join(name.replace("_", " ").split()): place for name, place in places.items()}
    taken = {column.places[0] for column in columns.values() if not column.texts}
    for name, usual in USUAL[kind].items():
        names = [*usual, name.replace("_", " ")]
        place = next((plain[one] for one in names if one in plain and plain[one] not in taken), None)
        if name not in told and place is not None:
            columns[name] = Column(header[place], (place,))
            taken.add(place)


def _find_stopgaps(kind, header, places, told, columns) -> None:
    plain = {" ".join(name.replace("_", " ").split()): name for name in places}
    for name, needed, template in STOPGAPS.get(kind, []):
        if name in told or name in columns or not all(one in plain for one in needed):
            continue
        real = _PLACE.sub(lambda match: "{" + header[places[plain[match[1]]]] + "}", template)
        columns[name] = _told(name, real, header, places)
