"""Compression of pages, so that each costs an old phone on a slow line a few kilobytes."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress

# Static files come compressed already (assets.py). Nothing else is text.
COMPRESSED_TYPES = ("text/html", "text/plain")
SMALLEST_WORTH_IT = 500
"""Bytes of a body below which the headers of compression cost more than it saves."""


def init_compression(app: Flask) -> None:
    """Compress the pages of an application with Brotli or gzip, as the browser asks.

    Args:
        app: the application.

    Source: R82; why BREACH does not reach a session: docs/decisions/compression.md.
    """
    app.config.update(
        COMPRESS_MIMETYPES=list(COMPRESSED_TYPES),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_LEVEL=6,
        COMPRESS_MIN_SIZE=SMALLEST_WORTH_IT,
        COMPRESS_STREAMS=False,
        # No page may be kept, so no browser asks whether its copy is still good.
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
    )
    Compress(app)
