"""What a person who sorts texts under themes reads and types, one text at a time."""

from __future__ import annotations

import re
import shutil
import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import click

from app.research.coding import CodedText, Key, Question, Theme, suggested

BATCH: Final = 20
WIDEST: Final = 88

WELCOME: Final = """\
You are about to read what people wrote. Some of it may be hard to read.
You can stop at any moment with q: every decision is kept at once, and you go on where you were.
You need not read on your own, nor to the end, nor today.
If something stays with you, tell somebody you trust, or your supervisor. The support services of
the consultation are there for you too. What helps, before and after: docs/distress.md.
"""
PAUSE: Final = (
    "Time for a pause. Look up, move, drink something. Nobody waits for you.\n"
    "If it was much, stop here for today: that is part of doing this well."
)
KEYS: Final = (
    "numbers with spaces between, such as 1 3 · n no theme fits · l come back later · u undo\n"
    "? what the themes mean · p pause · q stop for now"
)
STOPPED: Final = "Stopped. What you decided is kept. Go on with the same command."
_NOTHING_CHOSEN: Final = "Nothing was chosen. Write the numbers of themes, n for none, ? for help."


class Stopped(Exception):
    """The person wants to stop for now."""


@dataclass
class Desk:
    """One sitting with the texts of one question.

    Attributes:
        question: with its label and content warning.
        themes: that its texts can have.
        keep: writes what was decided of a text; None takes it back.
        before: a line on what was decided earlier, and the themes that `=` keeps; None without.
    """

    question: Question
    themes: Sequence[Theme]
    keep: Callable[[Key, tuple[str, ...] | None], None]
    before: Callable[[Key], tuple[str, tuple[str, ...] | None] | None]
    _postponed: set[str] = field(default_factory=set)

    def sit(self, texts: Sequence[CodedText]) -> None:
        """Ask about each text, in batches with a pause between; raises Stopped.

        Whoever wants to come back later to a text meets it once more at the end.
        """
        queue, place = list(texts), 0
        ready_until = 0
        while place < len(queue):
            if place >= ready_until:
                ready_until = min(place + BATCH, len(queue))
                if not self._begin_batch(place, ready_until, len(queue)):
                    place = ready_until
                    continue
            place = self._ask(queue, place)

    def _begin_batch(self, first: int, end: int, total: int) -> bool:
        """Offer a pause, say what comes; whether the person wants these texts now."""
        if first:
            say(f"\n{PAUSE}")
        say(f"\n{self.question.label}")
        if self.question.content_warning:
            say(f"Content warning: {self.question.content_warning}")
        alone = end == first + 1
        say(f"Text {end} of {total}." if alone else f"Texts {first + 1} to {end} of {total}.")
        typed = ask("Enter to begin · s leave these for another day · q stop", "s", "")
        return typed != "s"

    def _ask(self, queue: list[CodedText], place: int) -> int:
        """Ask about one text until something is decided; the place of the next one."""
        text = queue[place]
        key = (self.question.name, text.id)
        earlier = self.before(key)
        self._show(text, place, len(queue), earlier)
        while True:
            typed = read("> ")
            if typed == "u":
                return self._undo(queue, place)
            if typed == "l":
                self._postpone(queue, text, key)
                return place + 1
            if typed == "=" and earlier and earlier[1] is not None:
                self.keep(key, earlier[1])
                return place + 1
            if typed in ("?", "p"):
                self._help() if typed == "?" else self._pause()
                self._show(text, place, len(queue), earlier)
                continue
            chosen, message = chosen_themes(typed, self.themes)
            if chosen is None:
                say(message)
                continue
            self.keep(key, chosen)
            return place + 1

    def _show(
        self,
        text: CodedText,
        place: int,
        total: int,
        earlier: tuple[str, tuple[str, ...] | None] | None,
    ) -> None:
        say(f"\n── {place + 1} of {total} " + "─" * 40)
        say(wrapped(text.text))
        click.echo()
        for number, theme in enumerate(self.themes, start=1):
            say(f"{number:3} {theme.label}")
        found = suggested(text.text, self.themes)
        for number, theme in enumerate(self.themes, start=1):
            if theme.name in found:
                word = found[theme.name].removesuffix("*")
                say(f"    The word “{word}” may point to {number}. You decide.")
        if earlier:
            say(earlier[0])
        say(KEYS)

    def _undo(self, queue: Sequence[CodedText], place: int) -> int:
        if place == 0:
            say("This is the first text of this sitting. There is nothing to undo before it.")
            return place
        self.keep((self.question.name, queue[place - 1].id), None)
        say("The decision about the text before is taken back.")
        return place - 1

    def _postpone(self, queue: list[CodedText], text: CodedText, key: Key) -> None:
        self.keep(key, None)
        if text.id not in self._postponed:
            self._postponed.add(text.id)
            queue.append(text)

    def _help(self) -> None:
        for number, theme in enumerate(self.themes, start=1):
            say(f"\n{number} {theme.label}")
            say(textwrap.indent(wrapped(theme.definition), "  "))
            if theme.when:
                say(textwrap.indent(wrapped(f"When: {theme.when}"), "  "))
        read("Enter to go back to the text ")

    def _pause(self) -> None:
        click.clear()  # nothing stands on the screen while somebody is away
        say(PAUSE)
        read("Enter when you want to go on · q to stop ")


def chosen_themes(typed: str, themes: Sequence[Theme]) -> tuple[tuple[str, ...] | None, str]:
    """Return the names that somebody chose, sorted; or None and what to do instead."""
    if typed in ("n", "none", "0"):
        return (), ""
    words = [word for word in re.split(r"[\s,;]+", typed) if word]
    if not words:
        return None, _NOTHING_CHOSEN
    by_word = {str(number): theme.name for number, theme in enumerate(themes, start=1)}
    by_word |= {theme.name: theme.name for theme in themes}
    unknown = [word for word in words if word not in by_word]
    if unknown:
        ends = f"1 to {len(themes)}"
        return None, f"There is no “{unknown[0]}” here. Write numbers from {ends}, or ? for help."
    return tuple(sorted({by_word[word] for word in words})), ""


def wrapped(text: str) -> str:
    """Return a text in lines that fit, without signs that would move the cursor."""
    width = min(WIDEST, shutil.get_terminal_size().columns - 2)
    plain = "".join(letter for letter in text.expandtabs(4) if _can_be_shown(letter))
    return "\n".join(textwrap.fill(line, width) for line in plain.splitlines())


def _can_be_shown(letter: str) -> bool:
    return letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs")


def say(words: str) -> None:
    """Print a line."""
    click.echo(words)


def ask(words: str, *answers: str) -> str:
    """Ask until one of the answers is typed; raises Stopped."""
    while True:
        typed = read(f"{words} > ")
        if typed in answers:
            return typed
        say("Press one of these keys, then Enter.")


def read(prompt: str) -> str:
    """Return what is typed, in small letters; raises Stopped for q, Ctrl+C and Ctrl+D."""
    try:
        typed: str = click.prompt(prompt, default="", show_default=False, prompt_suffix="")
    except click.Abort:
        raise Stopped from None
    typed = typed.strip().casefold()
    if typed in ("q", "quit"):
        raise Stopped
    return typed
