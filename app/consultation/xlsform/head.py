"""What a form cannot know: the keys above the pages, plainly marked as still to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..findings import Path
from ..skeleton import TO_WRITE
from .form import Text
from .names import id_from

QUESTIONS = {
    **{"en": "Questions", "fr": "Questions", "ar": "أسئلة", "es": "Preguntas", "pt": "Perguntas"},
    **{"ne": "प्रश्नहरू", "bn": "প্রশ্ন", "sw": "Maswali", "de": "Fragen", "it": "Domande"},
}
"""The neutral name of every consultation (R9), where a translation is at hand."""
SECONDS_A_QUESTION = 20
LONGEST_MINUTES = 120

COMMENTS: Mapping[Path, str] = {
    ("public_name",): "what a shoulder or a history can see: nothing of the subject",
    ("organisation", "contact"): f"{TO_WRITE} an address that people can write to",
    ("minutes",): f"{TO_WRITE} try it; this is {SECONDS_A_QUESTION} seconds for each question",
    ("audience",): f"{TO_WRITE} for whom, in years of age; add to_age if there is one",
    ("dates", "opens"): f"{TO_WRITE} the four days; until then it stays closed",
    ("exit_to",): f"{TO_WRITE} a plain, neutral page that is not blocked where people are",
    ("sealed_to",): "the researchers' .pub files",
    ("support", "countries"): f"{TO_WRITE} the countries of the people, such as [NP, BD]",
    ("consent", "model"): f"{TO_WRITE} adult | young_person_alone | caregiver_and_assent | waiver",
    ("participation", "audience", "reply_by"): f"{TO_WRITE} the day by which they answer",
}
ABOVE: Mapping[Path, str] = {
    ("consent",): f"{TO_WRITE} how consent is given, and each thing that a person agrees to.",
    ("participation",): "The four doors of Lundy's model, shown to people in plain words.",
    ("choice_lists",): "Lists that several questions use.",
    ("pages",): "The questions.",
    ("thanks",): "The last page.",
}
DUTIES = f"""\
{TO_WRITE} the duties; nothing opens to the public while one is missing. Take the # away.
duties:
  why_ask: "Why these people have to be asked, and what else was considered."
  ethics: {{body: "…", reference: "…", date: 2026-01-31}}
  data_protection: {{reference: "…", date: 2026-01-31}}
  safeguarding:
    lead: "…"
    deputy: "…"
    law: "What the team must do by law if someone can be identified."
    answers_read: weekly
  distress_protocol: docs/distress.md
  trained_facilitators: 2
  pilot: {{reviewers: 3, lived_experience: 2, changed: "What you changed after they tried it."}}"""


@dataclass(frozen=True)
class Known:
    """What a form says about itself."""

    title: Text | None
    wished: tuple[str, ...]
    """Ids that it could have, the best first."""
    languages: tuple[str, ...]
    asked: int
    """Questions."""


def head(known: Known) -> dict[str, Any]:
    """The keys above `pages`, in the order of a definition."""
    tags = known.languages

    def write(what: str) -> Text:
        return Text(dict.fromkeys(tags, f"{TO_WRITE} {what}"))

    def words(english: str, by_tag: Mapping[str, str]) -> Text:
        return Text(
            {tag: by_tag.get(tag, f"{TO_WRITE} “{english}” in this language") for tag in tags}
        )

    minutes = -(-known.asked * SECONDS_A_QUESTION // 60)
    title = known.title or write("the title.")
    return {
        "consultation": next(filter(None, map(id_from, known.wished)), "consultation"),
        "version": "1",
        "languages": list(tags),
        "title": title,
        "public_name": words("Questions", QUESTIONS),
        "organisation": {"name": write("who asks."), "contact": f"{TO_WRITE} an e-mail address"},
        "about": write("who asks, what about, and who it is for (at most 100 words)."),
        "minutes": str(max(1, min(minutes, LONGEST_MINUTES))),
        "audience": {"from_age": "18"},
        "dates": {
            **{"opens": "2099-01-01", "closes": "2099-02-01", "results_by": "2099-05-01"},
            "delete_by": "2100-01-01",
        },
        "exit_to": "https://www.bbc.co.uk/weather",
        "access": "link",
        "sealed_to": ["keys/research-team.pub"],
        "support": {"countries": ["ZZ"]},
        "consent": _consent(write),
        "participation": _participation(write),
    }


def _consent(write: Any) -> dict[str, Any]:
    return {
        "model": "adult",
        "statements": [
            {"name": "take_part", "label": write("I want to answer these questions.")},
            {
                **{"name": "quotes", "optional": "true"},
                "label": write("My words may be quoted, without anything that shows who I am."),
            },
        ],
    }


def _participation(write: Any) -> dict[str, Any]:
    return {
        "space": write("who is invited, who is left out, and what you do about it."),
        "voice": write("in which ways and languages people can answer."),
        "audience": {
            "who": write("the person or body that will listen."),
            "promise": write("what they promised to do with what they hear."),
            "reply_by": "2099-05-01",
        },
        "influence": {
            "can_change": write("what can change."),
            "cannot_change": write("what cannot change."),
        },
    }


def tail(known: Known) -> dict[str, Any]:
    """The keys below `pages`."""
    what = f"{TO_WRITE} what happens with the answers, in one or two sentences."
    return {"thanks": {"what_happens_next": Text(dict.fromkeys(known.languages, what))}}
