"""A person with a browser that knows links, forms and one cookie, and nothing else."""

from __future__ import annotations

import gzip
import http.client
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from .certificate import certificate

Fields = list[tuple[str, str]]
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"})


@dataclass
class Form:
    """A form as a page shows it: where it goes, what it holds, what can be pressed."""

    id: str
    action: str
    method: str
    fields: Fields = field(default_factory=list)
    boxes: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.title = ""
        self._open: Form | None = None
        self._select = ""
        self._textarea: str | None = None
        self._in: list[str] = []

    def _form(self, attributes: Mapping[str, str]) -> Form | None:
        if "form" in attributes:
            return next((f for f in self.forms if f.id == attributes["form"]), None)
        return self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._in.append(tag)
        if tag == "form":
            method = given.get("method", "get").lower()
            self._open = Form(given.get("id", ""), given.get("action", ""), method)
            self.forms.append(self._open)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "button":
            form = self._form(given)
            if form:
                button = (given.get("name", ""), given.get("value", ""))
                form.buttons.append((*button, given.get("formaction", "")))
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select = given.get("name", "")
            if self._open:
                self._open.boxes.setdefault(self._select, [])
        elif tag == "option" and self._open and self._select:
            self._open.boxes[self._select].append(given.get("value", ""))
            if "selected" in given:
                self._open.fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._textarea = given.get("name", "")
            if self._open:
                self._open.fields.append((self._textarea, ""))

    def _input(self, given: Mapping[str, str]) -> None:
        form, name, value = self._form(given), given.get("name", ""), given.get("value", "")
        if form is None or not name:
            return
        if given.get("type") in ("radio", "checkbox"):
            form.boxes.setdefault(name, []).append(value)
            if "checked" in given:
                form.fields.append((name, value))
        else:
            form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._in:
            while self._in.pop() != tag:
                pass
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self._open:
            name, value = self._open.fields.pop()
            self._open.fields.append((name, (value + data).removeprefix("\n")))
        elif "title" in self._in:
            self.title += data
        elif not {"script", "style"} & set(self._in) and data.strip():
            self.words.append(data.strip())


@dataclass
class Page:
    """An answer of the server."""

    status: int
    path: str
    headers: http.client.HTTPMessage
    body: str
    forms: list[Form]
    links: list[str]
    words: str
    title: str

    @property
    def form(self) -> Form:
        """The page's first form that posts."""
        return next(form for form in self.forms if form.method == "post")


class Person:
    """Opens addresses, fills in forms, presses buttons; keeps the cookie it is given."""

    def __init__(
        self, base: str, headers: Mapping[str, str] | None = None, source: str = ""
    ) -> None:
        self.host = urlsplit(base).netloc
        self.over_https = urlsplit(base).scheme == "https"
        self.source = (source, 0) if source else None
        self.headers = dict(headers or {})
        self.cookies: dict[str, str] = {}
        self.page: Page | None = None

    @property
    def seen(self) -> Page:
        """The page on screen."""
        assert self.page is not None
        return self.page

    def connection(self) -> http.client.HTTPConnection:
        """A new connection to the site; over HTTPS, the certificate of the tests is trusted."""
        if not self.over_https:
            return http.client.HTTPConnection(self.host, timeout=60, source_address=self.source)
        trusted = ssl.create_default_context(cafile=str(certificate().certificate))
        return http.client.HTTPSConnection(
            self.host, timeout=60, source_address=self.source, context=trusted
        )

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """One request, redirects not followed."""
        sent = {**self.headers, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        connection = self.connection()
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return _page(answer, path, content)

    def _follow(self, page: Page) -> Page:
        for _ in range(5):
            place = page.headers.get("Location", "")
            if page.status not in (301, 302, 303, 307, 308) or urlsplit(place).netloc:
                break
            page = self.request("GET", place)
        self.page = page
        return page

    def open(self, path: str) -> Page:
        """Open an address and follow redirects within the site."""
        return self._follow(self.request("GET", path))

    def post(self, path: str, fields: Iterable[tuple[str, str]]) -> Page:
        """Post fields and follow redirects within the site."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._follow(self.request("POST", path, urlencode(list(fields)).encode(), headers))

    def press(self, value: str = "", answers: Mapping[str, str | list[str]] | None = None) -> Page:
        """Fill in the form on screen and press the button with this value (or the first one).

        `answers` replaces what stands in the fields it names, as typing or ticking would.
        """
        form = self.seen.form
        name, pressed, formaction = next(
            button for button in form.buttons if not value or button[1] == value
        )
        given = {k: [v] if isinstance(v, str) else v for k, v in (answers or {}).items()}
        fields = [(k, v) for k, v in form.fields if k not in given]
        fields += [(k, v) for k, values in given.items() for v in values]
        if name:
            fields.append((name, pressed))
        return self.post(formaction or form.action or self.seen.path, fields)

    def start(self, code: str, language: str = "en") -> Page:
        """Open a link, and press Start."""
        self.open(f"/{code}?language={language}")
        return self.press()


def _page(answer: http.client.HTTPResponse, path: str, content: bytes) -> Page:
    body = content.decode("utf-8", "replace")
    reader = _Reader()
    if "html" in answer.headers.get("Content-Type", ""):
        reader.feed(body)
    return Page(
        status=answer.status,
        path=path,
        headers=answer.headers,
        body=body,
        forms=reader.forms,
        links=reader.links,
        words=" ".join(reader.words),
        title=reader.title,
    )
