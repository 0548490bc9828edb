"""Putting the rooms together into one web application."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app.respond import EXTENSION, STATIC, TEMPLATES, Site, init_respond, not_found
from app.respond import session_language as language_of_session
from app.storage import open_storage
from app.support import load_directory
from app.web.assets import init_assets
from app.web.compression import init_compression
from app.web.counting import init_counting
from app.web.cross_site import init_cross_site
from app.web.errors import init_errors
from app.web.headers import init_headers
from app.web.languages import init_languages
from config import Config

TRANSLATIONS = Path(__file__).parent / "translations"


def make_app(config: Config) -> Flask:
    """Return the web application of one instance.

    Raises `DirectoryErrors` when a support file is not right.
    """
    app = Flask("app", template_folder=str(TEMPLATES), static_folder=None)
    app.secret_key = config.secret_key
    app.extensions[EXTENSION] = Site(
        config=config,
        storage=open_storage(config.database_url, config.drafts_url),
        directory=load_directory(config.surveys / "support"),
    )
    if config.metrics:
        init_counting(app, config.metrics)
    init_headers(app, https=config.https, onion=config.onion)
    init_compression(app)
    init_languages(app, TRANSLATIONS, language_of_session)
    init_assets(app, STATIC)
    init_cross_site(app)
    init_respond(app)
    init_errors(app, not_found)
    return app
