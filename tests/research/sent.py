"""Responses of every kind, to two versions of a consultation with every type of question."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.consultation import Definition

from .conftest import make_definition, make_document

MANY = [{"name": f"c{number}", "label": {"en": f"number {number}"}} for number in range(50)]
YES = {"name": "yes", "label": {"en": "Yes", "fr": "نعم، أخبرت شخصًا"}}
LONG = {"en": "Have you told somebody?", "fr": "هل أخبرت أحدًا؟ " * 20}
FIRST = make_definition(
    [
        {
            "name": "told",
            "type": "select_one",
            "choices": [YES, "no", "96"],
        },
        {"name": "places", "type": "select_multiple", "choices": ["games", "chat", "1"]},
        {"name": "heard", "type": "matrix", "rows": ["adults", "friends"], "choices": ["2", "1"]},
    ],
    [
        {"name": "first", "type": "rank", "choices": ["a", "b", "c"]},
        {
            "name": "safe",
            "type": "scale",
            "from": 0,
            "to": 10,
            "labels": {"0": {"en": "not", "fr": "नेपाली"}, "10": {"en": "very"}},
        },
        {"name": "age", "type": "integer", "from": 0, "to": 120},
    ],
    [
        {"name": "hours", "type": "decimal"},
        {"name": "since", "type": "date", "precision": "month"},
        {"name": "with", "type": "country"},
    ],
    [{"name": "one_of_many", "type": "select_one", "choices": MANY}],
    [{"name": "words", "type": "text"}],
)
SECOND = make_definition(
    [
        {"name": "told", "type": "select_one", "choices": ["no", "new", YES], "label": LONG},
        {"name": "added_in_the_second_version", "type": "integer"},
    ],
    version=2,
)
ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "told": st.sampled_from(["yes", "no", "96"]),
    "places": st.lists(st.sampled_from(["games", "chat", "1"]), unique=True),
    "heard": st.dictionaries(st.sampled_from(["adults", "friends"]), st.sampled_from(["1", "2"])),
    "first": st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    "safe": st.integers(0, 10),
    "age": st.integers(0, 2000),
    "hours": st.sampled_from(["0.25", "-3.5", "12", "-999999997"]),
    "since": st.sampled_from(["2026-11", "2026", "0097", "1999-01"]),
    "with": st.sampled_from(["NP", "XK", "BN", "ZZ"]),
    "one_of_many": st.sampled_from([each["name"] for each in MANY]),
}
WAYS = st.fixed_dictionaries(
    {"ended": st.sampled_from(["complete", "stopped"]), "language": st.sampled_from(["en", "fr"])}
)


def of(definition: Definition, answers: dict[str, Any], **ways: Any) -> bytes:
    """A response document with these answers."""
    changes = {"reached": definition.pages[0].name, **ways, "answers": answers}
    return make_document(definition, **changes)


DOCUMENTS = st.lists(
    st.builds(
        lambda answers, ways, declined: of(
            FIRST, answers, **ways, declined=sorted(set(declined) - set(answers))
        ),
        st.fixed_dictionaries({}, optional=ANSWERS),
        WAYS,
        st.lists(st.sampled_from(sorted(ANSWERS)), unique=True),
    )
    | st.builds(
        lambda answers: of(SECOND, answers),
        st.fixed_dictionaries(
            {},
            optional={
                "told": st.sampled_from(["yes", "no", "new"]),
                "added_in_the_second_version": st.integers(-(10**9), 10**18),
            },
        ),
    ),
    max_size=12,
)
