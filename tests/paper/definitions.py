"""A consultation with every type of question and every kind of condition, for paper."""

from __future__ import annotations

from app.consultation import Definition
from tests.definitions import HEAD, load

EVERYTHING = (
    (
        HEAD
        + """\
topics: [{name: storms, label: Storms}]
choice_lists:
  agree:
    - {name: "1", label: Disagree a lot}
    - {name: "2", label: Disagree}
    - {name: "3", label: Neither of them}
    - {name: "4", label: Agree}
    - {name: "5", label: Agree a lot}
    - {name: dk, label: I do not know}
pages:
  - name: start
    title: The start
    questions:
      - {name: welcome, type: note, label: "Here is **a note**, with [a page](https://example.org/a)."}
      - name: weather
        type: select_one
        label: Which weather do you like?
        why: We want to know.
        image: {file: sky.png, alt: A sky with clouds}
        choices:
          - {name: sun, label: Sun}
          - {name: rain, label: Rain}
          - {name: snow, label: Snow, relevant: "${weather_before} = 'x'"}
        prefer_not_to_say: true
      - name: likes
        type: select_multiple
        randomize: true
        label: What do you like about ${weather}?
        hint: Think of ${weather} alone.
        choices:
          - {name: smell, label: The smell}
          - {name: sound, label: The sound, audio: {file: drops.ogg, transcript: Drops fall.}}
          - {name: light, label: The light}
          - {name: none, label: Nothing, exclusive: true}
        constraint: count_selected(.) <= 2
        constraint_message: No more than two, please.
  - name: numbers
    title: Numbers
    relevant: ${weather} = 'rain' or count_selected(${likes}) >= 2
    questions:
      - {name: days, type: integer, label: How many days?, from: 0, to: 31}
      - {name: hours, type: decimal, label: How many hours?, from: 0.5}
      - {name: at_most, type: integer, label: How many at most?, to: 5, relevant: "${days} > 3"}
  - name: order
    questions:
      - name: best
        type: rank
        label: Which comes first?
        choices: [{name: a, label: First thing}, {name: b, label: Second thing}]
        prefer_not_to_say: true
      - {name: how_much, type: scale, from: 0, to: 10, label: How much?,
         labels: {"0": Not at all, "5": Half, "10": Altogether}}
      - {name: mood, type: scale, faces: true, from: 1, to: 3, label: How is it?,
         labels: {"1": Bad, "2": Middling, "3": Good}}
  - name: tables
    questions:
      - name: wide
        type: matrix
        label: What do you think of these?
        rows: [{name: one, label: The first row}, {name: two, label: The second row}]
        choices: agree
        prefer_not_to_say: true
      - name: narrow
        type: matrix
        label: Is this so?
        rows: [{name: one, label: The third row}, {name: two, label: The fourth row}]
        choices: [{name: "yes", label: "Yes"}, {name: "no", label: "No"}]
  - name: thunder
    title: Thunder
    topics: [storms]
    content_warning: The next questions are about storms.
    relevant: not(selected(${likes}, 'none')) and (${days} > 3 or ${best_missing} = 1)
    questions:
      - {name: words, type: text, lines: 30, label: In your words?, prefer_not_to_say: true}
      - {name: line, type: text, label: In one line?}
  - name: places
    questions:
      - {name: when, type: date, precision: month, label: When was it?}
      - {name: year, type: date, precision: year, label: In which year?}
      - {name: where, type: country, label: In which country?}
      - {name: never, type: text, label: Nobody sees this, relevant: "false()"}
"""
    )
    .replace("${weather_before} = 'x'", "true()")
    .replace(" or ${best_missing} = 1", "")
)


def everything() -> Definition:
    """The consultation with every type."""
    return load(EVERYTHING)
