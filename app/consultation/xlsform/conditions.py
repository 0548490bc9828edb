"""From a form's conditions to the consultation language's, as far as it has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from ..expressions import ARITHMETIC, COMPARISONS, Tree
from .field_conditions import Unreadable, read_condition

TRUE: Tree = ["true"]
FALSE: Tree = ["false"]
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_CHOSEN = ("select_one", "select_multiple", "country")
_NUMBERS = ("integer", "decimal", "scale")
_NEVER_COMPARED = {
    "date": "a date is kept as a month or a year only",
    "matrix": "a matrix has several answers",
    "rank": "an order cannot be compared",
    "note": "a note has no answer",
}
_SELECTED = ("selected", "stringr::str-detect", "str-detect", "grepl")


class NotOurs(Exception):
    """The consultation language cannot say this; the message says what it is."""


@dataclass(frozen=True)
class Subject:
    """A question that a condition can look at."""

    name: str
    type: str
    choices: Mapping[str, str] = field(default_factory=dict)
    """Each choice's name in the definition, by its name in the form."""


@dataclass(frozen=True)
class Scope:
    """What a condition sees: the earlier questions, and why others are not among them."""

    subjects: Mapping[str, Subject]
    why_not: Callable[[str], str]
    this: Subject | None = None
    own_name: str = ""
    foreign_choices_never_hold: bool = False
    """Whether a comparison with a choice that does not exist is false, as in a choice filter."""


@dataclass(frozen=True)
class Translated:
    """What a condition became: `tree` is `None` when it always holds or nothing could be kept."""

    tree: Tree | None
    lost: tuple[str, ...] = ()
    """Why some part, or all of it, was left out."""


def translate(source: str, scope: Scope) -> Translated:
    """The parts of `source`, joined by and, that the language has."""
    try:
        tree = read_condition(source)
    except Unreadable as error:
        return Translated(None, (str(error),))
    return translate_tree(tree, scope)


def translate_tree(tree: Tree, scope: Scope) -> Translated:
    """As `translate`, for a tree that was read already."""
    kept: list[Tree] = []
    lost: list[str] = []
    translator = _Translator(scope)
    for part in conjuncts(tree):
        try:
            kept.append(translator.condition(part))
        except (NotOurs, RecursionError) as error:
            lost.append(str(error) or "it nests too deep")
    whole = joined("and", kept)
    return Translated(None if whole == TRUE else whole, tuple(lost))


def conjuncts(tree: Tree) -> Iterator[Tree]:
    """The parts of a tree that all have to hold."""
    if tree[0] == "and":
        for part in tree[1:]:
            yield from conjuncts(part)
    else:
        yield tree


def joined(operation: str, parts: list[Tree]) -> Tree:
    """`parts` under `and` or `or`, without what makes no difference."""
    nothing, all_decided = (TRUE, FALSE) if operation == "and" else (FALSE, TRUE)
    kept = [part for part in parts if part != nothing]
    if all_decided in kept:
        return all_decided
    if not kept:
        return nothing
    return kept[0] if len(kept) == 1 else [operation, *kept]


def negated(tree: Tree) -> Tree:
    """The opposite of a tree."""
    if tree in (TRUE, FALSE):
        return FALSE if tree == TRUE else TRUE
    if tree[0] == "not":
        inner: Tree = tree[1]
        return inner
    return ["not", tree]


def number_in(text: str) -> Decimal | None:
    """The number that a text is, if it is one."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


class _Translator:
    """One condition, in one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def condition(self, tree: Tree) -> Tree:
        """`tree` where it has to be true or false."""
        operation, *parts = tree
        if operation in ("and", "or"):
            return joined(operation, [self.condition(part) for part in parts])
        if operation in COMPARISONS:
            return self._compare(operation, parts[0], parts[1])
        if operation in ("true", "false"):
            return [operation]
        if operation == "call":
            return self._call(parts[0], parts[1:])
        if operation in ("answer", "bare", "this"):
            return self._alone(tree)
        raise NotOurs("it stands where yes or no belongs")

    def _call(self, name: str, arguments: list[Tree]) -> Tree:
        if name in ("true", "false") and not arguments:
            return [name]
        if name == "not" and len(arguments) == 1:
            return negated(self.condition(arguments[0]))
        if name in _SELECTED and len(arguments) == 2:  # noqa: PLR2004 - what, and which choice
            return self._selected(arguments[0], arguments[1])
        if name in ("is.na", "is-na") and len(arguments) == 1:
            return ["not", ["answered", self._reference(arguments[0])[0]]]
        if name == "answered" and len(arguments) == 1:
            return ["answered", self._reference(arguments[0])[0]]
        raise NotOurs(f"Heard has no {name}()")

    def _reference(self, tree: Tree) -> tuple[Tree, Subject]:
        """The answer that `tree` stands for. Raises `NotOurs`."""
        if tree[0] == "this" and self.scope.this:
            return ["this"], self.scope.this
        if tree[0] not in ("answer", "bare"):
            raise NotOurs("it looks at something that is not an answer")
        name = tree[1]
        if self.scope.this and name == self.scope.own_name:
            return ["this"], self.scope.this
        subject = self.scope.subjects.get(name)
        if subject is None:
            raise NotOurs(self.scope.why_not(name))
        return ["answer", subject.name], subject

    def _alone(self, tree: Tree) -> Tree:
        reference, subject = self._reference(tree)
        if subject.type in _NUMBERS:
            raise NotOurs(f"“{subject.name}” is a number and not yes or no")
        return ["answered", reference]

    def _selected(self, many: Tree, which: Tree) -> Tree:
        if many[0] == "text" and which[0] in ("answer", "bare"):
            found = [self._compare("=", which, ["text", word]) for word in many[1].split()]
            return joined("or", found)
        if which[0] not in ("text", "number"):
            raise NotOurs("selected() needs the name of a choice in quotes")
        if many[0] == "text":
            return TRUE if which[1] in many[1].split() else FALSE
        reference, subject = self._reference(many)
        if subject.type in _NUMBERS or subject.type == "country":
            return self._adapt("=", reference, subject, which)
        if subject.type not in (*_CHOSEN, "rank"):
            raise NotOurs(f"“{subject.name}” has no choices")
        choice = self._choice(subject, which[1])
        return FALSE if choice is None else ["selected", reference, choice]

    def _choice(self, subject: Subject, written: str) -> str | None:
        """The choice's name in the definition; `None` when the comparison never holds."""
        if written in subject.choices:
            return subject.choices[written]
        if self.scope.foreign_choices_never_hold:
            return None
        raise NotOurs(f"“{subject.name}” has no choice “{written}”")

    def _compare(self, sign: str, left: Tree, right: Tree) -> Tree:
        if _literal(left) and _literal(right):
            return _decided(sign, _worth(left), _worth(right))
        if right[0] == "call" and right[1] in ("true", "false"):
            return self._truth(sign, left, right[1] == "true")
        if _literal(left):
            sign, left, right = _FLIPPED.get(sign, sign), right, left
        if left[:2] == ["call", "string-length"]:
            return self._length(sign, left, right)
        if _literal(right) and left[0] in ("answer", "bare", "this"):
            reference, subject = self._reference(left)
            return self._adapt(sign, reference, subject, right)
        return [sign, self._operand(left), self._operand(right)]

    def _truth(self, sign: str, left: Tree, wanted: bool) -> Tree:
        """`selected(…) = true()` is `selected(…)`."""
        if left[0] in ("answer", "bare", "this") or sign not in ("=", "!="):
            raise NotOurs("an answer is not yes or no")
        held = self.condition(left)
        return held if (sign == "=") == wanted else negated(held)

    def _length(self, sign: str, call: Tree, right: Tree) -> Tree:
        """`string-length(x) > 0` is whether there is an answer."""
        if len(call) == 3 and _literal(right):  # noqa: PLR2004 - call, name, argument
            something = (sign, _worth(right)) in ((">", "0"), (">=", "1"), ("!=", "0"))
            nothing = (sign, _worth(right)) in (("=", "0"), ("<", "1"), ("<=", "0"))
            if something or nothing:
                answered: Tree = ["answered", self._reference(call[2])[0]]
                return answered if something else ["not", answered]
        raise NotOurs("Heard does not count letters in a condition")

    def _adapt(self, sign: str, reference: Tree, subject: Subject, literal: Tree) -> Tree:
        """A comparison of an answer with what stands in the form, fitted to the answer's type."""
        worth = _worth(literal)
        if worth == "" and sign in ("=", "!="):
            answered: Tree = ["answered", reference]
            return answered if sign == "!=" else ["not", answered]
        if subject.type in _NEVER_COMPARED:
            raise NotOurs(_NEVER_COMPARED[subject.type])
        if subject.type in _NUMBERS:
            return [sign, reference, self._number(subject, literal)]
        if subject.type == "select_multiple":
            return self._only(sign, reference, subject, worth)
        if subject.type in _CHOSEN:
            return self._one(sign, reference, subject, worth)
        return [sign, reference, literal]

    def _number(self, subject: Subject, literal: Tree) -> Tree:
        number = number_in(_worth(literal))
        if number is None:
            raise NotOurs(f"“{subject.name}” is a number")
        return as_number(number)

    def _only(self, sign: str, reference: Tree, subject: Subject, worth: str) -> Tree:
        """In XLSForm, a comparison with several answers holds for exactly that one answer."""
        if sign not in ("=", "!="):
            raise NotOurs(f"“{subject.name}” has several answers")
        choice = self._choice(subject, worth)
        if choice is None:
            return FALSE
        count: Tree = ["=", ["count_selected", reference], ["number", "1"]]
        only: Tree = ["and", ["selected", reference, choice], count]
        return only if sign == "=" else ["not", only]

    def _one(self, sign: str, reference: Tree, subject: Subject, worth: str) -> Tree:
        if sign in ("=", "!="):
            choice = self._choice(subject, worth)
            if choice is None:
                return FALSE if sign == "=" else TRUE
            return [sign, reference, ["text", choice]]
        limit = number_in(worth)
        named = {number_in(name): choice for name, choice in subject.choices.items()}
        if limit is None or None in named:
            raise NotOurs(f"the choices of “{subject.name}” are not all numbers")
        holding = [
            choice
            for number, choice in named.items()
            if number is not None and _decided(sign, str(number), str(limit)) == TRUE
        ]
        return joined("or", [["=", reference, ["text", choice]] for choice in holding])

    def _operand(self, tree: Tree) -> Tree:
        operation, *parts = tree
        if operation in ("number", "text"):
            return tree
        if operation == "negative":
            return ["negative", self._operand(parts[0])]
        if operation in ARITHMETIC:
            return [operation, self._operand(parts[0]), self._operand(parts[1])]
        if operation in ("div", "mod"):
            raise NotOurs("Heard does not divide")
        if operation == "call":
            return self._operand_call(parts[0], parts[1:])
        if operation in COMPARISONS or operation in ("and", "or", "true", "false"):
            raise NotOurs("it compares yes or no with something")
        reference, subject = self._reference(tree)
        if subject.type in _NEVER_COMPARED:
            raise NotOurs(_NEVER_COMPARED[subject.type])
        if subject.type == "select_multiple":
            raise NotOurs(f"“{subject.name}” has several answers")
        return reference

    def _operand_call(self, name: str, arguments: list[Tree]) -> Tree:
        if name == "count-selected" and len(arguments) == 1:
            reference, subject = self._reference(arguments[0])
            if subject.type not in ("select_multiple", "rank"):
                raise NotOurs(f"“{subject.name}” has one answer at most")
            return ["count_selected", reference]
        if name == "number" and len(arguments) == 1:
            return self._operand(arguments[0])
        raise NotOurs(f"Heard has no {name}()")


def own_tree(tree: Tree) -> Tree:
    """The tree that Heard exported, back in its own words; nothing is fitted to anything.

    Raises `NotOurs` where somebody has put in what Heard would not write.
    """
    operation, *parts = tree
    if operation == ">" and parts[0][:2] == ["call", "string-length"] and _worth(parts[1]) == "0":
        return ["answered", own_tree(parts[0][2])]
    if operation != "call":
        if operation == "bare" or operation in ("div", "mod"):
            raise NotOurs("Heard does not write this")
        return [operation, *(own_tree(p) if isinstance(p, list) else p for p in parts)]
    name, *arguments = parts
    if name in ("true", "false"):
        return [name]
    if name == "selected" and len(arguments) == 2 and arguments[1][0] == "text":  # noqa: PLR2004
        return ["selected", own_tree(arguments[0]), arguments[1][1]]
    if name in ("not", "count-selected") and len(arguments) == 1:
        return [name.replace("-", "_"), own_tree(arguments[0])]
    raise NotOurs(f"Heard has no {name}()")


def own_choice_tree(tree: Tree) -> Tree | bool:
    """As `own_tree`, for a choice filter in which what stands in the columns decides.

    What is decided is a plain truth, and nothing else of the tree is touched.
    """
    operation, *parts = tree
    if operation in COMPARISONS and _literal(parts[0]) and _literal(parts[1]):
        return _decided(operation, _worth(parts[0]), _worth(parts[1])) == TRUE
    if operation not in ("and", "or") or not any(_has_literals(part) for part in parts):
        return own_tree(tree)
    decides: bool = operation == "or"
    decided = [own_choice_tree(part) for part in parts]
    if any(part is decides for part in decided):
        return decides
    trees: list[Tree] = [part for part in decided if not isinstance(part, bool)]
    if not trees:
        return not decides
    whole: Tree = trees[0] if len(trees) == 1 else [operation, *trees]
    return whole


def _has_literals(tree: Tree) -> bool:
    """Whether some comparison in a tree is between two things that are known."""
    operation, *parts = tree
    if operation in COMPARISONS:
        return _literal(parts[0]) and _literal(parts[1])
    return operation in ("and", "or") and any(_has_literals(part) for part in parts)


def as_number(number: Decimal) -> Tree:
    """A number as a tree; the grammar has no negative ones."""
    if number < 0:
        return ["negative", as_number(-number)]
    return ["number", f"{number:f}"]


def _literal(tree: Tree) -> bool:
    return tree[0] in ("text", "number") or (tree[0] == "negative" and tree[1][0] == "number")


def _worth(tree: Tree) -> str:
    return f"-{tree[1][1]}" if tree[0] == "negative" else str(tree[1])


def _decided(sign: str, left: str, right: str) -> Tree:
    """A comparison between two things that are known already."""
    one, two = number_in(left), number_in(right)
    if one is None or two is None:
        holds = (left == right) == (sign == "=") if sign in ("=", "!=") else False
    else:
        holds = {
            **{"=": one == two, "!=": one != two, "<": one < two},
            **{"<=": one <= two, ">": one > two, ">=": one >= two},
        }[sign]
    return TRUE if holds else FALSE


def with_columns(tree: Tree, columns: Mapping[str, str], known: set[str]) -> Tree:
    """A choice filter for one choice: its columns' names replaced by what stands in them."""
    if tree[0] == "bare" and tree[1] in known:
        return ["text", columns.get(tree[1], "")]
    return [with_columns(part, columns, known) if isinstance(part, list) else part for part in tree]
