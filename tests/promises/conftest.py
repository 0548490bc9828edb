"""One real server for the promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.place import Place, sample_surveys
from tests.server import running_demo


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("promises")
    with running_demo(folder, surveys=sample_surveys(folder)) as demo:
        yield Place(demo)
