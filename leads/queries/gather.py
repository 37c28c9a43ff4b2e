"""Several small queries in one statement, so that a board costs the same with six stages or sixty."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Key = TypeVar("Key", bound=Hashable)


def gather(select: str, parts: Mapping[Key, QuerySet], tail: str = "") -> dict[Key, list[tuple]]:
    """Run `SELECT {select} FROM (part) {tail}` for each part, and give back the rows of each.

    `select` and `tail` are written here in the code, never by a person. A part may be sliced:
    that is the point, as Django does not slice inside a union on SQLite.
    """
    keys, statements, values = [], [], []
    for key, part in parts.items():
        try:
            sql, params = part.query.sql_with_params()
        except EmptyResultSet:
            continue
        statements.append(f"SELECT {len(keys)} AS part, {select} FROM ({sql}) AS part_{len(keys)} {tail}")  # noqa: S608
        keys.append(key)
        values.extend(params)
    found: dict[Key, list[tuple]] = {key: [] for key in parts}
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements), values)
            for part, *row in cursor.fetchall():
                found[keys[part]].append(tuple(row))
    return found
