"""The design's own cases: logs, configurations, queries and the answers to them."""

import copy
import json
import os
from pathlib import Path

import pytest

DESIGN = Path(os.environ.get("FUNNEL_SHARED", Path(__file__).parents[3] / "shared")) / "design"


def load(name: str) -> dict:
    """A file of the design, or a skipped test where the design is not at hand."""
    path = DESIGN / name
    if not path.exists():
        pytest.skip(f"{path} is not there (FUNNEL_SHARED says where the design is)")
    return json.loads(path.read_text())


def patched(config: dict, patch: dict) -> dict:
    """A configuration with "stages.ID.FIELD" or a top-level key set."""
    config = copy.deepcopy(config)
    for key, value in patch.items():
        if key.startswith("stages."):
            _, stage_id, field = key.split(".")
            next(stage for stage in config["stages"] if stage["id"] == stage_id)[field] = value
        else:
            config[key] = value
    return config


def completed(rows: list[dict], defaults: dict) -> list[dict]:
    """Rows of a case with what they leave out."""
    return [defaults | {"seq": row["id"], "recorded_at": row["at"]} | row for row in rows]


def at_path(answer, path: str):
    """A value by a dotted path; * is every item of a list."""
    head, _, rest = path.partition(".")
    if head == "*" and isinstance(answer, list):
        return [at_path(item, rest) for item in answer]
    found = answer[int(head)] if isinstance(answer, list) else answer[head]
    return at_path(found, rest) if rest else found
