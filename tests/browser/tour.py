"""A tour through every page and state of a consultation, for tests that look at each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.consultation import Definition
from app.consultation.ages import age_spans
from app.consultation.questions import PREFER_NOT_TO_SAY, Rank, TextQuestion
from tests.server import Demo

from .plausible import plausible_answers
from .stories import ADULT, EVERYTHING, sample
from .walking import Answer, Detour, Plan, Walker

ANSWERS: dict[str, dict[str, Answer]] = {
    "internet-safer": EVERYTHING,
    "survivors-perspectives": ADULT,
}
TOLD = "she-leads"
"""The sample whose results page has outcomes in every state."""
TELLING = "Write to someone@example.org"
TELLS_NOBODY = "They could ask more often, and wait for the answer"
GONE = "A" * 43
"""A cookie of the right form whose draft is not there."""

KEEP = "button[name=action][value=keep]"

Look = Callable[[str], None]


def tour(person: Walker, demo: Demo, consultation: str, language: str, look: Look) -> None:
    """Visit every page and state in one language; `look` is called with the name of each."""
    code = demo.codes(consultation)[0]
    pages_without_session(person, demo, consultation, language, look)
    person.start(code, language)
    _whole_way(person, consultation, look)
    person.press("send")
    look("sent")
    _other_ends(person, code, language, look)
    _end_by_age(person, consultation, code, language, look)


def pages_without_session(
    person: Walker, demo: Demo, consultation: str, language: str, look: Look
) -> None:
    """Visit the pages that need no session."""
    code, told = demo.codes(consultation)[0], demo.codes(TOLD)[0]
    query = f"?language={language}"
    of_outcomes = {"results, told": f"/results/{told}{query}"}
    for name, address in {
        **(of_outcomes if language in sample(TOLD).languages else {}),
        "front": f"/{query}",
        "support": f"/support{query}",
        "support in a country": f"/support{query}&country=GB",
        "withdraw": f"/withdraw{query}",
        "results": f"/results/{code}{query}",
        "results, which": f"/results{query}",
        "not found": f"/nothing/here{query}",
        "front with a code": f"/{code}{query}",
    }.items():
        person.open(address)
        look(name)
    person.open(f"/{query}")
    person.type("code", "no-such-code")
    person.follow("form[action='/start'] button")
    look("unknown code")
    person.open(f"/withdraw{query}")
    person.type("code", "six words that nobody was given")
    person.follow("main form button")
    look("withdraw, unknown code")
    person.open(f"/come-back{query}")
    look("come back")
    person.type("words", "six words that nobody was given")
    person.follow("main form button")
    look("come back, unknown words")
    person.driver.add_cookie({"name": "q", "value": GONE, "path": "/"})
    person.open(f"/{code}{query}")
    look("draft gone")


def _whole_way(person: Walker, consultation: str, look: Look) -> None:
    definition = sample(consultation)
    answers = ANSWERS.get(consultation) or plausible_answers(definition)
    ranking = next((q for q in definition.asked if isinstance(q, Rank)), None)
    text = [q for q in definition.asked if isinstance(q, TextQuestion)][-1]
    # Words that tell who somebody is bring up the gentle question after a moment, not at once.
    answers = {**answers, text.name: TELLS_NOBODY}

    def reminded(tourist: Walker) -> None:
        tourist.untick("take_part", "yes")
        tourist.press("continue")
        look("consent, nothing ticked")
        tourist.choose("take_part", "yes")

    def mistaken(tourist: Walker) -> None:
        assert ranking is not None
        given = answers[ranking.name]
        assert isinstance(given, dict)
        tourist.give(ranking.name, dict.fromkeys(given, "1"))
        tourist.press("continue")
        look(f"{tourist.step}, error")
        tourist.give(ranking.name, given)

    def noticed(tourist: Walker) -> None:
        tourist.type(text.name, TELLING)
        tourist.press("continue")
        look(f"{tourist.step}, notice")
        tourist.give(text.name, answers[text.name])

    def resting(tourist: Walker) -> None:
        for place in ("pause", "support"):
            tourist.press(place)
            look(f"{place}, on the way")
            tourist.follow("a[href='/back-to-questions']")
        tourist.open("/")
        look("go on")
        tourist.follow("a[href='/back-to-questions']")

    def looked_at(tourist: Walker) -> None:
        look(tourist.step)

    steps = ["about", "safety", "age", "consent", "understanding", "leave_out", "check"]
    steps += [f"{kind}:{page.name}" for page in definition.pages for kind in ("warning", "page")]
    detours: dict[str, list[Detour]] = {step: [looked_at] for step in steps}
    detours["consent"].append(reminded)
    for step, detour in _changes_of_mind(definition, look):
        detours[step].append(detour)
    if ranking is not None:
        detours[f"page:{definition.page_of[ranking.name].name}"].append(mistaken)
    detours[f"page:{definition.page_of[text.name].name}"] += [noticed, resting]
    person.walk(Plan(answers, detours=detours))


def _changes_of_mind(definition: Definition, look: Look) -> Iterator[tuple[str, Detour]]:
    """Steps on which a person looks at an earlier choice, or does not mean what they press."""
    texts = [q for q in definition.asked if isinstance(q, TextQuestion)]
    shy = next((q for q in texts if q.prefer_not_to_say), texts[-1])

    def deciding_anew(tourist: Walker) -> None:
        for choice in ("consent", "leave_out"):
            tourist.press(choice)
            look(f"{choice}, again")
            tourist.press("continue")

    def taking_it_otherwise(tourist: Walker) -> None:
        for number, question in enumerate(definition.consent.understanding, 1):
            wrong = next(n for n, choice in enumerate(question.choices, 1) if not choice.right)
            tourist.choose(f"clear_{number}", str(wrong))
        tourist.press("continue")
        look("understanding, explained")

    def of_two_minds(tourist: Walker) -> None:
        box = f"{shy.name}__{PREFER_NOT_TO_SAY}"
        tourist.choose(box, PREFER_NOT_TO_SAY)
        tourist.press("continue")
        look(f"{tourist.step}, both")
        tourist.untick(box, PREFER_NOT_TO_SAY)

    yield "understanding", taking_it_otherwise
    yield f"page:{definition.page_of[texts[-1].name].name}", deciding_anew
    if shy.prefer_not_to_say:
        yield f"page:{definition.page_of[shy.name].name}", of_two_minds


def _other_ends(person: Walker, code: str, language: str, look: Look) -> None:
    person.start(code, language)
    person.walk(Plan({}), until="consent")
    person.press("decline")
    look("declined")
    person.start(code, language)
    person.walk(Plan({}), until="leave_out")
    if person.has(KEEP):
        _keep(person, look)
        person.start(code, language)
        person.walk(Plan({}), until="leave_out")
    person.press("delete", "/stop")
    look("stopped")
    person.start(code, language)
    person.driver.execute_script("document.querySelector('[name=csrf_token]').value = 'stale'")
    person.press("continue")
    look("refused")


def _keep(person: Walker, look: Look) -> None:
    person.press("keep")
    look("keep")
    person.press("keep")
    look("kept")
    person.driver.delete_all_cookies()


def _end_by_age(person: Walker, consultation: str, code: str, language: str, look: Look) -> None:
    outside = [s.value for s in age_spans(sample(consultation).audience) if not s.inside]
    if outside:
        person.start(code, language)
        person.walk(Plan({}), until="age")
        person.choose("age", outside[0])
        person.press("continue")
        look("outside")
