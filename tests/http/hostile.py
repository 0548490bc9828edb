"""Requests that no kind browser makes: what is sent, and how."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from tests.person import Page, Person

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TELLING = re.compile(
    r"Traceback|File \"|werkzeug|sqlalchemy|sqlite|gunicorn|flask|jinja|\.py\b|Exception|Errno",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hostile:
    """A body and the headers it comes with.

    `kept` holds fields of the form that stand before the body: a token, and which step it is.
    `statuses` are what a person with a session may be answered.
    """

    body: bytes
    statuses: tuple[int, ...] = (200, 303)
    headers: dict[str, str] = field(default_factory=lambda: dict(FORM))
    kept: bool = True

    def full(self, kept: str) -> bytes:
        """The whole body for a form with these fields."""
        return (kept + "&").encode() + self.body if self.kept else self.body


def form(*fields: tuple[str, str], statuses: tuple[int, ...] = (200, 303)) -> Hostile:
    """Fields as a browser sends them."""
    return Hostile(urlencode(fields).encode(), statuses)


def without_token(body: bytes, statuses: tuple[int, ...] = (403,), **headers: str) -> Hostile:
    """A body that stands alone; `Content_Type` and the like are headers."""
    given = {name.replace("_", "-"): value for name, value in headers.items()} or dict(FORM)
    return Hostile(body, statuses, given, kept=False)


PART = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
MIXED = "multipart/form-data; boundary=x"

BODIES: dict[str, Hostile] = {
    # clumsy
    "nothing at all": without_token(b""),
    "only the token": form(),
    "empty answers": form(("one_change", ""), ("age_band", ""), ("action", "")),
    "an unknown button": form(("action", "explode")),
    "a language that nobody speaks": form(("action", "language:xx")),
    "a removal on a page of questions": form(("action", "remove:uses")),
    "wrong choices": form(("age_band", "of_gold"), ("kind_of_place", "prefer_not_to_say__")),
    "choices of another question": form(("age_band", "friends"), ("uses", "of_gold")),
    "unknown fields": form(("q", "1"), ("__class__", "x"), ("one_change__row", "y"), ("", "z")),
    "names of attributes": form(("data", "1"), ("errors", "2"), ("meta", "3"), ("field_x", "4")),
    "the same field often": form(*(("one_change", str(number)) for number in range(300))),
    "five thousand fields": form(*((f"field{number}", "x") for number in range(5000))),
    "one name of 100,000 letters": form(("n" * 100_000, "x")),
    "words that are too long": form(("one_change", "x" * 5000)),
    "words far too long for a draft": form(("one_change", "é" * 140_000), statuses=(200, 413)),
    "another list of what was shown": form(("shown", "uses report_stops nothing ' -- \x00")),
    "every field at once, empty": form(*((name, "") for name in ("step", "shown", "action"))),
    # broken
    "bad percent signs": Hostile(b"one_change=%zz%&%=%%%"),
    "bytes that are no UTF-8": Hostile(b"one_change=%ff%fe%c3&age_band=%e0%80"),
    "bytes above ASCII": Hostile(b"one_change=\xff\xfe", (403,)),
    "NUL bytes": Hostile(b"one_change=a%00b\x00c&age_band=%00"),
    "control signs": Hostile(b"one_change=%1b%5b31m%0d%0aSet-Cookie:%20a=b"),
    "a million ampersands, nearly": Hostile(b"&" * 400_000),
    "no equals signs": Hostile(b"a&b&c&one_change"),
    "a lone surrogate": Hostile(b"one_change=%ed%a0%80"),
    # tokens
    "no token": without_token(b"one_change=x"),
    "a stale token": without_token(b"csrf_token=IjEyMyI.ZzzzZQ.abcdefghijklmnop&one_change=x"),
    "a token of rubbish": without_token(b"csrf_token=%00%ff..%f0%9f%8c%a7&one_change=x"),
    "an endless token": without_token(b"csrf_token=" + b"x" * 100_000),
    # other kinds of bodies
    "JSON": without_token(json.dumps({"a": 1}).encode(), Content_Type="application/json"),
    "broken JSON": without_token(b'{"a":', Content_Type="application/json"),
    "plain text": without_token(b"one_change=x", Content_Type="text/plain"),
    "no type": without_token(b"one_change=x", Content_Type=""),
    "an odd type": without_token(b"x", Content_Type="a/b; c=d; charset=\x22\x22"),
    "another alphabet": Hostile(
        "one_change=é".encode("utf-16"),
        (200, 303, 403),
        {"Content-Type": FORM["Content-Type"] + "; charset=utf-16"},
        kept=False,
    ),
    "an alphabet that there is not": Hostile(
        b"one_change=x", (200, 303), {"Content-Type": FORM["Content-Type"] + "; charset=nonsense"}
    ),
    "parts without a boundary": without_token(b"--x", Content_Type="multipart/form-data"),
    "parts with another boundary": without_token(
        PART % (b"a", b"b"), Content_Type="multipart/form-data; boundary=y"
    ),
    "parts that break off": without_token(PART % (b"one_change", b"x"), Content_Type=MIXED),
    "parts without a name": without_token(
        b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n",
        (400,),
        Content_Type=MIXED,
    ),
    "two thousand parts": without_token(
        PART % (b"a", b"b") * 2000 + b"--x--\r\n", (403, 413), Content_Type=MIXED
    ),
    "a file": without_token(
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="../x"\r\n\r\nx\r\n--x--\r\n',
        Content_Type=MIXED,
    ),
    "said to be compressed": Hostile(
        b"one_change=x", (200, 303), {**FORM, "Content-Encoding": "gzip"}
    ),
    # too much
    "600 KB": form(("one_change", "x" * 600_000), statuses=(413,)),
    "5 MB": form(("one_change", "x" * 5_000_000), statuses=(413,)),
    "5 MB in parts": without_token(
        PART % (b"one_change", b"x" * 5_000_000) + b"--x--\r\n", (413,), Content_Type=MIXED
    ),
    # from elsewhere
    "a form of another site": Hostile(
        b"one_change=x", (403,), {**FORM, "Sec-Fetch-Site": "cross-site"}
    ),
    "a form of a sibling site": Hostile(
        b"one_change=x", (403,), {**FORM, "Sec-Fetch-Site": "same-site"}
    ),
    "another origin": Hostile(
        b"one_change=x", (403,), {**FORM, "Origin": "https://elsewhere.example"}
    ),
    "a method in a header": Hostile(
        b"one_change=x", (200, 303), {**FORM, "X-HTTP-Method-Override": "DELETE"}
    ),
}

ADDRESSES = {
    "up and away": "/../../../../etc/passwd",
    "up and away, written": "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "up from static": "/static/..%2f..%2fconfig.py",
    "up from media": "/media/..%2f..%2f..%2fconfig.py",
    "a code with slashes": "/..%5c..%5cwindows",
    "a code in Arabic": "/" + quote("رمز"),
    "a code of pictures": "/" + quote("🌧🌧🌧"),
    "a code with letters that only look Latin": "/" + quote("ｂｃ２ｄｆ３"),
    "a code of 65 letters": "/" + "b" * 65,
    "a code of 3,000 letters": "/" + "b" * 3000,
    "a code with NUL": "/bc2%00df3",
    "a code with a line break": "/bc2%0d%0aX-Bad:%20yes",
    "a code that is a query": "/" + quote("' OR '1'='1"),
    "a code that is a template": "/" + quote("{{7*7}}${7*7}"),
    "a code that is markup": "/" + quote("<script>alert(1)</script>"),
    "markup in a query": "/?code=" + quote('"><script>alert(1)</script>'),
    "a results page of nothing": "/results/" + quote("<b>x</b>"),
    "a language of nothing": "/language/" + quote("<b>x</b>"),
    "a country of nothing": "/support?country=" + quote('"><img src=x>'),
    "a country of 3,000 letters": "/support?country=" + "G" * 3000,
    "the last step of all": "/page/99999999999999999999999999",
    "a step in Arabic digits": "/page/" + quote("٣"),
    "a query without an end": "/page/1?" + "&" * 3000,
    "bytes that are no UTF-8": "/%ff%fe%fd",
    "two slashes": "//elsewhere.example/x",
    "another site in full": "/https://elsewhere.example/",
}


def send(person: Person, method: str, path: str, hostile: Hostile, kept: str = "") -> Page:
    """One hostile request; redirects are not followed."""
    return person.request(method, path, hostile.full(kept), hostile.headers)


def in_chunks(person: Person, path: str, pieces: Iterator[bytes]) -> tuple[int, str]:
    """A body without a length; status and page."""
    connection = http.client.HTTPConnection(person.host, timeout=60)
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    connection.request("POST", path, pieces, {**FORM, "Cookie": cookie}, encode_chunked=True)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def assert_kind(page: Page) -> None:
    """Words for a person, the exit, and nothing of how the site is made; or a step to another page
    of this site."""
    if page.status in (301, 302, 303, 307, 308):
        place = page.headers["Location"]
        assert place.startswith("/")
        assert not place.startswith("//")
        assert urlsplit(place).netloc == ""
        return
    assert page.status in (200, 400, 403, 404, 405, 413), page.status
    assert len(page.words.split()) >= 8
    assert page.links[0].partition("?code=")[0] == "/leave"
    assert not TELLING.search(page.words), page.words
    assert "<script>alert" not in page.body
    assert "49" not in page.words.split()
