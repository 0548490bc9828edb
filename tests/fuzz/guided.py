"""One target under atheris: `python -m tests.fuzz.guided TARGET [libFuzzer's options]`.

Run in a process of its own by `python -m tests.fuzz`: a crash ends it.
"""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]


def main() -> None:
    """Look for bytes that break a target, guided by which code they reach."""
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["app", "lark"]):
        from .targets import TARGETS  # noqa: PLC0415 - what is imported here is instrumented
    target = TARGETS[name]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
