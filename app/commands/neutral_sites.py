"""The sites that exit leads to, tried from where the server is (R54)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from threading import Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app.consultation import Definition
from app.consultation.checker import faults_of_exit
from config import DEFAULT_EXIT, Config

from .notes import Note

SECONDS = 4
"""How long a person waits for the neutral site before a page of our own stands in (R55)."""
SECONDS_IN_ALL = 15
"""With the time that looking up a name may take, which no setting limits."""
AS_A_BROWSER = "Mozilla/5.0"
IN_A_BROWSER = "Open it in a browser where people are."


class _StayHere(HTTPRedirectHandler):
    """Follows nothing: where a site leads on to is told, not visited."""

    def redirect_request(self, *_asked: Any) -> None:
        return None


def neutral_sites(config: Config, definitions: Iterable[Definition]) -> Iterator[Note]:
    """Yield what there is to say about each address that exit leads to.

    Args:
        config: `exit_to` stands above all definitions.
        definitions: the newest version of each consultation that was opened.

    A site that cannot be tried is never `wrong`: a server may have no way out, and what is blocked
    here may be open where people are.
    """
    definitions = list(definitions)
    if config.exit_to:
        addresses = [config.exit_to]
    else:
        addresses = [each for one in definitions for each in one.exit_to.values()]
        addresses += [DEFAULT_EXIT] if definitions else []  # for who leaves before the start
    for address in dict.fromkeys(addresses):
        faults = list(faults_of_exit(address))
        if faults:
            yield from (Note("wrong", f"Exit leads to {address}. {fault}") for fault in faults)
        else:
            yield _tried(address)


def _tried(address: str) -> Note:
    found: list[Note] = []
    thread = Thread(target=lambda: found.append(_try(address)), daemon=True)
    thread.start()
    thread.join(SECONDS_IN_ALL)
    return found[0] if found else _untried(address, "no name was looked up in time")


def _untried(address: str, reason: object) -> Note:
    message = f"Exit leads to {address}. It could not be tried from here ({reason}). {IN_A_BROWSER}"
    return Note("waits", message)


def _try(address: str) -> Note:
    request = Request(address, headers={"User-Agent": AS_A_BROWSER})  # noqa: S310 - https only
    try:
        with build_opener(_StayHere).open(request, timeout=SECONDS) as answer:
            answer.read(1)
    except HTTPError as answer:
        return _answered(address, answer.code, answer.headers.get("Location"))
    except (OSError, ValueError) as error:
        return _untried(address, _in_words(error))
    return Note("well", f"Exit leads to {address}, which answers.")


def _answered(address: str, code: int, location: str | None) -> Note:
    """What to say about an answer that is not simply a page."""
    if location and HTTPStatus.MULTIPLE_CHOICES <= code < HTTPStatus.BAD_REQUEST:
        onward = urljoin(address, location)
        if not onward.startswith("https://"):
            message = "which leads on without https, so the network can read along. Choose another."
            return Note("wrong", f"Exit leads to {address}, {message}")
        message = f"Exit leads to {address}, which leads on to {onward}. Is that the page you mean?"
        return Note("waits", message)
    return Note("waits", f"Exit leads to {address}, which answers {code}. {IN_A_BROWSER}")


def _in_words(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return f"no answer within {SECONDS} seconds"
    if isinstance(reason, ssl.SSLError):
        return "its certificate is not trusted"
    if isinstance(reason, socket.gaierror):
        return "the name was not found, or there is no network"
    return "there is no network, or it refuses"
