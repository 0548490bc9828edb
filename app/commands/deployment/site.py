"""A running site as a browser meets it: headers, cookie, exit, clock."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from app.respond.leaving import CLEAR
from app.respond.session import COOKIE, SECURE_COOKIE
from app.web.headers import HEADERS, KEEP_FOR_A_YEAR, NO_STORE, PAGE_HEADERS

from ..notes import Note
from .asking import Address, Answer, ask, why
from .encryption import encryption, plain_http

START = b'action="/start"'
"""What the front page has, and no other page."""
NOWHERE = "/page/1"
ASKED = (("GET", "/"), ("HEAD", "/"), ("GET", NOWHERE), ("GET", "/support"), ("GET", "/no/where"))
PREFETCH = {"Sec-Purpose": "prefetch", "Purpose": "prefetch"}
ASSET = re.compile(rb'"(/static/[^"]+\.css)"')
ONE_YEAR = 31_536_000
SECONDS_APART = 60
SECONDS_FAR_APART = 300

BETWEEN = ("Age", "CF-Ray", "Via", "X-Amz-Cf-Id", "X-Cache", "X-Served-By", "X-Varnish")
REPORTING = ("NEL", "Report-To", "Reporting-Endpoints")
TELLING = ("ETag", "Expires", "Last-Modified", "X-AspNet-Version", "X-Powered-By", "X-Request-Id")
OPENING = ("Access-Control-Allow-Origin",)


def running_site(address: Address, plain_port: int) -> Iterator[Note]:
    """Yield what there is to say about a running site, seen from outside.

    Args:
        address: the site. With an entry code of an open consultation, somebody begins with it and
            leaves at once: nothing is sent, and no count changes.
        plain_port: where browsers ask without HTTPS.
    """
    try:
        began = time.time()
        front = ask(address, "GET", "/")
        ended = time.time()
        yield from encryption(address)
        if START not in front.body:
            message = (
                "What answers there is not Heard's front page. Check the address, and what the"
            )
            yield Note("wrong", f"{message} web server in front passes on.")
            return
        if address.scheme == "https":
            yield plain_http(address, plain_port)
        yield _clock(front, (began + ended) / 2)
        yield from _headers(address, front)
        yield from _leaving(address)
        yield from _session(address)
    except (OSError, http.client.HTTPException) as error:
        yield Note("wrong", f"{address.host} does not answer: {why(error)}. Look at it from here.")


def _clock(front: Answer, here: float) -> Note:
    try:
        there = parsedate_to_datetime(front.headers.get("Date", "")).timestamp()
    except ValueError:
        return Note("waits", "The site does not tell its time, so its clock was not compared.")
    apart = there - here
    if abs(apart) <= SECONDS_APART:
        return Note("well", "Its clock and the one here agree.")
    way = "ahead of" if apart > 0 else "behind"
    message = (
        f"Its clock is {abs(apart) / 60:.0f} minutes {way} the one here. Consultations open and"
    )
    advice = "close by it. Set the wrong one: timedatectl set-ntp true."
    return Note("wrong" if abs(apart) > SECONDS_FAR_APART else "waits", f"{message} {advice}")


def _headers(address: Address, front: Answer) -> Iterator[Note]:
    answers = {f"{method} {path}": ask(address, method, path) for method, path in ASKED}
    asset = ASSET.search(front.body)
    if asset:
        path = asset[1].decode()
        answers[f"GET {path}"] = ask(address, "GET", path)
    faults = list(_missing(address, answers))
    yield from faults
    if not faults:
        count = len(answers)
        yield Note("well", f"Every header that Heard promises is on each of {count} answers.")
    yield from _too_much(answers)


def _promised(address: Address, asked: str, answer: Answer) -> Iterator[tuple[str, str]]:
    """The headers that one answer should have, each once."""
    is_page = answer.headers.get_content_type() == "text/html" and "Location" not in answer.headers
    yield from (PAGE_HEADERS if is_page else HEADERS).items()
    static = "/static/" in asked
    yield "Cache-Control", KEEP_FOR_A_YEAR if static else NO_STORE


def _missing(address: Address, answers: dict[str, Answer]) -> Iterator[Note]:
    wrong: dict[str, list[str]] = {}
    for asked, answer in answers.items():
        for name, value in _promised(address, asked, answer):
            if answer.all(name) != [value]:
                wrong.setdefault(name, []).append(asked)
    for name, where in wrong.items():
        message = f"{name} is not as Heard sends it on {', '.join(where)}. Let the web server in"
        yield Note("wrong", f"{message} front pass it on, once and unchanged.")
    if address.scheme == "https":
        without = [asked for asked, answer in answers.items() if not _demands_https(answer)]
        if without:
            message = f"Strict-Transport-Security is missing or short on {', '.join(without)}."
            yield Note("wrong", f"{message} Set HEARD_HTTPS=on, and start Heard again.")


def _demands_https(answer: Answer) -> bool:
    ages = re.findall(r"max-age=\"?(\d+)", " ".join(answer.all("Strict-Transport-Security")))
    return len(ages) == 1 and int(ages[0]) >= ONE_YEAR


def _too_much(answers: dict[str, Answer]) -> Iterator[Note]:
    found = {name for answer in answers.values() for name in answer.headers}
    kinds = (
        (BETWEEN, "something between people and Heard reads along. Take it out of the way."),
        (REPORTING, "browsers tell somebody else of people's visits. Take it out."),
        (TELLING, "it marks people or tells what runs here. Take it out."),
        (OPENING, "other sites may read these pages. Take it out."),
        (("Set-Cookie",), "a cookie comes before anybody begins. Take it out."),
    )
    for names, message in kinds:
        there = sorted({name for name in found for one in names if name.lower() == one.lower()})
        if there:
            yield Note("wrong", f"There is a header {', '.join(there)}: {message}")
    servers = {value for answer in answers.values() for value in answer.all("Server")} - {"web"}
    for server in sorted(servers):
        message = f"The header Server says “{server}”. In nginx: server_tokens off, and"
        advice = "proxy_pass_header Server; in Caddy: header -Server."
        yield Note("wrong" if re.search(r"\d", server) else "waits", f"{message} {advice}")
    if not servers:
        yield Note("well", "The header Server says nothing.")


def _leaving(address: Address) -> Iterator[Note]:
    ahead = [ask(address, "HEAD", "/leave"), ask(address, "GET", "/leave", headers=PREFETCH)]
    if any(one.status != HTTPStatus.NO_CONTENT or _ends(one) for one in ahead):
        message = "A browser that only looks ahead at /leave ends a session. Let the web server in"
        yield Note("wrong", f"{message} front pass HEAD, Sec-Purpose and Purpose on as they are.")
    else:
        yield Note("well", "Looking ahead at /leave ends nothing.")
    yield _exit(ask(address, "GET", "/leave"))


def _ends(answer: Answer) -> bool:
    return bool(answer.headers.get("Clear-Site-Data") or answer.headers.get("Set-Cookie"))


def _exit(left: Answer) -> Note:
    place = left.headers.get("Location", "")
    if left.status == HTTPStatus.SEE_OTHER and place and left.all("Clear-Site-Data") == [CLEAR]:
        return Note("well", f"Exit leads to {place}, and clears what the browser keeps.")
    message = "Exit does not answer as Heard does: 303, Location and Clear-Site-Data. Let the web"
    return Note("wrong", f"{message} server in front pass /leave on as it is, and keep no copy.")


def _session(address: Address) -> Iterator[Note]:
    if not address.code:
        message = "The cookie was not looked at. Give a link with an entry code, such as"
        yield Note("waits", f"{message} --url {address.scheme}://{address.host}/bc2df3.")
        return
    begun = ask(address, "POST", "/start", body=urlencode({"code": address.code}))
    cookies = begun.all("Set-Cookie")
    if begun.status != HTTPStatus.SEE_OTHER or not cookies:
        message = f"Nobody can begin with {address.code}. Is it open? Is it a single-use code?"
        yield Note("wrong", f"{message} See heard status.")
        return
    faults = list(_cookie_faults(address, cookies))
    yield from faults
    if not faults:
        yield Note("well", "The one cookie is as it should be.")
    sent = {"Cookie": "; ".join(cookie.partition(";")[0] for cookie in cookies)}
    for method, ahead in (("HEAD", {}), ("GET", PREFETCH)):
        ask(address, method, "/leave", headers={**sent, **ahead})
    stays = START not in ask(address, "GET", "/page/1", headers=sent).body
    left = ask(address, "GET", "/leave", headers=sent)
    gone = START in ask(address, "GET", "/page/1", headers=sent).body
    if stays:
        yield Note("well", "A session outlasts a browser that looks ahead at /leave.")
    else:
        message = "A session does not go on from page to page. Does the web server in front pass on"
        yield Note("wrong", f"{message} cookies, HEAD and Sec-Purpose?")
    if gone and left.status == HTTPStatus.SEE_OTHER and left.all("Set-Cookie"):
        yield Note("well", "Exit ends the session on the server, and takes the cookie.")
    else:
        message = "Exit does not end the session. Let the web server in front pass /leave on"
        yield Note("wrong", f"{message} as it is, and keep no copy of any page.")


def _cookie_faults(address: Address, cookies: list[str]) -> Iterator[Note]:
    https = address.scheme == "https"
    expected = SECURE_COOKIE if https else COOKIE
    parsed: SimpleCookie = SimpleCookie()
    for cookie in cookies:
        parsed.load(cookie)
    if set(parsed) != {expected}:
        message = f"The cookie is {', '.join(sorted(parsed))} and not {expected} alone."
        advice = (
            "Set HEARD_HTTPS as people reach the site, and let the web server in front add none."
        )
        yield Note("wrong", f"{message} {advice}")
        return
    morsel = parsed[expected]
    wanted: dict[str, object] = {"httponly": True, "samesite": "Strict", "path": "/", "domain": ""}
    wanted |= {"secure": True if https else "", "expires": "", "max-age": ""}
    for name, value in wanted.items():
        if morsel[name] != value:
            message = f"The cookie's {name} is {morsel[name] or 'missing'}."
            yield Note("wrong", f"{message} Let the web server in front pass it on unchanged.")
