"""The first draft of a consultation: valid, commented, and plain about what is still to be written.

Everything that only the facilitator knows begins with `TO WRITE:`, every text that has to be
translated with `TO TRANSLATE:`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

TO_WRITE = "TO WRITE:"
TO_TRANSLATE = "TO TRANSLATE:"


@dataclass(frozen=True)
class Beginning:
    """What a facilitator knows on the first day."""

    consultation: str
    title: str
    organisation: str
    contact: str
    languages: Sequence[str]
    from_age: int
    to_age: int | None
    countries: Sequence[str]
    today: dt.date


def skeleton(beginning: Beginning) -> str:
    """Return the YAML of a new consultation; it loads as it stands, and cannot open yet."""
    texts = _Texts(beginning.languages)
    audience = f"from_age: {beginning.from_age}"
    if beginning.to_age is not None:
        audience += f", to_age: {beginning.to_age}"
    days = [beginning.today + dt.timedelta(days=number) for number in (30, 90, 180, 545)]
    model = "adult" if beginning.from_age >= ADULT_AGE else "young_person_alone"
    return TEMPLATE.format(
        id=beginning.consultation,
        languages=", ".join(beginning.languages),
        title=texts(beginning.title, 2),
        public_name=texts("Questions", 2, same=True),
        organisation=texts(beginning.organisation, 4),
        contact=_quoted(beginning.contact),
        about=texts(f"{TO_WRITE} who asks, what about, and who it is for (at most 100 words).", 2),
        audience=audience,
        opens=days[0],
        closes=days[1],
        results_by=days[2],
        delete_by=days[3],
        countries=", ".join(beginning.countries),
        model=model,
        take_part=texts("I want to answer these questions.", 8),
        quotes=texts("My words may be quoted, without anything that shows who I am.", 8),
        space=texts(f"{TO_WRITE} who is invited, who is left out, and what you do about it.", 4),
        voice=texts(f"{TO_WRITE} in which ways and languages people can answer.", 4),
        who=texts(f"{TO_WRITE} the person or body that will listen.", 6),
        promise=texts(f"{TO_WRITE} what they promised to do with what they hear.", 6),
        can_change=texts(f"{TO_WRITE} what can change.", 6),
        cannot_change=texts(f"{TO_WRITE} what cannot change.", 6),
        likes=texts("Is it good as it is now?", 10),
        yes=texts("Yes", 14),
        some=texts("In part", 14),
        no=texts("No", 14),
        wish=texts("What one thing should change?", 10),
        hint=texts("You do not have to write about yourself.", 10),
        next=texts(f"{TO_WRITE} what happens with the answers, in one or two sentences.", 4),
    )


ADULT_AGE = 18


class _Texts:
    """Writes one text in every language; only the first is written, the rest is to be done."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.first, *self.others = languages

    def __call__(self, text: str, indent: int, *, same: bool = False) -> str:
        lines = [f"{self.first}: {_quoted(text)}"]
        for tag in self.others:
            lines.append(f"{tag}: {_quoted(text if same else f'{TO_TRANSLATE} {text}')}")
        return "\n" + "\n".join(" " * indent + line for line in lines)


def _quoted(text: str) -> str:
    """A double-quoted YAML scalar; JSON's quoting is YAML's."""
    return json.dumps(text, ensure_ascii=False)


TEMPLATE = """\
# yaml-language-server: $schema=./consultation.schema.json
# A new consultation. Look for “TO WRITE” and “TO TRANSLATE”; then:
#   heard check surveys/{id}.yaml      says what is missing, with the line
#   heard preview surveys/{id}.yaml    shows it in a browser while you write
#   heard start {id}                   opens it, once everything is in place
consultation: {id}
version: 1
languages: [{languages}]  # the first is the default; each needs every text
title:{title}
public_name:{public_name}  # what a shoulder or a history can see: nothing of the subject
organisation:
  name:{organisation}
  contact: {contact}
about:{about}
minutes: 5
audience: {{{audience}}}
dates: {{opens: {opens}, closes: {closes}, results_by: {results_by}, delete_by: {delete_by}}}
exit_to: https://www.bbc.co.uk/weather  # a plain, neutral page that is not blocked where people are
access: link
sealed_to: [keys/research-team.pub]  # the researchers' .pub files, beside this file
support:
  countries: [{countries}]

consent:
  model: {model}  # adult | young_person_alone | caregiver_and_assent | waiver
  statements:
    - name: take_part
      label:{take_part}
    - name: quotes
      optional: true
      label:{quotes}

# Nothing opens to the public while one of these is missing. Take the # away and fill them in.
# duties:
#   why_ask: "Why these people have to be asked, and what else was considered."
#   ethics: {{body: "…", reference: "…", date: 2026-01-31}}
#   data_protection: {{reference: "…", date: 2026-01-31}}
#   safeguarding:
#     lead: "…"
#     deputy: "…"
#     law: "What the team must do by law if someone can be identified."
#     answers_read: weekly
#   distress_protocol: docs/distress.md
#   trained_facilitators: 2
#   pilot: {{reviewers: 3, lived_experience: 2, changed: "What you changed after they tried it."}}

participation:  # the four doors of Lundy's model, shown to people in plain words
  space:{space}
  voice:{voice}
  audience:
    who:{who}
    promise:{promise}
    reply_by: {results_by}
  influence:
    can_change:{can_change}
    cannot_change:{cannot_change}

pages:
  - name: first_page
    questions:
      - name: good_as_it_is
        type: select_one
        label:{likes}
        choices:
          - name: "yes"
            label:{yes}
          - name: in_part
            label:{some}
          - name: "no"
            label:{no}
  - name: last_page
    questions:
      - name: one_change
        type: text
        lines: 4
        label:{wish}
        hint:{hint}

thanks:
  what_happens_next:{next}
"""
