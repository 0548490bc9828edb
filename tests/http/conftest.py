"""A server with a small consultation that has every step that can stand before questions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.definitions import CHOOSING
from tests.place import Place
from tests.server import ROOT, running_demo


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One real server with the consultation `small`, for tests that leave it as they found it."""
    folder = tmp_path_factory.mktemp("small")
    surveys = folder / "surveys"
    shutil.copytree(ROOT / "surveys" / "support", surveys / "support")
    (surveys / "small.yaml").write_text(CHOOSING, encoding="utf-8")
    with running_demo(folder, surveys=surveys) as demo:
        yield Place(demo)
