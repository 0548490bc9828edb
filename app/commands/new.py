"""Beginning a new consultation."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from app.consultation import DefinitionErrors, load_definition
from app.consultation.skeleton import Beginning, skeleton
from app.consultation.texts import is_language_tag

from .instance import configured, instance_option
from .opening import ID
from .refusal import Refusal


@click.command()
@click.argument("consultation", metavar="ID")
@click.option("--title", prompt="What is it about, in a few words", help="The title people see.")
@click.option("--organisation", prompt="Who asks (your organisation)", help="Who asks.")
@click.option("--contact", prompt="How people reach you (an address)", help="How to reach you.")
@click.option(
    "--languages",
    prompt="In which languages (tags such as en, fr, ar)",
    default="en",
    show_default=True,
    help="Language tags, the first is the default: en,fr,ar.",
)
@click.option(
    "--from-age", prompt="From which age", type=click.IntRange(6, 120), help="The youngest age."
)
@click.option(
    "--to-age",
    prompt="Up to which age (0: no limit)",
    default=0,
    type=click.IntRange(0, 120),
    help="The oldest age; 0 for no limit.",
)
@click.option(
    "--countries",
    prompt="In which countries are they (codes such as NP, BD)",
    help="Two-letter codes: NP,BD.",
)
@instance_option
def new(
    consultation: str,
    *,
    title: str,
    organisation: str,
    contact: str,
    languages: str,
    from_age: int,
    to_age: int,
    countries: str,
    instance: Path | None,
) -> None:
    """Write the first draft of a consultation into surveys/ID.yaml; asks what it needs."""
    path = configured(instance).surveys / f"{consultation}.yaml"
    _refuse_id(consultation, path)
    beginning = Beginning(
        consultation=consultation,
        title=title,
        organisation=organisation,
        contact=contact,
        languages=_languages(languages),
        from_age=from_age,
        to_age=to_age or None,
        countries=_countries(countries),
        today=dt.datetime.now(dt.UTC).date(),
    )
    if to_age and to_age < from_age:
        raise Refusal(f"Up to {to_age} is below from {from_age}. Change one of them.")
    text = skeleton(beginning)
    try:
        load_definition(text, str(path))
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except DefinitionErrors as error:
        raise Refusal(f"That cannot be written down as a consultation:\n{error}") from None
    except OSError as error:
        raise Refusal(f"Could not write {path}: {error.strerror}.") from None
    click.echo(f"{path} is written. Look for “TO WRITE” and “TO TRANSLATE” in it.")
    click.echo(f"Then: heard check {path}")


def _refuse_id(consultation: str, path: Path) -> None:
    if not ID.fullmatch(consultation):
        raise Refusal(
            f"“{consultation}” cannot be an id. Use small letters a-z, digits and -, and begin "
            "with a letter, such as safer-schools."
        )
    if path.exists():
        raise Refusal(f"{path} exists already. Choose another id, or edit that file.")


def _languages(given: str) -> list[str]:
    tags = [tag for tag in given.replace(",", " ").split() if tag]
    unknown = [tag for tag in tags if not is_language_tag(tag)]
    if unknown or not tags:
        raise Refusal(
            f"“{' '.join(unknown) or given}” is no language tag. Write en, fr, sw, pt-BR."
        )
    return list(dict.fromkeys(tags))


def _countries(given: str) -> list[str]:
    codes = [code.upper() for code in given.replace(",", " ").split()]
    wrong = [code for code in codes if len(code) != 2 or not code.isalpha()]  # noqa: PLR2004
    if wrong or not codes:
        raise Refusal(f"“{' '.join(wrong) or given}” is no country code. Write NP, BD, GB.")
    return list(dict.fromkeys(codes))
