"""Six people, what each of them does, and what a researcher has to find afterwards.

Together they take every branch of both sample consultations. What was not shown and what was not
reached is written down here by hand, not computed: that is what the tests compare with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from app.consultation import Definition, load_definition_file
from app.consultation.questions import (
    PREFER_NOT_TO_SAY,
    AnyQuestion,
    Matrix,
    Rank,
    SelectMultiple,
)
from tests.server import ROOT

from .every_kind import EVERY_KIND
from .every_kind import FILE as EVERY_KIND_FILE
from .walking import Answer, Detour, Plan, Walker

SKIPPED, DECLINED, NOT_SHOWN, NOT_REACHED = "97", "98", "99", "96"

MANY_SCRIPTS = (
    "मलाई ध्यान दिएर सुन्नुहोस्।\nأريد أن يُصغى إليّ.\nIt's \"fine\" – l'été\n"
    "<script>alert(1)</script>\n😀 👩🏽‍🚀 &amp; %3C ${uses} {{ 7*7 }}"
)
FORMULA = "=cmd()|' /C calc'!A0"
LONGEST = ("नमस्ते مرحبا 😀 é, " * 200)[:1999] + "."
TELLS_WHO = "@ school they could ask, or write to @somebody_else on +44 7700 900123"


@dataclass(frozen=True)
class Story:
    """One person from the link to "sent".

    Args:
        name: a word of its own.
        consultation: id.
        language: tag of the language in which the person answers.
        collector: number and name of the link; the number is its place in the definition.
        plan: what is done on the way.
        marked: the question whose text gets a mark of its own, to find the row again.
        changed: answers that are changed from the list of answers.
        removed: answers that are taken out there.
        stops_on: the step on which "Stop and send" is pressed, already filled in.
        not_shown, not_reached: pages.
    """

    name: str
    consultation: str
    language: str
    plan: Plan
    marked: str
    collector: tuple[int, str] = (0, "")
    changed: Mapping[str, Answer] = field(default_factory=dict)
    removed: Sequence[str] = ()
    stops_on: str = ""
    not_shown: Sequence[str] = ()
    not_reached: Sequence[str] = ()

    def with_mark(self, mark: str) -> Story:
        """The same story with a mark at the end of one text."""
        text = f"{self.plan.answers[self.marked]} {mark}"
        plan = replace(self.plan, answers={**self.plan.answers, self.marked: text})
        return replace(self, plan=plan)

    @property
    def answers(self) -> dict[str, Answer]:
        """What is sent in the end."""
        sent = {**self.plan.answers, **self.changed}
        return {name: answer for name, answer in sent.items() if name not in self.removed}


# --- what people do on the way ---


def pause(person: Walker) -> None:
    person.press("pause")
    person.follow("a[href='/back-to-questions']")


def support(person: Walker) -> None:
    person.press("support")
    person.place("country", "GB")
    person.follow("form[action='/support'] button")
    person.follow("a[href='/back-to-questions']")


def back(person: Walker) -> None:
    """Previous, and on again; a warning on the way is answered as before."""
    step = person.step
    person.press("back")
    assert person.step != step
    person.press("continue")


def other_languages(*tags: str) -> Detour:
    def through(person: Walker) -> None:
        for tag in tags:
            person.press(f"language:{tag}")
            assert person.one("html").get_dom_attribute("lang") == tag

    return through


# --- internet-safer ---

EVERYTHING: dict[str, Answer] = {
    "uses": ["friends", "games", "finding_out"],
    "knows_safety": "2",
    "knows_where": "some_apps",
    "report_first": {
        "easy_to_see": "2",
        "clear_words": "5",
        "few_steps": "4",
        "private": "1",
        "answer": "3",
    },
    "button_now": {
        "easy_to_see": "not_true",
        "clear_words": "partly_true",
        "few_steps": "very_true",
        "what_next": "do_not_know",
    },
    "app_answers": "not_often",
    "report_stops": ["not_knowing_how", "blame", "no_change"],
    "report_easier": MANY_SCRIPTS,
    "help_from": ["friends", "helpline"],
    "harder_for": ["disability", "far_away"],
    "help_kind": ["chat", "later"],
    "help_near": "only_some",
    "advice_fits": "1",
    "advice_how": ["same_age", "paper"],
    "workers_now": {
        "listen": "quite_well",
        "take_seriously": "not_well",
        "explain": "do_not_know",
        "know_online": "not_well",
    },
    "workers_learn": "no_blame",
    "one_change": TELLS_WHO,
    "age_band": "age_16_18",
    "kind_of_place": "village",
}

INTERNET_SAFER = (
    Story(
        name="everything",
        consultation="internet-safer",
        language="en",
        plan=Plan(
            EVERYTHING,
            consent=("take_part", "quotes", "later_research"),
            detours={
                "page:online_life": [pause],
                "page:report_button": [support],
                "page:report_barriers": [back],
                "warning:talking": [pause, support],
                "page:last_page": [other_languages("fr", "ar", "en")],
                "check": [pause, support, other_languages("ar", "en")],
            },
        ),
        marked="one_change",
        changed={"knows_safety": "5", "uses": ["hardly"]},
        removed=["harder_for", "report_stops"],
    ),
    Story(
        name="skips",
        consultation="internet-safer",
        language="fr",
        plan=Plan(
            {
                "uses": ["videos"],
                "knows_where": "no",
                "report_first": {"answer": "1", "private": "2"},
                "help_from": ["nobody"],
                "advice_fits": "4",
                "workers_learn": "apps",
                "one_change": FORMULA,
                "age_band": PREFER_NOT_TO_SAY,
            },
            warnings={"report_barriers": "skip", "talking": "skip_topic"},
            skip=["workers"],
            detours={"page:last_page": [back]},
        ),
        marked="one_change",
        not_shown=["report_now", "report_barriers", "talking"],
    ),
    Story(
        name="leaves-out",
        consultation="internet-safer",
        language="ar",
        plan=Plan(
            {
                **EVERYTHING,
                "knows_where": "most_apps",
                "report_stops": [PREFER_NOT_TO_SAY],
                "report_easier": PREFER_NOT_TO_SAY,
                "one_change": "+ أن يكون الزر واضحًا\n- وأن يصل رد 😀",
                "workers_now": {"listen": "very_well"},
                "kind_of_place": PREFER_NOT_TO_SAY,
            },
            consent=("take_part", "quotes"),
            leave_out=["hard_feelings"],
            detours={"page:report_barriers": [pause, other_languages("en", "ar")]},
        ),
        marked="one_change",
        not_shown=["talking"],
    ),
    Story(
        name="stops",
        consultation="internet-safer",
        language="en",
        plan=Plan({**EVERYTHING, "report_easier": "-2+3 ideas"}),
        marked="report_easier",
        stops_on="page:report_barriers",
        not_reached=["getting_help", "talking", "good_information", "workers", "last_page"],
    ),
)

# --- survivors-perspectives ---

ADULT: dict[str, Answer] = {
    "look_for_help": ["clinic", "local_group"],
    "easy_to_find": "1",
    "asked_service": "yes",
    "stood_in_way": ["not_believed", "distance", "wait"],
    "services_helped": ["survivor_group", "lawyer"],
    "how_treated": {
        "believed": "yes",
        "let_me_decide": "partly",
        "explained": "no",
        "kept_private": "do_not_know",
    },
    "what_helped": LONGEST,
    "support_first": {
        "trained_listener": "3",
        "other_survivors": "1",
        "health_care": "2",
    },
    "support_lasts": "costs",
    "report_safer": ["same_person", "say_once"],
    "workers_ready": "3",
    "workers_learn": ["listen", "not_push", "refer"],
    "should_know": ["any_time"],
    "one_change": f"'{MANY_SCRIPTS}",
    "age_band": "age_45_or_more",
    "kind_of_place": "countryside",
}

SURVIVORS = (
    Story(
        name="asked",
        consultation="survivors-perspectives",
        language="en",
        plan=Plan(
            ADULT,
            consent=("take_part", "quotes", "later_research"),
            detours={
                "page:services_used": [pause, support, other_languages("es", "en")],
                "page:workers": [back],
            },
        ),
        collector=(1, "bosnia_herzegovina"),
        marked="one_change",
        changed={"asked_service": "yes", "support_lasts": "only_some"},
        removed=["report_safer"],
    ),
    Story(
        name="did-not-ask",
        consultation="survivors-perspectives",
        language="es",
        plan=Plan(
            {
                **ADULT,
                "look_for_help": ["do_not_know"],
                "asked_service": PREFER_NOT_TO_SAY,
                "stood_in_way": [PREFER_NOT_TO_SAY],
                "one_change": "@ la escuela: ¡que escuchen!\n\n<b>क</b>",
            },
            leave_out=["police_courts"],
            skip=["information"],
            detours={"page:finding_help": [pause], "page:asking_for_help": [back]},
        ),
        collector=(5, "peru"),
        marked="one_change",
        not_shown=["services_used", "safer_reporting"],
    ),
    Story(
        name="declines",
        consultation="survivors-perspectives",
        language="es",
        plan=Plan(
            {
                **ADULT,
                "how_treated": dict.fromkeys(
                    ("believed", "let_me_decide", "explained", "kept_private"), PREFER_NOT_TO_SAY
                ),
                "services_helped": [PREFER_NOT_TO_SAY],
                "what_helped": "=1+1",
            },
            warnings={"safer_reporting": "skip"},
        ),
        collector=(2, "colombia"),
        marked="what_helped",
        stops_on="page:services_used",
        not_reached=[
            *("support_over_time", "safer_reporting", "workers", "information", "last_page"),
        ],
    ),
)


# --- what a researcher has to find ---


@cache
def sample(consultation: str) -> Definition:
    """The definition of a sample consultation, or of the one with every kind of question."""
    file = ROOT / "surveys" / f"{consultation}.yaml"
    return load_definition_file(EVERY_KIND_FILE if consultation == EVERY_KIND else file)


def expected_row(story: Story, definition: Definition) -> dict[str, str]:
    """The row of one story in `responses.csv`, with texts as they were typed."""
    row = {
        "version": str(definition.version),
        "language": story.language,
        "collector": story.collector[1],
        "ended": "stopped" if story.stops_on else "complete",
    }
    for statement in definition.consent.statements:
        row[f"consent__{statement.name}"] = str(int(statement.name in story.plan.consent))
    for page in definition.pages:
        for question in page.asked:
            row |= _cells(question, _given(story, page.name, question.name))
    return row


def _given(story: Story, page: str, question: str) -> Answer:
    """The answer, or the code that says why there is none."""
    for pages, code in ((story.not_shown, NOT_SHOWN), (story.not_reached, NOT_REACHED)):
        if page in pages:
            return code
    if page in story.plan.skip or question not in story.answers:
        return SKIPPED
    answer = story.answers[question]
    given = answer.values() if isinstance(answer, Mapping) else [answer, *answer]
    return DECLINED if PREFER_NOT_TO_SAY in given else answer


def _cells(question: AnyQuestion, answer: Answer) -> dict[str, str]:
    name = question.name
    if isinstance(question, SelectMultiple):
        columns = [choice.name for choice in question.choices]
        return {f"{name}__{c}": _code(answer) or str(int(c in answer)) for c in columns}
    if isinstance(question, Matrix):
        rows = answer if isinstance(answer, Mapping) else {}
        columns = [row.name for row in question.rows]
        return {f"{name}__{r}": _code(answer) or rows.get(r, SKIPPED) for r in columns}
    if isinstance(question, Rank):
        places = answer if isinstance(answer, Mapping) else {}
        order = sorted(places, key=lambda choice: int(places[choice]))
        order += [_code(answer) or SKIPPED] * len(question.choices)
        return {f"{name}__{n}": order[n - 1] for n in range(1, len(question.choices) + 1)}
    return {name: str(answer)}


def _code(answer: Answer) -> str:
    return answer if isinstance(answer, str) else ""
