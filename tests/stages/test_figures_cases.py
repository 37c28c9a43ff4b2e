"""Every hand-worked case and every example answer of the design, digit for digit."""

import json

import pytest

from stages.figures.answer import answer
from stages.figures.config import read_config
from stages.figures.ledger import Ledger, read_row
from stages.figures.query import read_query
from tests.stages.metrics_log import DESIGN, at_path, completed, load, patched


def names(key: str, file: str) -> list[int]:
    path = DESIGN / file
    return list(range(len(json.loads(path.read_text())[key]))) if path.exists() else [0]


@pytest.mark.parametrize("number", names("cases", "metrics-cases.json"))
def test_a_hand_worked_case(number):
    design = load("metrics-cases.json")
    case = design["cases"][number]
    config = patched(design["default_config"], case.get("config", {}))
    ledger = Ledger(map(read_row, completed(case["log"], design["defaults"])))

    for check in case["checks"]:
        rules = read_config(patched(config, check.get("config", {})))
        found = answer(ledger, rules, read_query(check["query"]))
        said = {path: at_path(found, path) for path in check["expect"]}
        assert said == check["expect"], (case["name"], check["query"])


@pytest.mark.parametrize("number", names("answers", "metrics-examples.json"))
def test_an_example_answer_whole(number):
    design = load("metrics-examples.json")
    ledger = Ledger(map(read_row, design["log"]))
    example = design["answers"][number]

    found = answer(ledger, read_config(design["config"]), read_query(example["query"]))

    assert json.loads(json.dumps(found)) == example["answer"]
    assert json.dumps(found) == json.dumps(example["answer"])  # also the order of the keys
