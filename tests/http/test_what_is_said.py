"""What people are told before and between the questions, and what they are never told."""

from __future__ import annotations

import re

from tests.person import Page
from tests.place import SAMPLES, Place
from tests.walks import step_of, walk

FOUR_STATEMENTS = {
    "what exit is": "“Exit this page” is at the top of every page",
    "what it does": "deletes what you have not sent",
    "what it does not do": "It does not delete your browsing history",
    "what watches": "an app that watches your phone or computer",
    "how to come back": "start again with the same link or code",
}
PRECAUTIONS = {
    "another device": "a device that the other person has never had",
    "a private window": "a private window",
    "this entry alone": "remove only this site from your history",
}
CLAIMS = re.compile(
    r"clears? your history|leaves? no trace|100 ?%|complete(ly)? anonym|fully anonym"
    r"|totally confidential|nobody can ever|untraceable|keep you safe",
    re.IGNORECASE,
)
PRESSURE = re.compile(
    r"\d ?%|almost (there|done)|only \d+ (more|to go)|well done|great job|keep going|streak|brave",
    re.IGNORECASE,
)
PROGRESS = re.compile(r"Question \d+ of about \d+\. You can stop any time\.")


def pages_of(place: Place, consultation: str) -> dict[str, Page]:
    """Every step of a whole walk, by its key."""
    seen: dict[str, Page] = {}
    person = place.person(consultation)

    def look(page: Page) -> None:
        seen[step_of(page)] = page

    walk(person, until="check", look=look)
    return seen


def test_r3_safety_is_explained_before_anything_is_asked(place: Place) -> None:
    seen = pages_of(place, SAMPLES[0])
    said = seen["safety"].words

    assert {name for name, part in FOUR_STATEMENTS.items() if part not in said} == set()
    order = list(seen)
    assert order.index("safety") < min(order.index(step) for step in order if ":" in step)


def test_r5_precautions_that_draw_no_attention(place: Place) -> None:
    said = pages_of(place, SAMPLES[0])["safety"].words

    assert {name for name, part in PRECAUTIONS.items() if part not in said} == set()
    assert "An empty history can make someone ask questions" in said


def test_r4_r84_r85_no_page_claims_too_much_or_presses_anybody(place: Place) -> None:
    for consultation in SAMPLES:
        for step, page in pages_of(place, consultation).items():
            said = page.words
            assert CLAIMS.search(said) is None, step
            assert PRESSURE.search(said) is None, step


def test_r29_progress_is_a_plain_sentence(place: Place) -> None:
    for consultation in SAMPLES:
        questions = {s: p for s, p in pages_of(place, consultation).items() if s[:5] == "page:"}
        assert questions
        for step, page in questions.items():
            assert PROGRESS.search(page.words), step
