"""A definition that branches in every way, and a person who has just begun."""

from __future__ import annotations

import pytest

from app.consultation import Definition
from app.journey import Draft
from tests.definitions import BRANCHING, load


@pytest.fixture(scope="session")
def definition() -> Definition:
    return load(BRANCHING)


@pytest.fixture
def draft(definition: Definition) -> Draft:
    return new_draft(definition)


def new_draft(definition: Definition) -> Draft:
    """A person who pressed Start and nothing else."""
    return Draft(
        consultation=definition.consultation,
        digest=definition.digest,
        language="en",
        response_id="00" * 16,
        withdrawal_code="one two three four five six",
    )
