"""Which tests of a run stay together in one process, because what they share is slow to make."""

from __future__ import annotations

from xdist.scheduler.loadscope import LoadScopeScheduling

WITH_ONE_SERVER = "tests/deploy/"
"""A folder whose files share a server."""
TOURS = "tests/browser/test_access.py"
"""Its cases share one tour for each way, named in brackets."""
WITHOUT_ANYTHING_OF_THEIR_OWN = (
    *("tests/browser/test_exit.py", "tests/browser/test_exit_by_shift.py"),
    *("tests/browser/test_back_and_forward.py", "tests/browser/test_identifying_text.py"),
    *("tests/browser/test_told_at_once.py", "tests/browser/test_whole_consultations.py"),
    "tests/browser/test_promises_of_the_page.py",
)
"""Files whose tests use the browsers and servers of the process, and none of their own."""

SLOWEST_FIRST = (
    "deploy",
    "promises",
    "http",
    "preview",
    "commands",
    "research",
    "paper",
    "translations",
)
"""Folders whose files take long though they hold few tests: at the end of a run, one of them would
keep a single process busy."""

WHOLE_WAYS = tuple(
    f"tests/browser/test_{name}.py"
    for name in ("whole_consultations", "promises_of_the_page", "without_styles", "keyboard")
)
"""Files whose tests go a whole way each: after the tours, and before all that is short."""


def how_soon(nodeid: str) -> int:
    """The place of a test's folder in the order of a run."""
    if nodeid.startswith((TOURS, *WHOLE_WAYS)):
        return -1
    folder = nodeid.split("/")[1]
    return SLOWEST_FIRST.index(folder) if folder in SLOWEST_FIRST else len(SLOWEST_FIRST)


class KeepTogether(LoadScopeScheduling):
    """Hands out whole files, or the tests of one tour, or single tests.

    `--dist loadgroup` would do it by marks, but pytest 9.2 ignores the names that xdist 3.8 gives.
    """

    def _split_scope(self, nodeid: str) -> str:
        path, _, rest = nodeid.partition("::")
        if path == TOURS:
            return f"{path}[{rest.partition('[')[2]}"
        if path.startswith(WITH_ONE_SERVER):
            return WITH_ONE_SERVER
        return nodeid if path in WITHOUT_ANYTHING_OF_THEIR_OWN else path
