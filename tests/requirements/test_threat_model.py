"""Every test that the threat model names is there."""

from __future__ import annotations

from .proofs import cases_of, named_tests
from .table import collected


def test_every_test_that_the_threat_model_names_is_there() -> None:
    nodeids = list(collected())

    lost = [name for name in named_tests() if not cases_of(name, nodeids)]

    assert not lost, "\n".join(lost)
    assert len(named_tests()) > 20
