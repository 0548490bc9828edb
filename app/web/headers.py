"""The headers of every response: nothing loads from elsewhere, nothing is kept, nothing is told."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        # posting.js: a page that cannot be sent stays on screen, with its words.
        "connect-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

# Every feature by which a page could learn of the device or the person, switched off.
SWITCHED_OFF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "interest-cohort",
    "keyboard-map",
    "local-fonts",
    "local-network-access",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # A page of support services links to helplines: looking up their names before anybody
    # presses a link would tell the network which page is open.
    "X-DNS-Prefetch-Control": "off",
    # For browsers older than frame-ancestors.
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

# The policy is of use to a page alone, and longer than all the others together: a person on a slow
# line would wait for it twice at each press, once with the redirect.
PAGE_HEADERS = {
    **HEADERS,
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in SWITCHED_OFF),
}

# A page depends on the session and on the language; Flask adds Cookie where a session is read.
VARY = ("Accept-Encoding", "Accept-Language", "Cookie")

NO_STORE = "no-store"
KEEP_FOR_A_YEAR = "public, max-age=31536000, immutable"
TWO_YEARS = "max-age=63072000; includeSubDomains"


def init_headers(app: Flask, *, https: bool = False, onion: str = "") -> None:
    """Put the headers of this module on every response of an application, errors included.

    Only pages carry `Permissions-Policy`: nothing runs in a redirect, a style sheet or a script.

    Args:
        app: the application.
        https: whether people reach the site over HTTPS. Only then is HTTPS demanded for the
            next two years (RFC 6797 §7.2 forbids the header on plain HTTP).
        onion: the address of the same site as an onion service. Tor Browser offers it, or goes
            there by itself: only before anybody began, as a session does not come along.

    Source: R9, R10, R42, R88.
    """

    there = urlsplit(onion).netloc

    def add_headers(response: Response) -> Response:
        is_page = response.mimetype == "text/html" and not response.location
        for name, value in (PAGE_HEADERS if is_page else HEADERS).items():
            response.headers[name] = value
        if response.headers.get("Cache-Control") != KEEP_FOR_A_YEAR:
            # R42: a page that the browser may keep is a page that Back brings back after exit.
            response.headers["Cache-Control"] = NO_STORE
            response.vary.update(VARY)
        if https:
            response.headers["Strict-Transport-Security"] = TWO_YEARS
            if onion and is_page and not request.cookies and request.host != there:
                response.headers["Onion-Location"] = onion + quote(request.path)
        response.headers.remove("Server")
        return response

    app.after_request(add_headers)
