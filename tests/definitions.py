"""Small consultations for tests: the shortest text that loads, and ways to change it."""

from __future__ import annotations

from app.consultation import Definition, load_definition

from .complete import with_blocks

HEAD = """\
consultation: small
version: 1
languages: [en]
title: A title
public_name: Questions
organisation: {name: Somebody, contact: somebody@example.org}
about: Who asks, and what about.
minutes: 5
audience: {from_age: 13, to_age: 24}
dates: {opens: 2020-01-01, closes: 2099-01-01, results_by: 2099-02-01, delete_by: 2099-03-01}
exit_to: https://weather.example/
support: {countries: [GB]}
consent:
  model: young_person_alone
  statements:
    - {name: take_part, label: I want to answer}
    - {name: quotes, optional: true, label: My words may be quoted}
thanks: {what_happens_next: We read it.}
"""

PAGES = """\
pages:
  - name: first
    questions:
      - name: colour
        type: select_one
        label: Which colour?
        choices: [{name: red, label: Red}, {name: blue, label: Blue}]
"""

SMALLEST = HEAD + PAGES

BRANCHING = (
    HEAD
    + """\
topics:
  - {name: storms, label: Storms}
  - {name: floods, label: Floods}
pages:
  - name: start
    questions:
      - name: likes_rain
        type: select_one
        label: Do you like rain?
        choices: [{name: "yes", label: Yes}, {name: "no", label: No}]
      - {name: why_rain, type: text, label: Why?, relevant: "${likes_rain} = 'yes'"}
  - name: rain
    relevant: ${likes_rain} = 'yes'
    questions:
      - {name: days, type: integer, label: How many days?}
  - name: thunder
    topics: [storms]
    content_warning: The next questions are about storms.
    questions:
      - name: loud
        type: select_one
        label: Was it loud?
        prefer_not_to_say: true
        choices: [{name: "yes", label: Yes}, {name: "no", label: No}]
      - {name: storm_words, type: text, label: In your words?, prefer_not_to_say: true}
  - name: water
    topics: [storms, floods]
    content_warning: The next question is about floods.
    relevant: not(selected(${loud}, 'no'))
    questions:
      - {name: flood_words, type: text, label: What helped?}
  - name: cold
    content_warning: The next question is about cold nights.
    questions:
      - {name: cold_words, type: text, label: What kept you warm?}
  - name: end
    questions:
      - {name: farewell, type: note, label: Nearly there.}
      - name: seasons
        type: select_multiple
        label: Which seasons?
        choices: [{name: summer, label: Summer}, {name: winter, label: Winter}]
      - name: snow
        type: scale
        from: 1
        to: 3
        labels: {"1": Little, "3": Much}
        label: How much snow?
        relevant: selected(${seasons}, 'winter') and ${days} != 0
"""
)
"""Every way in which a path can branch: a page, a question of the same page, a warning, topics."""


EVERY_TYPE = (
    HEAD
    + """\
pages:
  - name: everything
    questions:
      - name: one
        type: select_one
        label: One?
        prefer_not_to_say: true
        choices: [{name: "yes", label: Yes}, {name: "no", label: No}]
      - name: plain
        type: select_one
        label: One, or nothing?
        choices: [{name: "yes", label: Yes}, {name: "no", label: No}]
      - name: many
        type: select_multiple
        label: Many?
        prefer_not_to_say: true
        choices: [{name: a, label: A}, {name: b, label: B}, {name: none, label: N, exclusive: true}]
      - {name: scale, type: scale, from: 0, to: 3, labels: {"0": Low, "3": High}, label: How much?}
      - name: grid
        type: matrix
        label: Each?
        rows: [{name: r1, label: First}, {name: r2, label: Second}]
        choices: [{name: x, label: X}, {name: y, label: Y}]
      - name: order
        type: rank
        label: Which first?
        choices: [{name: p, label: P}, {name: q, label: Q}, {name: s, label: S}]
      - {name: line, type: text, max_length: 10, label: A word?}
      - {name: words, type: text, lines: 5, max_length: 2000, label: Words?}
      - {name: shy, type: text, prefer_not_to_say: true, label: More words?}
      - {name: whole, type: integer, from: 0, to: 120, label: How many?}
      - {name: free, type: integer, label: Any number?}
      - {name: part, type: decimal, label: How far?}
      - {name: hours, type: decimal, from: 0, to: 24, label: How many hours?}
      - {name: pay, type: decimal, from: 100, label: How much?}
      - {name: month, type: date, precision: month, label: When?}
      - {name: year, type: date, precision: year, label: Which year?}
      - {name: country, type: country, label: Where?}
      - {name: shy_whole, type: integer, from: 0, to: 9, prefer_not_to_say: true, label: How many?}
      - {name: shy_part, type: decimal, prefer_not_to_say: true, label: How far?}
      - {name: shy_date, type: date, precision: month, prefer_not_to_say: true, label: When?}
      - {name: shy_country, type: country, prefer_not_to_say: true, label: Where?}
      - name: shy_order
        type: rank
        label: Which first?
        prefer_not_to_say: true
        choices: [{name: p, label: P}, {name: shy_order, label: Q}]
      - {name: read_me, type: note, label: Read me.}
"""
)
"""A page with a question of every type, in each way that a form reads."""


CHOOSING = with_blocks(
    """\
audience:
  from_age: 13
  to_age: 24
  bands:
    - {from_age: 10, to_age: 12}
    - {from_age: 13, to_age: 17}
    - {from_age: 18, to_age: 24}
support: {countries: [GB, IE, MC], none_known: {children: [IE], adults: [GB, IE]}}
consent:
  model: young_person_alone
  text: These are words for adults.
  assent: [{from_age: 13, to_age: 17, text: These are words for young people.}]
  statements:
    - {name: take_part, label: I want to answer}
    - {name: quotes, optional: true, label: My words may be quoted}
  understanding:
    - label: Is every question asked of you?
      explanation: You skip what you like.
      choices: [{label: All of them}, {label: As many as I like, right: true}]
    - label: Who reads it?
      explanation: A team of three reads it.
      choices: [{label: A team, right: true}, {label: Everybody}, {label: Three, right: true}]
""",
    BRANCHING,
)
"""The same path with every step that can stand before it."""


def load(text: str) -> Definition:
    """The definition in a text; the file is called `small.yaml` in messages."""
    return load_definition(text, "small.yaml")
