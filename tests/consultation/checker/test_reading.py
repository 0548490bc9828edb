"""Sentences, words, syllables and grade."""

from __future__ import annotations

import pytest

from app.consultation.checker.reading import grade, paragraphs, sentences, syllables, words

# Counted by ear, and the same in the CMU Pronouncing Dictionary.
BEATS = {
    1: "cat the one place asked called changed friend's house here there friends safe tried",
    2: "people every someone question answer abuse safety table reading helpful being places",
    3: "anyone idea area everyone example difficult telephone remember decided exactly",
    4: "information everybody experience organising community television",
    5: "anonymity university organisation",
}


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, count) for count, text in BEATS.items() for word in text.split()],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_word_with_a_hyphen_is_its_parts() -> None:
    assert syllables("self-help") == 2


def test_a_word_has_at_least_one_syllable() -> None:
    assert syllables("hmm") == 1
    assert syllables("pst") == 1


def test_markdown_marks_are_not_words() -> None:
    text = "# A **bold** [link](https://example.org/a-b)\n\n- one\n- two"

    assert paragraphs(text) == ["A bold link", "one", "two"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("“Is it so?” she asked. Yes.", 3),
        ("It costs 2.50 a week, e.g. for a bus.", 1),
        ("ما رأيك؟ شكرا لك.", 2),
        ("यो के हो? यो घर हो। धन्यवाद।", 3),
        ("এটা কী? এটা ঘর।", 2),
        ("…", 0),
    ],
)
def test_sentences_in_several_scripts(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_vowel_signs_belong_to_their_words() -> None:
    assert words("बालबालिकाहरूलाई सोधौं") == ["बालबालिकाहरूलाई", "सोधौं"]
    assert words("L'école, aujourd'hui") == ["L'école", "aujourd'hui"]


def test_the_grade_is_the_formula_of_flesch_and_kincaid() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert grade(["The cat sat on the mat."]) == pytest.approx(-1.4, abs=0.06)
    # 12 words in 2 sentences with 14 syllables
    text = "The cat sat on the mat. The happy dog ran to it quickly."
    assert grade([text]) == pytest.approx(0.39 * 13 / 2 + 11.8 * 15 / 13 - 15.59, abs=0.06)


def test_harder_english_has_a_higher_grade() -> None:
    easy = "We read what you write. Then we tell you what will change."
    hard = "Contributions are systematically evaluated by an interdisciplinary committee."

    assert grade([easy]) < 5
    assert grade([hard]) > 12


def test_nothing_has_grade_nought() -> None:
    assert grade([]) == 0
    assert grade(["…"]) == 0
