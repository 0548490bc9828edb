"""Levels, silencing and examples: what a finding means for the file it is in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.consultation.checker import RULES, Checked
from tests.complete import AROUND, COMPLETE, TODAY, check, with_blocks

FOUR = """\
pages:
  - name: likes
    questions:
      - {name: game, type: text, label: Which game do you like?}
      - {name: film, type: text, label: Which film do you like?}
      - {name: book, type: text, label: Which book do you like?}
      - {name: song, type: text, label: Which song do you like?}
"""
REASON = "We tried both with young people and they liked this better."


def silenced(rule: str, reason: str = REASON, more: str = FOUR) -> Checked:
    return check(with_blocks(f"{more}silenced:\n  - rule: {rule}\n    reason: {reason}\n"))


def rules(checked: Checked) -> set[str]:
    return {finding.rule for finding in checked.findings}


def test_a_file_that_does_not_load_has_errors_only() -> None:
    checked = check(COMPLETE.replace("minutes: 5", "minutes: five"))

    assert [finding.level for finding in checked.findings] == ["error"]
    assert checked.definition is None
    assert checked.standing == checked.findings


def test_advice_does_not_stand_in_the_way() -> None:
    checked = check(with_blocks("easy_version: not-there"))

    assert rules(checked) == {"easy-version"}
    assert checked.standing == ()


def test_a_gate_stands_in_the_way() -> None:
    checked = check(with_blocks(FOUR))

    assert [finding.rule for finding in checked.standing] == ["questions-per-page"]


def test_a_rule_is_set_aside_with_a_reason_and_still_told() -> None:
    checked = silenced("questions-per-page")

    assert checked.standing == ()
    assert [finding.rule for finding in checked.silenced] == ["questions-per-page"]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("questions-per-page", "Fine."),
        ("question-per-page", REASON),
        *((name, REASON) for name, rule in RULES.items() if not rule.can_be_silenced),
    ],
)
def test_what_cannot_be_set_aside(rule: str, reason: str) -> None:
    checked = silenced(rule, reason)

    assert {"questions-per-page", "silenced"} <= {finding.rule for finding in checked.standing}
    assert checked.silenced == ()


def test_no_error_can_be_silenced_and_duties_neither() -> None:
    errors = {name for name, rule in RULES.items() if rule.level == "error"}
    duties = {"duties", "safeguarding", "participation", "support-checked", "promises", "reviewer"}

    assert not any(RULES[name].can_be_silenced for name in errors | duties)


def test_a_rule_set_aside_for_nothing_is_told() -> None:
    checked = silenced("easy-ends", more="")

    assert [(finding.rule, finding.level) for finding in checked.findings] == [
        ("silenced", "advice")
    ]


def test_an_example_is_let_off_what_only_people_can_do() -> None:
    """Nobody has called these lines; in an example that is said, elsewhere it is a gate."""
    text = with_blocks("support: {countries: [FR]}\nlanguages: [en, fr]")
    real = {finding.rule for finding in check(text).standing}
    example = {finding.rule for finding in check(with_blocks("demo: true", text)).standing}

    assert real - example == {"support-checked", "reviewer"}
    assert example - real == set()


def test_an_example_may_have_examples_for_duties() -> None:
    text = with_blocks("organisation: {name: Example Network, contact: hello@example.org}")

    assert {finding.rule for finding in check(text).standing} == {"example-left"}
    assert check(with_blocks("demo: true", text)).standing == ()


@pytest.mark.parametrize("duty", ["duties", "participation"])
@pytest.mark.requirement("R95")
def test_each_missing_duty_is_named(duty: str) -> None:
    text = COMPLETE[: COMPLETE.index(f"\n{duty}:") + 1]
    rest = COMPLETE[len(text) :].splitlines(keepends=True)[1:]
    after = next(i for i, line in enumerate(rest) if not line.startswith(" "))
    found = [f.message for f in check(text + "".join(rest[after:])).standing]

    named = {
        "duties": "why_ask ethics.body ethics.reference ethics.date data_protection.reference "
        "data_protection.date safeguarding.lead safeguarding.deputy safeguarding.law "
        "safeguarding.answers_read distress_protocol trained_facilitators "
        "pilot.lived_experience pilot.changed",
        "participation": "space voice audience influence",
    }[duty].split()
    assert len(found) == len(named)
    for name in named:
        assert any(name in message for message in found), name


def test_a_language_that_is_not_complete_loads_and_does_not_open() -> None:
    checked = check(
        with_blocks("languages: [en, fr]\nreviewers: {fr: {by: C. D., date: 2026-10-20}}")
    )

    assert checked.definition is not None
    assert {finding.rule for finding in checked.standing} == {"incomplete-language"}


def test_a_choice_list_is_told_once_where_it_stands() -> None:
    text = with_blocks(
        """\
languages: [en, fr]
choice_lists:
  agree: [{name: "no", label: {en: "No", fr: Non}}, {name: "yes", label: "Yes"}]
pages:
  - name: first
    questions:
      - {name: rain, type: select_one, label: {en: Rain?, fr: Pluie ?}, choices: agree}
      - {name: sun, type: select_one, label: {en: Sun?, fr: Soleil ?}, choices: agree}
"""
    )
    line = next(i for i, each in enumerate(text.splitlines(), 1) if "agree: [" in each)
    column = text.splitlines()[line - 1].index('"Yes"}') + 1

    found = [f for f in check(text).findings if f.rule == "incomplete-language"]
    places = [(finding.line, finding.column) for finding in found if finding.line >= line]
    assert places == [(line, column)]


def test_the_day_is_given() -> None:
    later = replace(AROUND, today=TODAY.replace(year=2027, month=5))

    assert "closing-date" not in rules(check(COMPLETE))
    assert "closing-date" in {finding.rule for finding in check(COMPLETE, later).standing}


def test_what_is_not_known_is_not_said() -> None:
    nothing = replace(AROUND, support=None, interface=None, consultations=None, media=None)

    assert check(COMPLETE, nothing).findings == ()


@pytest.mark.requirement("R54")
def test_each_language_has_an_exit_that_gives_nothing_away() -> None:
    two = with_blocks("languages: [en, fr]\n")

    def told(exit_to: str) -> list[str]:
        found = check(with_blocks(f"exit_to: {exit_to}\n", two)).findings
        return [finding.message for finding in found if finding.rule == "neutral-exit"]

    assert told("{en: https://a.example/, fr: https://b.example/}") == []
    assert told("{fr: https://b.example/, all: https://a.example/?lang=en}") == []
    assert "no exit for fr" in told("{en: https://a.example/}")[0]
    assert "“abuse”" in told("{en: https://a.example/, fr: https://b.example/abuse}")[0]
    assert "carries more" in told("https://a.example/?from=heard")[0]
