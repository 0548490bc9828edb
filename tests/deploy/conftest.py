"""One server for all tests of `deploy/`.

What tells two places apart is their address, and here all addresses begin with 127. In this server
those but 127.0.0.1 count as other places, and ask less at once than the real one lets them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.onion import onion_name
from tests.place import write_surveys
from tests.server import Demo, running_demo
from tests.short import SHORT

AT_ONCE = 30
APART = f"""
import ipaddress
import app.web.counting as counting
import app.respond.site as site
site.ASKED_AT_ONCE, site.ASKED_AGAIN_SECONDS = {AT_ONCE}, 1.0
counting.EVERY_SECONDS, counting.LEAST, counting.STEP = 1, 20, 10
ipaddress.IPv4Address.is_loopback = property(lambda self: str(self) == "127.0.0.1")
"""


ONION = f"http://{onion_name(bytes(range(32)))}"


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("behind")
    env = {"HEARD_HTTPS": "on", "HEARD_PROXIES": "1", "HEARD_ONION": ONION}
    (folder / "watched").mkdir()
    env["HEARD_METRICS"] = str(folder / "watched" / "heard.prom")
    surveys = write_surveys(folder, small=SHORT)
    with running_demo(folder, surveys=surveys, env=env, first=APART) as running:
        yield running
