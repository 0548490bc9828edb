"""A consultation with everything in place: `heard start` would open it."""

from __future__ import annotations

import datetime as dt
import math
import re

from app.consultation.checker import (
    Checked,
    CountrySupport,
    Listing,
    Surroundings,
    check_text,
)

TODAY = dt.date(2026, 11, 21)
FILE = "example.yaml"

COMPLETE = """\
consultation: example
version: 1
languages: [en]
title: What would make the town a good place to grow up?
public_name: Questions
organisation: {name: City Youth Council, contact: hello@council.example.net}
about: |
  We are the City Youth Council. We want to know what would make the town a good place to grow up.

  This is for you if you are 13 to 24 years old.
minutes: 5
audience: {from_age: 13, to_age: 24}
dates: {opens: 2026-11-01, closes: 2027-03-31, results_by: 2027-06-30, delete_by: 2028-03-31}
exit_to: https://www.bbc.co.uk/weather
sealed_to: [keys/research-team.pub]
expected_responses: 200
easy_version: example-easy
support: {countries: [GB]}
consent:
  model: young_person_alone
  assent:
    - from_age: 13
      to_age: 17
      text: It is your choice. You can skip any question. If you say no, nothing changes for you.
  statements:
    - {name: take_part, label: I want to answer these questions}
    - {name: quotes, optional: true, label: My words may be quoted}
duties:
  why_ask: Records show who came, and not who stayed away and why.
  ethics: {body: Ethics Board of the City University, reference: 2026-118, date: 2026-10-02}
  data_protection: {reference: DP-31, date: 2026-09-18}
  safeguarding:
    lead: A. Rivera
    deputy: M. Okafor
    law: We tell the child protection service of the town within a day.
    answers_read: weekly
  distress_protocol: docs/distress.md
  trained_facilitators: 2
  pilot: {reviewers: 3, lived_experience: 2, changed: Shorter words.}
participation:
  space: All who live in the town and are 13 to 24.
  voice: You can pick answers or write.
  audience: {who: The mayor, promise: The mayor will answer in writing., reply_by: 2027-06-30}
  influence: {can_change: The plan for parks., cannot_change: The law.}
topics:
  - {name: storms, label: Storms}
pages:
  - name: likes
    questions:
      - {name: game, type: text, label: Which game do you like?}
      - {name: film, type: text, label: Which film do you like?}
  - name: thunder
    topics: [storms]
    content_warning: This question is about storms.
    questions:
      - {name: storm_help, type: text, label: What helped?, prefer_not_to_say: true}
  - name: end
    questions:
      - {name: wish, type: text, label: What one thing should change?}
      - name: age_band
        type: select_one
        label: How old are you?
        why: We ask because help differs by age.
        choices: [{name: younger, label: 13 to 17}, {name: older, label: 18 to 24}]
thanks:
  what_happens_next: We read your answers. In June we write here what will change.
"""

_CHILD_LINE = Listing("Child line", ages=((0, 17),), checked_on=dt.date(2026, 10, 1))
_ADULT_LINE = Listing("Adult line", ages=((18, math.inf),), checked_on=dt.date(2026, 10, 1))
_UNCHECKED = Listing("Ligne d'écoute", unknown=("hours",))
_WRONG = Listing(
    "Wrong line",
    checked_on=dt.date(2026, 10, 1),
    dialled=(("0800 111 222", "tel:0800111223"),),
)


def _country(code: str, *listings: Listing) -> CountrySupport:
    return CountrySupport(f"surveys/support/{code.lower()}.yaml", listings)


AROUND = Surroundings(
    today=TODAY,
    support={
        "GB": _country("GB", _CHILD_LINE, _ADULT_LINE),
        "IE": _country("IE", _CHILD_LINE, _ADULT_LINE),
        "FR": _country("FR", _UNCHECKED),
        "NZ": _country("NZ", _CHILD_LINE, _ADULT_LINE, _WRONG),
        "KE": _country("KE", _CHILD_LINE),
        "LB": CountrySupport("surveys/support/lb.yaml", (), none_known=True),
    },
    interface=frozenset({"en", "fr", "es", "ar"}),
    unreviewed=frozenset({"es"}),
    consultations=frozenset({"example", "example-easy"}),
    media=frozenset({"faces/glad.svg"}),
)

_BLOCK = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)


def with_blocks(snippet: str, base: str = COMPLETE) -> str:
    """`base` with the top-level keys of `snippet` in place of its own."""
    own = [block for block in _BLOCK.split(base) if block]
    new = [block if block.endswith("\n") else f"{block}\n" for block in _BLOCK.split(snippet)]
    keys = {block.split(":")[0] for block in new}
    kept = [block for block in own if block.split(":")[0] not in keys]
    return "".join(kept + new)


def check(text: str, around: Surroundings = AROUND) -> Checked:
    """What the checker says about a text; the file is called `example.yaml`."""
    return check_text(text, FILE, around)
