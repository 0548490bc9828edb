"""Definitions of every kind, generated: all types, conditions, languages, shared lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from app.consultation import Definition, load_definition
from app.consultation.expressions import print_expression
from app.consultation.xlsform.form import Text
from app.consultation.xlsform.yaml_writer import Writer

LANGUAGES = ("en", "fr", "ar", "ne", "pt-BR", "zh-Hant")
SIGNS = st.characters(
    exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="\ufeff\ufffe\uffff$#"
)
WORDS = st.text(
    st.one_of(SIGNS, st.sampled_from("\n'\"=:{}[]|<>&%@`\\- \u00a0\u200c")), max_size=30
)
SAID = st.builds(
    lambda first, rest, last: first + rest + last,
    st.sampled_from("aZé؟क4=+-"),
    WORDS,
    st.sampled_from(["", "?", "\n", " x"]),
)
TYPES = (
    *("select_one", "select_multiple", "text", "integer", "decimal", "scale", "rank", "matrix"),
    *("date", "country", "note"),
)


@dataclass
class Making:
    """What is known while a definition is made."""

    draw: Any
    languages: list[str]
    lists: dict[str, list[dict[str, Any]]]
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Questions so far, with their choices."""
    names: int = 0

    def name(self, stem: str) -> str:
        self.names += 1
        return f"{stem}_{self.names}"

    def text(self) -> Text:
        first, *others = self.languages
        written = [tag for tag in others if self.draw(st.integers(0, 9))]
        return Text({tag: self.draw(SAID) for tag in (first, *written)})

    def maybe(self, keys: dict[str, Any], key: str, make: Any) -> None:
        if self.draw(st.integers(0, 3)) == 0:
            keys[key] = make()


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Any definition."""
    languages = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True))
    making = Making(draw, languages, {})
    for _ in range(draw(st.integers(0, 2))):
        making.lists[making.name("list")] = _choices(making)
    pages = [_page(making) for _ in range(draw(st.integers(1, 3)))]
    tree = _head(making) | {"pages": pages, "thanks": {"what_happens_next": making.text()}}
    if making.lists:
        tree["choice_lists"] = making.lists
    return load_definition(Writer().text(tree), "made.yaml")


def _head(making: Making) -> dict[str, Any]:
    statement = {"name": "agree", "label": making.text()}
    return {
        **{"consultation": "made-up", "version": "3", "languages": making.languages},
        **{"title": making.text(), "public_name": making.text(), "about": making.text()},
        "organisation": {"name": making.text(), "contact": "somebody@example.org"},
        **{"minutes": "5", "audience": {"from_age": "13"}, "exit_to": _exit(making)},
        "dates": {
            **{"opens": "2020-01-01", "closes": "2099-01-01"},
            **{"results_by": "2099-02-01", "delete_by": "2099-03-01"},
        },
        "support": {"countries": ["GB", "NP"]},
        "consent": {"model": "adult", "statements": [statement]},
        "topics": [{"name": "storms", "label": making.text()}],
    }


def _exit(making: Making) -> str | dict[str, str]:
    """One address for everybody, or one for each language and one for the others."""
    own = {tag: f"https://weather.example/{tag}" for tag in making.languages}
    by_language = {**own, "all": "https://weather.example/all"}
    return by_language if making.draw(st.booleans()) else "https://weather.example/"


def _page(making: Making) -> dict[str, Any]:
    keys: dict[str, Any] = {"name": making.name("page")}
    making.maybe(keys, "title", making.text)
    if making.draw(st.booleans()):
        keys |= {"topics": ["storms"], "content_warning": making.text()}
    making.maybe(keys, "area", lambda: making.draw(st.sampled_from(["support", "training"])))
    making.maybe(keys, "relevant", lambda: _condition(making))
    keys["questions"] = [_question(making) for _ in range(making.draw(st.integers(1, 4)))]
    return keys


def _question(making: Making) -> dict[str, Any]:
    kind = making.draw(st.sampled_from(TYPES))
    keys: dict[str, Any] = {"name": making.name("q"), "type": kind, "label": making.text()}
    for key in ("hint", "why"):
        making.maybe(keys, key, making.text)
    making.maybe(keys, "area", lambda: "reporting")
    making.maybe(keys, "relevant", lambda: _condition(making))
    if kind != "note":
        making.maybe(keys, "prefer_not_to_say", lambda: "true")
    making.maybe(keys, "image", lambda: {"file": "a/b_c-1.png", "alt": making.text()})
    making.maybe(keys, "audio", lambda: {"file": "x.mp3", "transcript": making.text()})
    keys |= _of_type(making, kind)
    if kind in ("integer", "text", "select_multiple"):
        making.maybe(keys, "constraint", lambda: _constraint(making, kind, keys))
        making.maybe(keys, "constraint_message", making.text)
    making.asked.append(keys)
    return keys


def _of_type(making: Making, kind: str) -> dict[str, Any]:
    draw = making.draw
    keys: dict[str, Any] = {}
    if kind in ("select_one", "select_multiple", "rank"):
        shared = making.lists and kind != "rank" and draw(st.booleans())
        keys["choices"] = (
            draw(st.sampled_from(sorted(making.lists))) if shared else _choices(making)
        )
        making.maybe(keys, "randomize", lambda: "true")
    elif kind == "matrix":
        keys["rows"] = [
            {"name": f"row_{number}", "label": making.text()}
            for number in range(draw(st.integers(1, 3)))
        ]
        keys["choices"] = _choices(making)
    elif kind == "scale":
        low, high = draw(st.integers(0, 3)), draw(st.integers(4, 7))
        points = {low, high, *draw(st.sets(st.integers(low, high)))}
        keys |= {"from": str(low), "to": str(high)}
        keys["labels"] = {str(point): making.text() for point in sorted(points)}
        if len(points) == high - low + 1:
            making.maybe(keys, "faces", lambda: "true")
    elif kind == "text":
        making.maybe(keys, "lines", lambda: str(draw(st.integers(1, 30))))
        making.maybe(keys, "max_length", lambda: str(draw(st.integers(1, 10_000))))
    elif kind == "date":
        keys["precision"] = draw(st.sampled_from(["month", "year"]))
    elif kind in ("integer", "decimal"):
        numbers = st.integers(-50, 50) if kind == "integer" else st.floats(-9, 9)
        for end in ("from", "to"):
            making.maybe(keys, end, lambda: f"{draw(numbers)}")
    return keys


def _choices(making: Making) -> list[dict[str, Any]]:
    choices = []
    for number in range(making.draw(st.integers(2, 4))):
        name = making.draw(st.sampled_from(["yes", "no", "1", "a__b", "none", "null", "x"]))
        choice: dict[str, Any] = {"name": f"{name}{number}", "label": making.text()}
        making.maybe(choice, "exclusive", lambda: "true")
        making.maybe(choice, "image", lambda: {"file": "b.svg", "alt": making.text()})
        making.maybe(choice, "audio", lambda: {"file": "c.ogg", "transcript": making.text()})
        making.maybe(choice, "relevant", lambda: _condition(making))
        choices.append(choice)
    return choices


def _condition(making: Making) -> str:
    return print_expression(_truth(making, 2))


def _truth(making: Making, depth: int) -> list[Any]:
    draw = making.draw
    kind = draw(st.integers(0, 5)) if depth else 9
    if kind == 0:
        return ["and", _truth(making, depth - 1), _truth(making, depth - 1)]
    if kind == 1:
        return ["or", *(_truth(making, depth - 1) for _ in range(draw(st.integers(2, 3))))]
    if kind == 2:
        return ["not", _truth(making, depth - 1)]
    answerable = [keys for keys in making.asked if keys["type"] != "note"]
    if not answerable:
        return [draw(st.sampled_from(["true", "false"]))]
    return _about(making, draw(st.sampled_from(answerable)))


def _about(making: Making, asked: dict[str, Any]) -> list[Any]:
    draw, kind = making.draw, asked["type"]
    answer = ["answer", asked["name"]]
    sign = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    if kind in ("integer", "decimal", "scale"):
        number: list[Any] = ["number", draw(st.sampled_from(["0", "3", "2.5"]))]
        if draw(st.booleans()):
            number = ["-", ["negative", number], ["*", answer, ["number", "2"]]]
        return [sign, answer, number]
    choices = asked.get("choices")
    listed = making.lists[choices] if isinstance(choices, str) else choices
    if kind in ("select_one", "select_multiple", "rank") and draw(st.booleans()):
        return ["selected", answer, draw(st.sampled_from(listed or []))["name"]]
    if kind in ("select_multiple", "rank"):
        return [sign, ["count_selected", answer], ["number", "2"]]
    if kind == "select_one":
        return ["=", answer, ["text", draw(st.sampled_from(listed or []))["name"]]]
    if kind in ("text", "date"):
        return [draw(st.sampled_from(["=", "!="])), ["text", draw(st.sampled_from("a'"))], answer]
    return ["answered", answer]


def _constraint(making: Making, kind: str, keys: dict[str, Any]) -> str:
    draw = making.draw
    if kind == "integer":
        number = ["number", str(draw(st.integers(0, 50)))]
        limit: list[Any] = [draw(st.sampled_from([">=", "<=", "!="])), ["this"], number]
        return print_expression(["and", limit, _truth(making, 1)] if draw(st.booleans()) else limit)
    if kind == "text":
        return print_expression(["!=", ["this"], ["text", "x"]])
    listed = making.lists[keys["choices"]] if isinstance(keys["choices"], str) else keys["choices"]
    alone = ["selected", ["this"], listed[0]["name"]]
    many = [">", ["count_selected", ["this"]], ["number", "1"]]
    return print_expression(["not", ["and", alone, many]])
