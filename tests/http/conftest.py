"""A server with a small consultation that has every step that can stand before questions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.definitions import CHOOSING
from tests.place import Place, write_surveys
from tests.server import running_demo


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One real server with the consultation `small`, for tests that leave it as they found it."""
    folder = tmp_path_factory.mktemp("small")
    with running_demo(folder, surveys=write_surveys(folder, small=CHOOSING)) as demo:
        yield Place(demo)
