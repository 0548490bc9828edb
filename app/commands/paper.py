"""Consultations on paper: the questionnaire, a poster, cards."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from app import paper
from app.consultation import Definition, definition_from_json, text_in
from app.sealing import card_tag, new_card_code
from app.storage import Entry
from app.support import Directory, Listing, load_directory

from .checking import refuse_unless_ready
from .instance import configured, instance_option, opened
from .opening import load
from .refusal import NotReady, Refusal
from .support_directory import support_directory_needed
from .surroundings import surveys_folder

ADDRESS = re.compile(r"https://[^\s/?#@]+|http://[a-z2-7]{56}\.onion")
"""A site over HTTPS (R42), or a Tor onion service, whose address is its own key."""

language_option = click.option(
    "--language", metavar="TAG", help="One of its languages, such as ne.  [default: the first]"
)
countries_option = click.option(
    "--country",
    "countries",
    metavar="CODE",
    multiple=True,
    help="A country whose help is printed, such as NP; may be given again.  [default: all of it]",
)
address_option = click.option(
    "--address", metavar="URL", required=True, help="The site's address: https://…"
)
collector_option = click.option(
    "--collector", metavar="NAME", help="Whose code to print, where there are several."
)


def output_option(default: str) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """The file to write; its usual name says nothing of the subject (R9)."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help=f"The PDF to write.  [default: {default}]",
    )


@click.command("print")
@click.argument("consultation", metavar="ID")
@language_option
@output_option("form-TAG.pdf")
@countries_option
@click.option("--code", metavar="CODE", default="", help="An entry code for the first page.")
@click.option("--one-sided", is_flag=True, help="For printing on one side: no empty pages.")
@click.option(
    "--type-size",
    type=click.IntRange(paper.SMALLEST_TYPE, paper.LARGEST_TYPE),
    default=paper.SMALLEST_TYPE,
    show_default=True,
    help="Size of the type in points.",
)
def print_form(
    *,
    consultation: str,
    language: str | None,
    output: Path | None,
    countries: tuple[str, ...],
    code: str,
    one_sided: bool,
    type_size: int,
) -> None:
    """Print the questions as a form to fill in with a pen.

    A consultation that could not open yet is printed as a draft, for people who review it.
    """
    surveys, today = surveys_folder(), dt.date.today()
    definition = load(surveys, consultation)
    tag = language_of(definition, language)
    standing = _standing(surveys / f"{consultation}.yaml")
    directory = _directory(surveys)
    help_ = paper.Help(
        _listings(directory, definition, countries, today), directory.global_entries(today)
    )
    making = paper.Making(type_size=type_size, one_sided=one_sided, code=code, draft=bool(standing))
    try:
        form = paper.print_form(definition, tag, help_, today, making=making)
    except (paper.MissingSentence, paper.Unprintable) as error:
        raise Refusal(str(error)) from None
    _write(output or Path(f"form-{tag}.pdf"), form.pdf)
    for note in (*standing, *form.notes):
        click.echo(f"Note: {note}")


@click.command()
@click.argument("consultation", metavar="ID")
@address_option
@collector_option
@language_option
@output_option("poster-TAG.pdf")
@countries_option
@instance_option
def poster(
    *,
    consultation: str,
    address: str,
    collector: str | None,
    language: str | None,
    output: Path | None,
    countries: tuple[str, ...],
    instance: Path | None,
) -> None:
    """Print a poster with a QR code. It does not say what the questions are about.

    The consultation has to be open, because the poster carries its code.
    """
    definition, invitation, tag = _invite(consultation, address, collector, language, instance)
    if definition.access == "single_use_code":
        raise Refusal(
            f"{consultation} says access: single_use_code: a poster has one code for everybody. "
            f"Print a card for each person with: heard cards {consultation} --count N"
        )
    today = dt.date.today()
    directory = _directory(configured(instance).surveys)
    listings = _listings(directory, definition, countries, today)
    try:
        pdf = paper.print_poster(invitation, tag, listings)
    except (paper.MissingSentence, paper.Unprintable) as error:
        raise Refusal(str(error)) from None
    _write(output or Path(f"poster-{tag}.pdf"), pdf)


@click.command()
@click.argument("consultation", metavar="ID")
@click.option(
    "--count",
    type=click.IntRange(1, paper.MOST_CARDS),
    required=True,
    help="How many cards; eight fit on a page.",
)
@address_option
@collector_option
@language_option
@output_option("cards-TAG.pdf")
@instance_option
def cards(
    *,
    consultation: str,
    count: int,
    address: str,
    collector: str | None,
    language: str | None,
    output: Path | None,
    instance: Path | None,
) -> None:
    """Print small cards with a QR code, to cut out.

    All carry the same code; with access: single_use_code each has a code of its own, which works
    once. Run it again for more cards.
    """
    definition, invitation, tag = _invite(consultation, address, collector, language, instance)
    path = output or Path(f"cards-{tag}.pdf")
    each_its_own = definition.access == "single_use_code"
    codes = [new_card_code() for _ in range(count)] if each_its_own else [invitation.code] * count
    try:
        pdf = paper.print_cards(invitation, tag, codes)
    except (paper.MissingSentence, paper.Unprintable) as error:
        raise Refusal(str(error)) from None
    if each_its_own:
        _open_for_owner(path)
        tags = filter(None, map(card_tag, codes))
        opened(configured(instance)).cards.add(invitation.code, tags)
    _write(path, pdf)
    if each_its_own:
        click.echo(
            "The codes stand in this file alone: print it, then delete it. Shuffle the cards "
            "before you hand them out, and keep no list of who got which."
        )


def _invite(
    consultation: str,
    address: str,
    collector: str | None,
    language: str | None,
    instance: Path | None,
) -> tuple[Definition, paper.Invitation, str]:
    """The open consultation, what its poster or card says, and in which language."""
    base = address.rstrip("/")
    if not ADDRESS.fullmatch(base):
        raise Refusal(
            f"“{address}” is not the address of a site. Write it as https://questions.example.org, "
            "with nothing after the name."
        )
    storage = opened(configured(instance))
    found = storage.opened(consultation)
    stored = storage.definition(found.digest) if found else None
    if found is None or stored is None:
        raise Refusal(
            f"{consultation} was not opened here, so it has no code yet. Open it with: "
            f"heard start {consultation}"
        )
    if found.state == "ended":
        raise Refusal(f"{consultation} is closed: nobody could begin with its code any more.")
    definition = definition_from_json(stored.document)
    tag = language_of(definition, language)
    code = _entry(storage.entries(consultation), collector).code
    return definition, paper.Invitation(text_in(definition.public_name, tag), base, code), tag


def _entry(entries: Sequence[Entry], collector: str | None) -> Entry:
    """The entry of a collector; without a name, the only one there is."""
    if collector is None and len(entries) == 1:
        return entries[0]
    names = ", ".join(sorted(entry.collector for entry in entries if entry.collector))
    for entry in entries:
        if collector is not None and entry.collector == collector:
            return entry
    if not names:
        raise Refusal("There is one code for everybody here. Leave out --collector.")
    if collector is None:
        raise Refusal(f"There are several codes. Say whose: --collector NAME, of {names}.")
    raise Refusal(f"There is no collector “{collector}”. Collectors: {names}.")


def language_of(definition: Definition, asked: str | None) -> str:
    """Return a language of a consultation, its first when none was asked for; or `Refusal`."""
    if asked is None:
        return definition.languages[0]
    if asked not in definition.languages:
        raise Refusal(
            f"{definition.consultation} is not in “{asked}”. Choose one of: "
            f"{', '.join(definition.languages)}."
        )
    return asked


def _standing(path: Path) -> list[str]:
    """Why the consultation could not open to people, if anything stands against it (R95)."""
    try:
        refuse_unless_ready(path)
    except NotReady as error:
        first = error.message.splitlines()[0].rstrip(":")
        return [
            f"{first} So every page says that this is a draft. See: heard check {path}",
        ]
    return []


def _directory(surveys: Path) -> Directory:
    with support_directory_needed():
        return load_directory(surveys / "support")


def _listings(
    directory: Directory, definition: Definition, countries: Sequence[str], today: dt.date
) -> list[Listing]:
    """Help for people of the consultation's ages, in the countries asked for or in all of them."""
    for country in countries:
        if country not in directory.countries:
            raise Refusal(
                f"There is no help listed for “{country}”. Countries: "
                f"{', '.join(directory.countries)}."
            )
    audience = definition.audience
    return [
        directory.for_country(country, today, audience.from_age, audience.to_age)
        for country in countries or definition.support.countries
    ]


def _open_for_owner(path: Path) -> None:
    """Make the file before the codes in it begin to work, for nobody else to read."""
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.") from None


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.") from None
    click.echo(f"{path} is ready to print on A4.")
