"""Sorting what people wrote under themes, by one person or two, on the researchers' computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from app.consultation import DefinitionErrors
from app.consultation.findings import did_you_mean
from app.research.coding import (
    Agreement,
    CodedText,
    Coding,
    Decision,
    DecisionLog,
    Key,
    Question,
    TextsError,
    ThemeBook,
    check_coder,
    coders_in,
    load_themes,
    read_texts,
    write_coding,
)

from .coding_screen import STOPPED, WELCOME, Desk, Stopped, say
from .refusal import Refusal


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--themes",
    "themes_path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The themes, as YAML: see docs/for-researchers.md.",
)
@click.option("--coder", required=True, help="Who you are, in letters and digits.")
@click.option("--resolve", is_flag=True, help="Look together at what two coders saw differently.")
def code(folder: Path, themes_path: Path, coder: str, resolve: bool) -> None:
    """Sort what people wrote under themes, text by text, with warnings and pauses.

    Stop at any moment; the same command goes on. Two people can do it without seeing each other's
    decisions; then how far they agree is counted, and --resolve settles the rest. Everything stays
    on this computer.
    """
    try:
        coding, own = _opened(folder, themes_path, coder)
        try:
            _resolve(coding) if resolve else _code(coding, own)
        except (Stopped, KeyboardInterrupt):
            say(f"\n{STOPPED}")
        settled = write_coding(folder, coding)
    except DefinitionErrors as error:
        raise Refusal(f"The themes cannot be used:\n{error}") from None
    except TextsError as error:
        raise Refusal(str(error)) from None
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from None
    for line in _summary(coding, own, settled, resolve):
        say(line)


def _opened(folder: Path, themes_path: Path, coder: str) -> tuple[Coding, DecisionLog]:
    """The texts with all that was decided, and the log of the one who sits here."""
    name = check_coder(coder)
    book = load_themes(themes_path)
    questions = read_texts(folder)
    _refuse_unknown_questions(book, questions, themes_path)
    own = DecisionLog.of(folder, name)
    logs = [own if each == name else DecisionLog.of(folder, each) for each in coders_in(folder)]
    if name not in coders_in(folder):
        logs.append(own)
    return Coding(questions, book, logs, DecisionLog.resolved(folder)), own


def _refuse_unknown_questions(
    book: ThemeBook, questions: tuple[Question, ...], themes_path: Path
) -> None:
    known = [question.name for question in questions]
    for theme in book.themes:
        for name in theme.questions:
            if name not in known:
                hint = did_you_mean(name, known) or f" There are: {', '.join(known)}."
                raise Refusal(f"{themes_path}: theme “{theme.name}”: no texts of “{name}”.{hint}")


def _code(coding: Coding, own: DecisionLog) -> None:
    """Ask about every text that this person has not decided yet; raises Stopped."""
    open_texts = {each.name: _open_texts(coding, own, each) for each in coding.questions}
    if not any(open_texts.values()):
        return
    say(WELCOME)
    for question in coding.questions:
        names = coding.names(question.name)

        def keep(key: Key, themes: tuple[str, ...] | None, offered: frozenset[str] = names) -> None:
            own.write(key, Decision(themes, offered))

        desk = Desk(
            question,
            coding.book.for_question(question.name),
            keep,
            lambda key: _what_i_said(coding, own, key),
        )
        desk.sit(open_texts[question.name])


def _open_texts(coding: Coding, own: DecisionLog, question: Question) -> list[CodedText]:
    """The texts to decide: new ones first, then those for later."""
    if not coding.names(question.name):
        return []
    waiting = [
        text for text in question.texts if coding.decided(own, (question.name, text.id)) is None
    ]
    return sorted(waiting, key=lambda text: own.get((question.name, text.id)) is not None)


def _what_i_said(
    coding: Coding, own: DecisionLog, key: Key
) -> tuple[str, tuple[str, ...] | None] | None:
    """What the same person decided with other themes than today's."""
    earlier = own.get(key)
    if earlier is None or earlier.themes is None:
        return None
    kept = tuple(name for name in earlier.themes if name in coding.names(key[0]))
    said = f"The themes have changed since. You had: {_labels(coding, key, kept)}. = keeps that."
    return said, kept


def _labels(coding: Coding, key: Key, names: tuple[str, ...]) -> str:
    labels = {theme.name: theme.label for theme in coding.book.for_question(key[0])}
    return ", ".join(labels[name] for name in names) or "none"


def _resolve(coding: Coding) -> None:
    """Ask about every text that two coders saw differently; raises Stopped."""
    if len(coding.logs) < 2:  # noqa: PLR2004
        raise Refusal("Only one person has sorted texts, so there is nothing to resolve.")
    differing = {
        question.name: [text for text in question.texts if coding.differs((question.name, text.id))]
        for question in coding.questions
    }
    if not any(differing.values()):
        return
    say(WELCOME)

    def keep(key: Key, themes: tuple[str, ...] | None) -> None:
        coding.resolved.write(key, coding.resolution(key, themes))

    def both(key: Key) -> tuple[str, None]:
        # In alphabetical order, so that nobody has to give in to somebody.
        first, second = sorted(_labels(coding, key, each) for each in coding.pair(key))
        return f"One of you saw: {first}. The other: {second}.", None

    for question in coding.questions:
        desk = Desk(question, coding.book.for_question(question.name), keep, both)
        desk.sit(differing[question.name])


def _summary(coding: Coding, own: DecisionLog, settled: list[str], resolve: bool) -> Iterator[str]:
    waiting = sum(len(_open_texts(coding, own, each)) for each in coding.questions)
    asked = [each for each in coding.questions if coding.names(each.name)]
    total = sum(len(each.texts) for each in asked)
    yield f"\nYou have decided about {total - waiting} of {total} texts."
    differing = sum(coding.differs((each.name, text.id)) for each in asked for text in each.texts)
    if resolve:
        for question in asked:
            yield from _agreement(coding, question)
    # Before somebody is through, each of these lines would say what the other one did.
    if waiting and not resolve:
        return
    if differing:
        many = "1 text was" if differing == 1 else f"{differing} texts were"
        yield f"{many} seen differently. Look at that together with: --resolve"
    for name in settled:
        yield f"{name} is settled: heard report shows its themes."
    if settled:
        yield "coding.json and coding.csv are in the folder."


def _agreement(coding: Coding, question: Question) -> Iterator[str]:
    found = coding.agreement(question)
    if not any(each.texts for each in found.values()):
        return
    yield f"\n{question.name}: how far two people agreed before they talked"
    labels = {theme.name: theme.label for theme in coding.book.for_question(question.name)}
    for name, each in found.items():
        kappa = "kappa cannot be counted" if each.kappa is None else f"kappa {each.kappa:.2f}"
        yield f"  {labels[name]}: {_share(each)}, {kappa}"


def _share(agreement: Agreement) -> str:
    """A whole percentage, rounded half up, with its base."""
    percent = (200 * agreement.agreed + agreement.texts) // (2 * agreement.texts)
    return f"{percent}% ({agreement.agreed} of {agreement.texts})"
