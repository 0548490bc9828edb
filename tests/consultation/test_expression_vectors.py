"""The published vectors that another implementation of the expressions can run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.consultation.expressions import evaluate, parse_expression, print_expression

FILE = Path(__file__).parents[2] / "docs" / "expression-vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]


def name(vector: dict[str, Any]) -> str:
    return f"{vector['expression']} {vector['answers']} {vector.get('this', '')}"


@pytest.mark.parametrize("vector", VECTORS, ids=name)
def test_the_result_is_as_published(vector: dict[str, Any]) -> None:
    tree = parse_expression(vector["expression"])
    for each in (tree, parse_expression(print_expression(tree)), json.loads(json.dumps(tree))):
        assert evaluate(each, vector["answers"], vector.get("this")) is vector["result"]
