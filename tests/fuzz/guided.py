"""One target under atheris: `python -m tests.fuzz.guided TARGET [libFuzzer's options]`.

Run in a process of its own by `python -m tests.fuzz`: a crash ends it.
"""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]


def main() -> None:
    """Look for bytes that break a target, guided by which code they reach."""
    name = sys.argv.pop(1)
    # What is compared with a string leads on too. (Hooks for patterns break lark.)
    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=["app", "lark"]):
        # What is imported here is instrumented; `posting` would be imported later.
        from . import posting  # noqa: F401, PLC0415
        from .targets import TARGETS  # noqa: PLC0415
    target = TARGETS[name]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
