"""Promise 6: a hard topic is announced before it is shown, with real choices."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest

from app.consultation import Definition
from tests.person import Page
from tests.place import SAMPLES, Place
from tests.walks import step_of, walk


def hard_pages(definition: Definition) -> Iterator[str]:
    return (page.name for page in definition.pages if page.content_warning)


def texts_of(definition: Definition, page: str) -> list[str]:
    """What the questions and choices of a page say, as far as it says it nowhere else."""
    others = [q for p in definition.pages if p.name != page for q in p.questions]
    everywhere = " ".join(str(question.model_dump()) for question in others)
    labels = [question.label["en"] for question in definition.pages_by_name[page].questions]
    return [label for label in labels if label not in everywhere]


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R20")
def test_no_hard_question_is_in_any_page_before_its_warning_was_answered(
    place: Place, consultation: str
) -> None:  # R20
    definition = place.definition(consultation)
    hard = list(hard_pages(definition))
    assert len(hard) >= 2
    seen: list[Page] = []

    walk(place.person(consultation), look=seen.append)

    steps = [step_of(page) for page in seen]
    for name in hard:
        assert steps.index(f"page:{name}") == steps.index(f"warning:{name}") + 1
        texts = texts_of(definition, name)
        assert texts
        for page in seen[: steps.index(f"page:{name}")]:
            assert not [text for text in texts if text in unescape(page.body)]
        shown = unescape(seen[steps.index(f"page:{name}")].body)
        assert all(text in shown for text in texts)


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R21", "R22")
def test_a_warning_offers_real_choices_of_equal_weight(place: Place, consultation: str) -> None:
    seen: list[Page] = []
    walk(place.person(consultation), look=seen.append)

    warnings = [page for page in seen if step_of(page).startswith("warning:")]
    assert len(warnings) >= 2
    for page in warnings:
        acts = [value for _, value, _ in page.form.buttons if not value.startswith("language:")]
        assert set(acts) >= {"continue", "skip", "skip_topic", "pause", "support", "back"}
        inside = page.body.partition('<div class="equal')[2].partition("</div>")[0]
        assert inside.count("<button") == 5
        classes = {part.partition('"')[0] for part in inside.split('class="')[1:]}
        assert len(classes) == 1


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R20", "R38")
def test_skipping_at_the_warning_shows_and_stores_nothing_of_the_page(
    place: Place, consultation: str
) -> None:  # R21
    definition = place.definition(consultation)
    first, *others = hard_pages(definition)
    seen: list[Page] = []
    person = place.person(consultation)

    (document,) = place.sent_by(
        lambda: walk(person, look=seen.append, decisions={f"warning:{first}": "skip"}),
        consultation,
    )

    steps = [step_of(page) for page in seen]
    assert f"page:{first}" not in steps
    always = {name for name in others if not definition.pages_by_name[name].relevant}
    assert {f"page:{name}" for name in always} <= set(steps)
    asked = {question.name for question in definition.pages_by_name[first].asked}
    assert asked <= set(document["not_shown"])


@pytest.mark.requirement("R21")
def test_skipping_the_topic_leaves_out_every_page_of_it(place: Place) -> None:
    definition = place.definition("survivors-perspectives")
    first = next(hard_pages(definition))
    topics = set(definition.pages_by_name[first].topics)
    same = [page.name for page in definition.pages if topics & set(page.topics)]
    seen: list[Page] = []

    walk(
        place.person("survivors-perspectives"),
        look=seen.append,
        decisions={f"warning:{first}": "skip_topic"},
    )

    steps = {step_of(page) for page in seen}
    assert f"warning:{first}" in steps
    assert not {f"page:{name}" for name in same} & steps
    assert not {f"warning:{name}" for name in same if name != first} & steps


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R25")
def test_what_somebody_would_rather_not_see_is_never_mentioned_again(
    place: Place, consultation: str
) -> None:
    topics = [topic.name for topic in place.definition(consultation).topics]
    person = place.person(consultation)
    seen: list[Page] = []
    walk(person, until="leave_out")
    person.press("continue", {"leave_out": topics})

    walk(person, look=seen.append)

    steps = {step_of(page) for page in seen}
    assert not [step for step in steps if step.startswith("warning:")]
    hard = {f"page:{name}" for name in hard_pages(place.definition(consultation))}
    assert not hard & steps


@pytest.mark.parametrize("detour", ["pause", "support"])
@pytest.mark.requirement("R21", "R31")
def test_a_pause_or_help_at_a_warning_comes_back_to_the_warning(place: Place, detour: str) -> None:
    person = place.person()
    walk(person, until="warning:talking")

    away = person.press(detour)
    assert step_of(away) == ""
    back = person.open("/back-to-questions")

    assert step_of(back) == "warning:talking"


@pytest.mark.requirement("R20")
def test_a_hard_page_cannot_be_reached_by_its_address_before_its_warning(place: Place) -> None:
    person = place.person()
    walk(person, until="warning:talking")
    number = int(person.seen.path.rpartition("/")[2])
    texts = texts_of(place.definition("internet-safer"), "talking")

    for address in range(number, number + 12):
        page = person.open(f"/page/{address}")
        assert not [text for text in texts if text in unescape(page.body)]
