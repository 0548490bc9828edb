"""How long a person waits on a slow phone, and what a whole consultation costs them in bytes.

Chromium pretends: a processor 6 times slower, 400 kbit/s each way, 400 ms before an answer begins.
The server is `heard serve`. A wait runs from the press of a button until the next page is painted,
read to its end, and its script has run. A bare HTML form behind the same kind of server is measured
in the same run: what it takes is what the line itself takes.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from bench.bare import running_bare
from bench.keeping import kept
from tests.browser.browsers import CHROMIUM_FLAGS
from tests.server import running_demo, running_serve

RUNS = 5
CPU_RATE = 6
KILOBITS, LATENCY = 400, 400
"""Per second each way; milliseconds before each answer."""
CONSULTATION, LANGUAGE = "internet-safer", "en"
BARE_PAGES = 12
SECONDS = 60

FIRST_QUESTION_AIM, PAGE_AIM = 2500, 1200
"""Milliseconds from a press to the page that follows."""
BYTES_AIM = 120 * 1024

NOTE_PRESS = """
document.addEventListener('click', function (event) {
  sessionStorage.setItem('pressed', performance.timeOrigin + event.timeStamp);
}, true);
"""
FILL = """
var named = {}, place = 0;
var apart = /prefer_not_to_say$|leave_out|shortcut_off|csrf_token|^(step|shown|code)$/;
document.querySelectorAll('main input, main textarea, main select').forEach(function (box) {
  if (apart.test(box.name)) { return; }
  if (box.type === 'radio' || box.type === 'checkbox') {
    if (!named[box.name]) { named[box.name] = box.checked = true; }
  } else if (box.tagName === 'SELECT') {
    box.value = box.options[Math.min(++place, box.options.length - 1)].value;
  } else if (box.type === 'text' || box.tagName === 'TEXTAREA') {
    box.value = box.inputMode === 'numeric' ? '3' : 'A few words about what would help.';
  }
});
"""
USABLE = """
var paint = performance.getEntriesByName('first-contentful-paint')[0];
var page = performance.getEntriesByType('navigation')[0];
if (!paint || !page || !page.loadEventEnd) { return null; }
var usable = performance.timeOrigin + Math.max(paint.startTime, page.domContentLoadedEventEnd);
var pressed = Number(sessionStorage.getItem('pressed'));
var step = document.querySelector('[name=step]');
return {wait: usable - pressed, alone: usable - performance.timeOrigin, at: performance.timeOrigin,
        step: step ? step.value : location.pathname,
        line: page.responseEnd, device: usable - performance.timeOrigin - page.responseEnd};
"""


@dataclass(frozen=True)
class Wait:
    """Milliseconds from a press to a page that can be used: of them on the line, on the phone."""

    step: str
    whole: float
    line: float
    device: float


@dataclass
class Journey:
    """One run: its waits in order, and the bytes that came."""

    waits: list[Wait] = field(default_factory=list)
    received: int = 0
    requests: int = 0

    def wait(self, step: str) -> Wait:
        """The wait before a step."""
        return next(wait for wait in self.waits if wait.step == step)


class SlowPhone:
    """A new browser on a slow phone."""

    def __init__(self, base: str) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in CHROMIUM_FLAGS:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        self.driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
        self.base, self.journey, self._at = base, Journey(), 0.0
        bytes_a_second = KILOBITS * 1000 / 8
        self._command("Network.enable")
        self._command(
            "Network.emulateNetworkConditions",
            offline=False,
            latency=LATENCY,
            downloadThroughput=bytes_a_second,
            uploadThroughput=bytes_a_second,
        )
        self._command("Emulation.setCPUThrottlingRate", rate=CPU_RATE)
        screen = {"width": 360, "height": 640, "deviceScaleFactor": 2, "mobile": True}
        self._command("Emulation.setDeviceMetricsOverride", **screen)
        self._command("Page.enable")
        self._command("Page.addScriptToEvaluateOnNewDocument", source=NOTE_PRESS)

    def _command(self, name: str, **parameters: object) -> None:
        self.driver.execute_cdp_cmd(name, parameters)

    def open(self, path: str, name: str) -> None:
        """Open an address as from a link: the wait runs from the address to the page."""
        self.driver.get(self.base + path)
        self._note(name, "alone")

    def press(self, selector: str, name: str = "") -> str:
        """Press a button; returns the step that came."""
        find = f"var button = document.querySelector({json.dumps(selector)});"
        script = f"{find} if (button) {{ {FILL}; button.click(); }} return Boolean(button);"
        if not self.driver.execute_script(script):
            words = self.driver.execute_script("return document.body.innerText")
            raise RuntimeError(f"{self.driver.current_url} has no {selector}:\n{words}")
        return self._note(name, "wait")

    def _note(self, name: str, key: str) -> str:
        seen: dict[str, Any] = WebDriverWait(self.driver, SECONDS, 0.05).until(
            lambda _: self._arrived()  # type: ignore[arg-type,return-value]
        )
        self._at = seen["at"]
        wait = Wait(name or seen["step"], seen[key], seen["line"], seen["device"])
        self.journey.waits.append(wait)
        return str(seen["step"])

    def _arrived(self) -> dict[str, Any] | None:
        """What is measured of the page on screen, once it is another one than before."""
        seen: dict[str, Any] | None = self.driver.execute_script(USABLE)
        return seen if seen and seen["at"] != self._at else None

    def close(self) -> Journey:
        """Count the bytes that came, and close."""
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            event = json.loads(entry["message"])["message"]
            said = event["params"]
            if event["method"] == "Network.loadingFinished":
                self.journey.received += int(said["encodedDataLength"])
            elif event["method"] == "Network.requestWillBeSent":
                self.journey.requests += 1
                redirect = said.get("redirectResponse")
                self.journey.received += int(redirect["encodedDataLength"]) if redirect else 0
        self.driver.quit()
        return self.journey


def answer_everything(base: str, code: str) -> Journey:
    """Walk a whole consultation on a slow phone, from the link to "sent"."""
    phone = SlowPhone(base)
    phone.open(f"/{code}?language={LANGUAGE}", "front page")
    step = phone.press('form[action="/start"] button')
    while step != "/sent":
        step = phone.press(f"main button[value={'send' if step == 'check' else 'continue'}]")
    return phone.close()


def fill_in_bare_pages(base: str) -> Journey:
    """Send as many bare forms as a consultation has pages."""
    phone = SlowPhone(base)
    phone.open("/", "bare, from a link")
    for _ in range(BARE_PAGES):
        phone.press("button", "bare")
    return phone.close()


def main() -> None:
    """Print the waits and bytes of a consultation beside those of a bare form."""
    with (
        kept("slow_phone") as console,
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder)) as demo,
        running_serve(demo) as serving,
        running_bare() as bare,
    ):
        base, code = serving.base, demo.codes(CONSULTATION)[0]
        pairs = [(answer_everything(base, code), fill_in_bare_pages(bare)) for _ in range(RUNS)]
        heard, plain = [one for one, _ in pairs], [one for _, one in pairs]
        console.print(_waits(heard, plain))
        console.print(_bytes(heard, plain))


def _waits(heard: list[Journey], plain: list[Journey]) -> Table:
    title = f"Waits on a slow phone, {CONSULTATION}, {LANGUAGE}: milliseconds, median of {RUNS}"
    table = Table(title=title, title_justify="left")
    table.add_column("from a press to")
    for column in ("wait", "line", "phone", "aim", "bare form", "ratio"):
        table.add_column(column, justify="right")
    cold = statistics.median(one.waits[0].whole for one in plain)
    bare = statistics.median(wait.whole for one in plain for wait in one.waits[1:])
    steps = [wait.step for wait in heard[0].waits]
    first = next(number for number, step in enumerate(steps) if step.startswith("page:"))
    for number, step in enumerate(steps):
        waits = [one.wait(step) for one in heard]
        middle = statistics.median(wait.whole for wait in waits)
        aim = FIRST_QUESTION_AIM if number in (0, 1, first) else PAGE_AIM
        beside = bare if number else cold
        table.add_row(
            step,
            f"{middle:,.0f}{' OVER' if middle > aim else ''}",
            f"{statistics.median(wait.line for wait in waits):,.0f}",
            f"{statistics.median(wait.device for wait in waits):,.0f}",
            f"{aim:,}",
            f"{beside:,.0f}",
            f"{middle / beside:.2f}",
        )
    table.add_section()
    sums = [sum(wait.whole for wait in one.waits[1 : first + 1]) for one in heard]
    together, beside = statistics.median(sums), bare * first
    said = f"all {first} from Start to {steps[first]}"
    row = (f"{together:,.0f}", "", "", "", f"{beside:,.0f}", f"{together / beside:.2f}")
    table.add_row(said, *row)
    return table


def _bytes(heard: list[Journey], plain: list[Journey]) -> Table:
    title = f"A whole consultation, {len(heard[0].waits)} pages seen: bytes received, with headers"
    table = Table(title=title, title_justify="left")
    for column in ("", "bytes", "of the aim", "requests"):
        table.add_column(column, justify="right" if column else "left")
    size = int(statistics.median(one.received for one in heard))
    share = f"{size / BYTES_AIM:.0%}" + (" OVER" if size > BYTES_AIM else "")
    table.add_row(f"Heard, {CONSULTATION}", f"{size:,}", share, str(heard[0].requests))
    size = int(statistics.median(one.received for one in plain))
    table.add_row(f"{len(plain[0].waits)} bare forms", f"{size:,}", "", str(plain[0].requests))
    return table
