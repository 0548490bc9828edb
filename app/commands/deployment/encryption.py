"""The encryption between people and the site: the certificate, the versions, plain HTTP."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

from ..notes import Note
from .asking import SECONDS, Address, ask, without_trust

DAY = 24 * 60 * 60
DAYS_TO_MEND = 7
DAYS_TO_LOOK = 21
"""A certificate for 90 days is renewed with 30 left; with 21 left that has not happened."""
REDIRECTS = range(HTTPStatus.MULTIPLE_CHOICES, HTTPStatus.BAD_REQUEST)


def encryption(address: Address) -> Iterator[Note]:
    """Yield what there is to say about HTTPS.

    Args:
        address: the site; nothing is asked where it is an onion service without HTTPS.

    Raises `OSError` when nothing answers.
    """
    if address.scheme == "http":
        if address.is_onion:
            yield Note("well", "An onion service encrypts by itself.")
        else:
            message = "People come without HTTPS: the network reads every word. Put a web server"
            yield Note("wrong", f"{message} that speaks HTTPS in front, and set HEARD_HTTPS=on.")
        return
    yield _certificate(address)
    yield _version(address)
    if _takes_old_versions(address):
        message = "The site takes TLS 1.0 or 1.1 too, which can be broken. Let the web server in"
        yield Note("wrong", f"{message} front take TLS 1.2 and 1.3 alone.")


def _connected(address: Address, context: ssl.SSLContext) -> ssl.SSLSocket:
    line = socket.create_connection((address.host, address.port), SECONDS)
    try:
        return context.wrap_socket(line, server_hostname=address.host)
    except BaseException:
        line.close()
        raise


def _certificate(address: Address) -> Note:
    try:
        with _connected(address, ssl.create_default_context()) as line:
            found = line.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        message = f"Browsers do not trust the certificate: {error.verify_message}."
        return Note("wrong", f"{message} Renew it, and let the whole chain be sent.")
    days = int((ssl.cert_time_to_seconds(str(found["notAfter"])) - time.time()) // DAY)
    if days < DAYS_TO_LOOK:
        message = f"The certificate ends in {days} days. See why it does not renew itself."
        return Note("wrong" if days < DAYS_TO_MEND else "waits", message)
    return Note("well", f"The certificate is trusted for another {days} days.")


def _version(address: Address) -> Note:
    with _connected(address, without_trust()) as line:
        version = line.version()
    if version == "TLSv1.3":
        return Note("well", "The site speaks TLS 1.3.")
    message = f"The site speaks {version} at best. Let the web server in front take TLS 1.3"
    return Note("waits", f"{message}: before it, the network can see the certificate's name.")


def _takes_old_versions(address: Address) -> bool:
    context = without_trust()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that is why it is asked
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        with _connected(address, context):
            return True
    except (ssl.SSLError, ConnectionError):
        return False


def plain_http(address: Address, port: int) -> Note:
    """Look at what answers without HTTPS: nothing, or the way to HTTPS.

    Args:
        address: the site, with HTTPS.
        port: where browsers ask without HTTPS.
    """
    try:
        answer = ask(replace(address, scheme="http", port=port), "GET", "/")
    except (OSError, http.client.HTTPException):
        return Note("well", "Nothing answers without HTTPS.")
    place = answer.headers.get("Location", "")
    to = urlsplit(place)
    if answer.status in REDIRECTS and to.scheme == "https" and to.hostname == address.host:
        return Note("well", "Without HTTPS there is nothing but the way to HTTPS.")
    if answer.status in REDIRECTS:
        message = f"Without HTTPS the site leads to {place or 'nowhere'}. Let it lead to"
        return Note("wrong", f"{message} https://{address.host}/.")
    message = "The site answers without HTTPS too: the network can read along, and change the page."
    return Note("wrong", f"{message} Answer there with nothing but a redirect to HTTPS.")
