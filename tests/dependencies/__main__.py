"""Ask whether anybody has warned of a version that is pinned: part of `make lint`.

Where no advisory service can be reached, it says so and is no failure: what was not asked is not
known, and CI without the internet still has to run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
SECONDS = 180


def audit(lock: Path) -> list[dict[str, Any]] | None:
    """The packages of a lock file with their advisories; None when no service answered."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "-r"]
    command += [str(lock), "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return None if all("skip_reason" in package for package in packages) else packages


def findings(packages: list[dict[str, Any]]) -> list[str]:
    """A line for each advisory, and for each package that could not be asked about."""
    lines = []
    for package in packages:
        if "skip_reason" in package:
            lines.append(f"{package['name']}: could not be asked about")
        for advisory in package.get("vulns", ()):
            mended = ", ".join(advisory.get("fix_versions", ())) or "no version yet"
            lines.append(
                f"{package['name']} {package['version']}: {advisory['id']}, mended in {mended}"
            )
    return lines


def main() -> int:
    """Print what was found; 1 when a pinned version has an advisory."""
    found: list[str] = []
    for name in LOCKS:
        packages = audit(ROOT / name)
        if packages is None:
            print(f"{name}: no advisory service could be reached, so nothing was asked.")
            continue
        lines = findings(packages)
        print(f"{name}: {len(packages)} packages asked about, {len(lines)} findings.")
        found += lines
    print("\n".join(found), end="\n" if found else "")
    return int(any(": could not" not in line for line in found))


if __name__ == "__main__":
    sys.exit(main())
