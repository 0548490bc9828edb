"""What the tests of the paper room share: forms, made once each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from app.consultation import Definition, load_definition_file
from app.paper import Help, Making, PrintedForm, print_form
from app.support import load_directory

from .catalogues import write_catalogue
from .definitions import everything
from .reading import PageRead, read

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 21)


@lru_cache(maxsize=1)
def directory():  # type: ignore[no-untyped-def]  # the loader's own type
    return load_directory(ROOT / "surveys" / "support")


def help_for(definition: Definition, *countries: str) -> Help:
    """Help for people of a consultation's ages, in its countries or in some."""
    audience = definition.audience
    listings = [
        directory().for_country(country, TODAY, audience.from_age, audience.to_age)
        for country in countries or definition.support.countries
    ]
    return Help(listings, directory().global_entries(TODAY))


def sample(name: str) -> Definition:
    """One of the consultations of this repository."""
    return load_definition_file(ROOT / "surveys" / f"{name}.yaml")


def form_of(definition: Definition, language: str = "en", **making: object) -> PrintedForm:
    """The form of a consultation, with help for the United Kingdom."""
    settings = Making(**making)  # type: ignore[arg-type]
    return print_form(definition, language, help_for(definition, "GB"), TODAY, making=settings)


def page_with(pages: list[PageRead], text: str) -> int:
    """The number of the first page that shows a text."""
    return next(number for number, page in enumerate(pages, 1) if page.shows(text))


@pytest.fixture(scope="session")
def every_type() -> PrintedForm:
    """The form of the consultation with every type of question."""
    return form_of(everything())


@pytest.fixture(scope="session")
def pages(every_type: PrintedForm) -> list[PageRead]:
    """Its pages."""
    return read(every_type.pdf)


@pytest.fixture(scope="session")
def catalogue_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the folder of a made-up catalogue for a language."""
    return lambda language: write_catalogue(tmp_path_factory.mktemp(language), language)
