"""Eight people at a real server, everything they bring with them marked; and thirty who follow.

Each brings a mark of their own in each place where a mark can be: what they type, every header, the
address they come from, what they ask for. One sends, one exits half-way, one sends and takes it
back, one stops and deletes, one goes away and leaves everything open, one declines, one stops and
sends, and one makes every mistake there is.
"""

from __future__ import annotations

import base64
import secrets
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.person import Person
from tests.place import code_on, key_of
from tests.server import Demo, running_demo
from tests.walks import walk

from .placing import place_everywhere
from .rows import FileRows, Rows
from .scan import Anything, Found, Marked, MarkedBytes, search

CONSULTATION = "internet-safer"
HEADERS = (
    *("User-Agent", "Referer", "Origin-Of-Nothing", "X-Forwarded-For", "X-Real-IP", "Forwarded"),
    *("Via", "From", "X-Request-Id", "True-Client-Ip", "Cf-Connecting-Ip", "Authorization"),
    *("Accept-Language", "DNT", "Sec-CH-UA", "Sec-CH-UA-Platform", "ETag", "If-None-Match"),
)
ARRIVALS = 30
TOGETHER = 10
HALF_WAY = "page:report_now"
WAIT_SECONDS = 20
LETTERS = "bcdfghjkmnpqrstvwz"


def new_mark() -> str:
    """A word that nobody types and no file holds by chance."""
    return "zq" + "".join(secrets.choice(LETTERS) for _ in range(12))


@dataclass
class Story:
    """What people brought, and what was found of it afterwards."""

    folder: Path
    marks: list[Anything] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    arrivals: list[bytes] = field(default_factory=list)
    draft_keys: list[bytes] = field(default_factory=list)
    printed_at_start: str = ""
    printed: str = ""
    key: Path = Path()
    found_while_running: list[Found] = field(default_factory=list)
    found_afterwards: list[Found] = field(default_factory=list)
    left_running: list[int] = field(default_factory=list)
    database: Path = Path()

    def mark(self, name: str, value: str = "") -> str:
        """A new mark; the scan looks for it from now on."""
        value = value or new_mark()
        self.marks.append(Marked(name, value))
        return value


def person_in(story: Story, demo: Demo, name: str, number: int) -> Person:
    """A person who comes from an address of their own with marked headers and a marked cookie."""
    headers = {
        header: value_for(header, story.mark(f"{name}, {header}"), number) for header in HEADERS
    }
    address = story.mark(f"{name}, address", f"127.0.7.{number}")
    headers["X-Forwarded-For"] += f", {address}"
    person = Person(demo.base, headers, address)
    person.cookies["seen"] = story.mark(f"{name}, another cookie")
    return person


def value_for(header: str, mark: str, number: int) -> str:
    """A header as a browser or a proxy would send it, with the mark in it."""
    shapes = {
        "User-Agent": f"Mozilla/5.0 (X11; {mark}) Gecko/20100101",
        "Referer": f"https://{mark}.example/{mark}?q={mark}",
        "X-Forwarded-For": f"10.77.3.{number}",
        "Forwarded": f'for="{mark}";proto=https;by=10.77.4.{number}',
        "Accept-Language": f"en;q=1, {mark};q=0.5",
        "Authorization": "Basic " + base64.b64encode(f"{mark}:{mark}".encode()).decode(),
        "If-None-Match": f'"{mark}"',
    }
    return shapes.get(header, mark)


def begin(story: Story, person: Person, name: str, code: str) -> None:
    """Open the link with a marked query, start, and remember the secrets of the session."""
    person.open(f"/{code}?language=en&utm_source={story.mark(f'{name}, query of the link')}")
    person.press("", {"from": story.mark(f"{name}, unknown field")})
    cookie = person.cookies["q"]
    story.marks.append(Marked(f"{name}, cookie", cookie))
    story.marks.append(MarkedBytes(f"{name}, draft key", key_of(person)))
    story.draft_keys.append(key_of(person))
    token = dict(person.seen.form.fields)["csrf_token"]
    story.marks.append(Marked(f"{name}, form token", token))


def words_of(story: Story, name: str) -> dict[str, str]:
    """For each text box a mark of its own, in two scripts."""

    class Typed(dict[str, str]):
        def __missing__(self, question: str) -> str:
            mark = story.mark(f"{name}, {question}")
            story.mark(f"{name}, {question}, in Arabic", f"كلمة{mark[2:4]}سر{mark[4:]}é")
            self[question] = f"{mark} كلمة{mark[2:4]}سر{mark[4:]}é"
            return self[question]

    return Typed()


def code_on_screen(story: Story, person: Person, name: str) -> str:
    """The withdrawal code, marked in each way of writing it."""
    code = code_on(person.seen)
    assert code.count(" ") == 5
    for joined in (" ", "-", "", "+", "_"):
        story.mark(f"{name}, withdrawal code", code.replace(" ", joined))
    first_half = code.rsplit(" ", 3)[0]
    story.mark(f"{name}, half of the withdrawal code", first_half)
    return code


def send(story: Story, demo: Demo, name: str, number: int, code: str) -> tuple[Person, str]:
    """Answer everything and send."""
    person = person_in(story, demo, name, number)
    begin(story, person, name, code)
    typed = words_of(story, name)
    walk(person, typed.__getitem__)
    story.typed.update({f"{name}, {question}": words for question, words in typed.items()})
    return person, code_on_screen(story, person, name)


def tell(demo: Demo, rows: Rows | None = None, arrivals: int = ARRIVALS) -> Story:
    """Let everybody come and go; the server is still running afterwards."""
    story = Story(demo.instance.parent, printed_at_start=demo.printed, key=demo.key)
    story.database = demo.instance / "heard.sqlite3"
    rows = rows or FileRows(story.database, demo.drafts / "drafts.sqlite3")
    code = demo.codes(CONSULTATION)[0]

    send(story, demo, "sender", 11, code)

    leaver = person_in(story, demo, "leaver", 12)
    begin(story, leaver, "leaver", code)
    typed = words_of(story, "leaver")
    walk(leaver, typed.__getitem__, until="page:last_page")
    leaver.press("pause", {"one_change": typed["one_change"]})
    leaver.request("GET", f"/leave?to={story.mark('leaver, query of leaving')}")

    taker, secret = send(story, demo, "taker back", 13, code)
    outcome = taker.post(f"/withdraw?x={story.mark('taker back, query')}", [("code", secret)])
    assert secret not in outcome.body

    stopper = person_in(story, demo, "stopper", 14)
    begin(story, stopper, "stopper", code)
    walk(stopper, words_of(story, "stopper").__getitem__, until="page:workers")
    stopper.press("delete")

    goer = person_in(story, demo, "goer", 15)
    begin(story, goer, "goer", code)
    walk(goer, words_of(story, "goer").__getitem__, until="check")
    goer.open(f"/support?country={story.mark('goer, country')}")

    decliner = person_in(story, demo, "decliner", 16)
    begin(story, decliner, "decliner", code)
    walk(decliner, until="consent")
    decliner.press("decline", {"take_part": story.mark("decliner, why")})

    half = person_in(story, demo, "half sender", 17)
    begin(story, half, "half sender", code)
    walk(half, words_of(story, "half sender").__getitem__, until="page:last_page")
    half.press("send", {"one_change": words_of(story, "half sender")["one_change"]})
    code_on_screen(story, half, "half sender")

    make_every_mistake(story, demo, code, rows)
    place_everywhere(story.mark, demo.base, code)
    together(story, demo, code)
    arrive_in_order(story, demo, code, rows, arrivals)
    return story


def together(
    story: Story, demo: Demo, code: str, meanwhile: Callable[[], None] | None = None
) -> None:
    """Ten people at the same time; some send, some exit, some go away, some take it back.

    Args:
        meanwhile: what happens while they are in the middle; then they may meet no server.
    """

    def one(number: int) -> None:
        name = f"one of ten, {number}"
        person = person_in(story, demo, name, 40 + number)
        begin(story, person, name, code)
        typed = words_of(story, name)
        half_way.release()
        walk(person, typed.__getitem__, until="" if number % 5 < 2 or meanwhile else HALF_WAY)
        if number % 5 == 1:
            person.post("/withdraw", [("code", code_on_screen(story, person, name))])
        elif number % 5 == 2:
            person.request("GET", "/leave")

    half_way = threading.Semaphore(0)
    with ThreadPoolExecutor(TOGETHER) as pool:
        people = [pool.submit(one, number) for number in range(TOGETHER)]
        if meanwhile:
            for _ in range(TOGETHER // 2):
                half_way.acquire()
            meanwhile()
    for each in people:
        error = each.exception()
        assert error is None or (meanwhile and isinstance(error, (OSError, HTTPException))), error


def make_every_mistake(story: Story, demo: Demo, code: str, rows: Rows) -> None:
    """Ask for what is not there, send what cannot be read, too much of it, and at a bad moment."""
    person = person_in(story, demo, "clumsy", 18)

    def mark(what: str) -> str:
        return story.mark(f"clumsy, {what}")

    for path in (
        *(f"/{mark('code in a path')}", f"/a/b/{mark('path')}", f"/results/{mark('results')}"),
        *(f"/?{mark('bare query')}", f"/page/3?x={mark('query')}", f"/language/{mark('language')}"),
        *(f"/static/{mark('static')}.css", f"/%ff{mark('bad bytes')}", f"/media/{mark('media')}"),
        *(f"/support?country=GB&x={mark('query of support')}", f"/sent#{mark('fragment')}"),
    ):
        person.request("GET", path)
    person.post("/start", [("code", mark("typed code")), ("language", mark("typed language"))])
    person.post("/withdraw", [("code", f"{mark('wrong code')} six words that nobody got")])
    begin(story, person, "clumsy", code)
    walk(person, words_of(story, "clumsy").__getitem__, until="page:report_now")
    token = dict(person.seen.form.fields)["csrf_token"]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    mixed = {"Content-Type": f"multipart/form-data; boundary={mark('boundary')}"}
    page = person.seen.path
    for headers, body in (
        (form, f"step=page:report_now&csrf_token={mark('stale token')}&words=1"),
        (form, f"csrf_token={token}&{mark('unknown field')}={mark('unknown value')}&step=x"),
        (form, f"csrf_token={token}&step={mark('unknown step')}&action={mark('action')}"),
        (form, f"csrf_token={token}&words=" + f"{mark('far too much')} " * 50_000),
        (form, f"csrf_token={token}&words=" + f"{mark('too much for a draft')} " * 25_000),
        (form, f"csrf_token={token}&%zz=%ff{mark('bad percent signs')}"),
        (mixed, f"--x\r\nContent-Disposition: {mark('bad part')}\r\n\r\n"),
        ({"Content-Type": "application/json"}, f'{{"answer": "{mark("JSON")}"'),
        ({"Content-Type": f"text/{mark('content type')}"}, mark("plain body")),
        ({**form, "Sec-Fetch-Site": "cross-site"}, f"csrf_token={token}&x={mark('other site')}"),
        ({**form, "Origin": f"https://{mark('origin')}.example"}, f"csrf_token={token}"),
        ({**form, "Content-Encoding": mark("encoding")}, f"csrf_token={token}"),
    ):
        person.request("POST", page, body.encode(), headers)
    upload_a_file(story, person, page, token)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", mark("method").upper()):
        person.request(method, f"/page/{mark(f'path of {method}')}")
    speak_no_http(story, demo, mark)
    while_storage_is_away(story, rows, person, token)


def upload_a_file(story: Story, person: Person, page: str, token: str) -> None:
    """A file that nobody asked for, as long as a body may be."""
    mark, name = story.mark("clumsy, uploaded"), story.mark("clumsy, name of a file")
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="f"; filename="{name}.jpg"\r\n\r\n'
        + f"{mark} " * 33_000
        + "\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    person.request("POST", page, parts.encode(), headers)


def speak_no_http(story: Story, demo: Demo, mark: object) -> None:
    """Requests that are no HTTP, or break off."""
    assert callable(mark)
    host = urlsplit(demo.base)
    source = story.mark("no browser, address", "127.0.7.19")
    for raw in (
        f"{mark('no request')}\r\n\r\n",
        f"GET /{mark('no version')} \r\n\r\n",
        f"GET /{mark('odd version')} HTTP/9.9\r\nHost: x\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: {mark('host')}\r\n{mark('no colon')}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: {mark('host only')}.example\r\nConnection: close\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {mark('long header') * 900}\r\n\r\n",
        f"GET /{mark('long path') * 400} HTTP/1.1\r\nHost: x\r\n\r\n",
        f"POST /start HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\ncode={mark('broken off')}",
        f"POST /start HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{mark('chunk')}\r\n",
        f"POST /start HTTP/1.1\r\nHost: x\r\nContent-Length: {mark('length')}\r\n\r\nx",
        f"{quote(mark('quoted'))} \x00 HTTP/1.1\r\n\r\n",
    ):
        address = (host.hostname or "", host.port or 0)
        with closing(socket.create_connection(address, 10, (source, 0))) as connection:
            connection.sendall(raw.encode("latin-1"))
            connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while connection.recv(65536):
                    pass


def while_storage_is_away(story: Story, rows: Rows, person: Person, token: str) -> None:
    """The database of drafts is gone for a moment; people press and type all the same."""
    with rows.no_drafts():
        for path in ("/page/5", f"/support?x={story.mark('away, query')}", "/sent"):
            assert person.request("GET", path).status < 504
        typed = f"csrf_token={token}&step=page:last_page&one_change={story.mark('away, typed')}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        assert person.request("POST", "/page/5", typed.encode(), headers).status < 504


def arrive_in_order(story: Story, demo: Demo, code: str, rows: Rows, arrivals: int) -> None:
    """So many people send, one after another; which row is whose is seen from outside."""
    known = set(rows.ids())
    for _ in range(arrivals):
        person = Person(demo.base)
        person.start(code)
        for _step in ("about", "safety"):
            person.press("continue")
        person.press("continue", {"take_part": "yes"})
        story.draft_keys.append(key_of(person))
        person.press("send")
        assert person.seen.path == "/sent"
        (new,) = set(rows.ids()) - known
        known.add(new)
        story.arrivals.append(new)


def processes_of(instance: Path, first: int) -> list[int]:
    """A process, its children, theirs, and whatever else names the instance folder."""
    parents: dict[int, int] = {}
    named: set[int] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            status = (folder / "stat").read_text(encoding="latin-1").rpartition(")")[2].split()
            parents[int(folder.name)] = int(status[1])
            environment = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            if str(instance).encode() in environment:
                named.add(int(folder.name))
    family = {first} & set(parents) | named
    while True:
        more = {child for child, parent in parents.items() if parent in family} - family
        if not more:
            return sorted(family)
        family |= more


def left_running(instance: Path, first: int) -> list[int]:
    """What still runs although it had time to end."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (left := processes_of(instance, first)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def back_up(demo: Demo, folder: Path) -> None:
    """A backup in the clear and a sealed one, and an instance made from it, to be searched too."""
    key = str(demo.key.with_suffix(".pub"))
    for name, words in (("plain", ("--plain",)), ("sealed", ("--to", key))):
        done = demo.heard("backup", *words, "-o", str(folder / f"{name}.backup"))
        assert done.returncode == 0, done.stderr
    new = ("--instance", str(folder / "restored"))
    done = demo.heard("restore", str(folder / "plain.backup"), *new, HEARD_DATABASE_URL="")
    assert done.returncode == 0, done.stderr


def tell_and_search(folder: Path) -> Story:
    """The whole story on a server of its own, searched while it runs and after it stopped."""
    with running_demo(folder, own_keys=True) as demo:
        story = tell(demo)
        processes = processes_of(demo.instance, demo.process.pid)
        story.found_while_running = search(folder, story.marks, processes)
        bundle = demo.heard("export", CONSULTATION, "-o", str(folder / "bundle.heard"))
        assert bundle.returncode == 0, bundle.stderr
        back_up(demo, folder)
        first = demo.process.pid
        demo.stop()
    story.left_running = left_running(demo.instance, first)
    story.printed = demo.printed
    story.found_afterwards = search(folder, story.marks)
    return story
