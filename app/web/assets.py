"""The style sheet, the script and the icon: held in memory, compressed once, named by content."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request

from app.web.headers import KEEP_FOR_A_YEAR

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
ICON = "icon.svg"
ROBOTS = "User-agent: *\nDisallow: /\n"
FINGERPRINT_DIGITS = 16


@dataclass(frozen=True)
class Asset:
    """One static file, ready to be sent in each encoding."""

    address: str
    content_type: str
    plain: bytes
    encoded: dict[str, bytes]

    def response(self) -> Response:
        """Answer the present request with this file, in the smallest encoding it accepts."""
        body, encoding = self.plain, None
        for name in ("br", "gzip"):
            if request.accept_encodings.quality(name) > 0 and len(self.encoded[name]) < len(body):
                body, encoding = self.encoded[name], name
                break
        response = Response(body, content_type=self.content_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Cache-Control"] = KEEP_FOR_A_YEAR
        response.vary.add("Accept-Encoding")
        return response


def read_asset(path: Path) -> Asset:
    """Read one static file and name it by its content.

    Args:
        path: the file; its suffix must be one of `CONTENT_TYPES`.

    Raises:
        KeyError: the suffix is another one.
        OSError: the file cannot be read.
    """
    content = path.read_bytes()
    # The address says nothing of the file's purpose and changes with every change of content,
    # so that a browser may keep it for a year.
    fingerprint = sha256(content).hexdigest()[:FINGERPRINT_DIGITS]
    return Asset(
        address=f"/static/{fingerprint}{path.suffix}",
        content_type=CONTENT_TYPES[path.suffix],
        plain=content,
        encoded={
            "br": brotli.compress(content, quality=11),  # type: ignore[no-untyped-call]
            "gzip": gzip.compress(content, 9, mtime=0),
        },
    )


def init_assets(app: Flask, folder: Path) -> None:
    """Serve every known file of a folder, and give templates `asset('style.css')`.

    Args:
        app: the application, made with `static_folder=None`.
        folder: where `style.css`, `script.js` and `icon.svg` are.

    Raises:
        OSError: the folder cannot be read.
    """
    assets = {
        path.name: read_asset(path)
        for path in sorted(folder.iterdir())
        if path.suffix in CONTENT_TYPES
    }
    by_address = {asset.address: asset for asset in assets.values()}

    def asset_address(name: str) -> str:
        return assets[name].address

    def static_file(name: str) -> Response:
        asset = by_address.get(f"/static/{name}")
        return asset.response() if asset else abort(404)

    def favicon() -> Response:
        response = assets[ICON].response()
        # The address is fixed, so the content behind it may change.
        response.headers.remove("Cache-Control")
        return response

    def robots() -> Response:
        return Response(ROBOTS, content_type="text/plain; charset=utf-8")

    app.add_template_global(asset_address, "asset")
    app.add_url_rule("/static/<name>", "static_file", static_file)
    app.add_url_rule("/favicon.ico", "favicon", favicon)
    app.add_url_rule("/robots.txt", "robots", robots)
