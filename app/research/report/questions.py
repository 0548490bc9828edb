"""One question of a report: a chart, the table beside it, and what it is crossed with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.consultation.texts import text_in
from app.research.disclosure.asked import COLLECTOR, Answer, Asked
from app.research.disclosure.cell import (
    ANSWERED,
    EVERYBODY,
    NO_ANSWER,
    REASONS,
    WHOLE,
    Cell,
    could_say,
    said,
    scope,
    theme_cell,
)
from app.research.opened import PageEntry

from .blocks import Bar, Block, Chart, ContentWarning, Heading, Number, Paragraph, Row, Table
from .setting import Setting
from .shares import counted_as, equal_share, percent_words, short, told


def question_blocks(setting: Setting, one: Asked, level: int) -> Iterator[Block]:
    """Yield everything that a report says about one question."""
    _ = setting.words.gettext
    title = setting.title_of(one)
    yield Heading(level, title, anchor=anchor_of(one))
    if one.kind == "written":
        yield from _written(setting, one, title)
        return
    if one.kind == "number":
        yield Paragraph(
            _("The answers are numbers, and are only shown in bands. No bands were set."), True
        )
        yield Table(title, "", (_("People"),), tuple(_base_rows(setting, one)), titled=True)
        return
    if one.type == "rank":
        yield Paragraph(_("People put these in order. Shown is what they put first."), True)
    if one.several:
        yield Paragraph(_("People could choose several answers."), True)
    yield from _answers(setting, one, title)
    if setting.place == WHOLE:
        yield from _crossings(setting, one, title)


def warning_of(setting: Setting, page: PageEntry, after: str) -> ContentWarning:
    """What people read before a page, before its questions here; `after` is where to go on."""
    _ = setting.words.gettext
    return ContentWarning(
        title=_("Before you read on"),
        text=setting.text(page.content_warning or {}),
        skip=_("Go on without reading this part"),
        after=after,
    )


def anchor_of(one: Asked) -> str:
    """The place of a question on the page."""
    return f"question-{one.name}"


def number_of(setting: Setting, one: Asked, answer: Answer) -> Number:
    """How many gave an answer, of those who could."""
    cell = Cell(setting.place, one.name, said(answer.name))
    base = could_say(answer.name) if one.several else ANSWERED
    return told(setting.counted, setting.words, cell, cell._replace(row=base))


def _answers(setting: Setting, one: Asked, title: str) -> Iterator[Block]:
    """Bars of the answers with the table beside them."""
    bars = []
    for answer in one.answers:
        number = number_of(setting, one, answer)
        bars.append(Bar(setting.answer_label(one, answer), number.percent, number.said))
    base = Cell(setting.place, one.name, ANSWERED)
    note = ""
    if people := setting.counted.printable(base):
        note = setting.words.gettext(
            "The chart shows the answers of %(count)s people who answered.", count=people
        )
    yield from _charted(setting, bars, note, base, table_of(setting, one, title))


def _charted(
    setting: Setting, bars: Sequence[Bar], note: str, base: Cell, table: Table
) -> Iterator[Block]:
    """A chart with its table; without a single share the table alone, and why."""
    if any(bar.percent is not None for bar in bars):
        yield Chart(_chart_text(setting, bars, note), note, tuple(bars), table)
        return
    yield Paragraph(why_no_share(setting, [base.table]), True)
    yield table


def why_no_share(setting: Setting, tables: Sequence[str]) -> str:
    """Why none is shown of these tables: nobody answered, or it is not to be told."""
    _ = setting.words.gettext
    bases = [Cell(setting.place, table, ANSWERED) for table in tables]
    known = [base for base in bases if base in setting.counted.counts]
    if known and all(setting.counted.printable(base) == 0 for base in known):
        return _("Nobody answered about this.")
    return _("No share can be shown here, so that nobody can be singled out.")


def _chart_text(setting: Setting, bars: Sequence[Bar], note: str) -> str:
    """The chart in words, for who does not see it."""
    _, words = setting.words.gettext, setting.words
    sentences = [note] if note else []
    sentences += [f"{words.quoted(b.label)}: {b.said}." for b in bars if b.percent is not None]
    without = [words.quoted(bar.label) for bar in bars if bar.percent is None]
    if without:
        why = _("Without a bar, because the number or its share is not shown:")
        sentences.append(f"{why} {words.all_of(without)}.")
    return " ".join(sentences)


def table_of(setting: Setting, one: Asked, title: str) -> Table:
    """The answers with those who gave none, and why."""
    _ = setting.words.gettext
    weighed = bool(setting.rules.weigh and one.question and setting.place == WHOLE)
    rows = []
    for answer in one.answers:
        number = number_of(setting, one, answer)
        numbers = (number, _weighed(setting, one, answer)) if weighed else (number,)
        rows.append(Row(setting.answer_label(one, answer), numbers))
    for row in _base_rows(setting, one):
        rows.append(Row(row.label, (*row.numbers, Number("")) if weighed else row.numbers, True))
    columns = [_("People")]
    if weighed:
        columns.append(_("If every group counts the same"))
    return Table(title, _("Answer"), tuple(columns), tuple(rows), titled=True)


def _weighed(setting: Setting, one: Asked, answer: Answer) -> Number:
    base = could_say(answer.name) if one.several else ANSWERED

    def cells(collector: str) -> tuple[Cell, Cell]:
        cell = Cell(scope(collector), one.name, said(answer.name))
        return cell, cell._replace(row=base)

    percent = equal_share(setting.counted, setting.collectors, cells)
    if percent is None:
        return Number(setting.words.gettext("not shown"))
    return Number(percent_words(setting.words, percent), percent=percent)


def _base_rows(setting: Setting, one: Asked) -> Iterator[Row]:
    """How many answered, and how many did not for each reason that anybody had.

    Within one group the reasons are not told: they are almost always of a few people, and to hide
    them would hide how many answered.
    """
    _ = setting.words.gettext
    labels = {
        ANSWERED: _("Answered"),
        "*skipped": _("Left it open"),
        "*declined": _("Preferred not to say"),
        "*not_reached": _("Stopped before it"),
        "*not_shown": _("Were not shown it"),
        "*not_asked": _("Had a version without it"),
    }
    reasons = sorted(REASONS, key=list(labels).index) if setting.place == WHOLE else []
    for row in (ANSWERED, *reasons):
        cell = Cell(setting.place, one.name, row)
        if cell in setting.counted.counts and (one.question or row != ANSWERED):
            yield Row(labels[row], (counted_as(setting.counted, setting.words, cell),), True)
    if not one.question:
        everybody = Cell(setting.place, "", EVERYBODY)
        number = counted_as(setting.counted, setting.words, everybody)
        yield Row(_("All who took part"), (number,), True)


def _crossings(setting: Setting, one: Asked, title: str) -> Iterator[Table]:
    if not one.question:
        return
    _ = setting.words.gettext
    for name in setting.rules.by:
        by = setting.by_name[name]
        if by.name in (one.name, COLLECTOR):
            continue
        caption = _("%(question)s By: %(other)s", question=title, other=setting.title_of(by))
        yield _crossed(setting, one, by, caption)
    if setting.each_collector or COLLECTOR in setting.rules.by:
        caption = _("%(question)s By: %(other)s", question=title, other=_("How people came"))
        yield _by_collector(setting, one, caption)


def _crossed(setting: Setting, one: Asked, by: Asked, caption: str) -> Table:
    values = [(answer.name, setting.answer_label(by, answer)) for answer in by.answers]
    example = Cell(WHOLE, one.name, ANSWERED, by.name, NO_ANSWER)
    if example in setting.counted.counts:
        values.append((NO_ANSWER, setting.words.gettext("Did not say")))
    columns = [Cell(WHOLE, one.name, ANSWERED, by.name, value) for value, _ in values]
    return _table_across(setting, one, caption, columns, tuple(label for _, label in values))


def _by_collector(setting: Setting, one: Asked, caption: str) -> Table:
    columns = [Cell(scope(name), one.name, ANSWERED) for name in setting.collectors]
    labels = tuple(setting.collector_label(name) for name in setting.collectors)
    return _table_across(setting, one, caption, columns, labels)


def _table_across(
    setting: Setting, one: Asked, caption: str, columns: list[Cell], labels: tuple[str, ...]
) -> Table:
    """A table with a column for each group: `columns` are those of each who answered."""
    _ = setting.words.gettext
    counted, words = setting.counted, setting.words
    rows = []
    for answer in one.answers:
        base = could_say(answer.name) if one.several else ANSWERED
        numbers = [
            short(told(counted, words, cell._replace(row=said(answer.name)), cell), words)
            for cell in (column._replace(row=base) for column in columns)
        ]
        rows.append(Row(setting.answer_label(one, answer), tuple(numbers)))
    bases = [short(counted_as(counted, words, column), words) for column in columns]
    rows.append(Row(_("Answered"), tuple(bases), True))
    return Table(caption, _("Answer"), labels, tuple(rows))


def _written(setting: Setting, one: Asked, title: str) -> Iterator[Block]:
    """Texts are counted here, and printed nowhere (R97)."""
    _ = setting.words.gettext
    yield Paragraph(
        _("People answered in their own words. What they wrote is not in this report."), True
    )
    rows = tuple(_base_rows(setting, one))
    if rows:
        yield Table(title, "", (_("People"),), rows, titled=True)
    coded = setting.coding.questions.get(one.question) if setting.coding else None
    if coded is None or setting.place != WHOLE:
        return
    base = theme_cell(one.question, ANSWERED)
    bars, lines = [], []
    for theme in coded.themes:
        cell = theme_cell(one.question, said(theme.name))
        number = told(setting.counted, setting.words, cell, base)
        label = text_in({"": theme.label}, setting.words.language)
        bars.append(Bar(label, number.percent, number.said))
        lines.append(Row(label, (number,)))
    total = counted_as(setting.counted, setting.words, base)
    lines.append(Row(_("Texts that were read and sorted"), (total,), True))
    caption = _("What people wrote about: %(question)s", question=title)
    yield Paragraph(_("Researchers read the texts and sorted them under these themes."), True)
    note = _("The chart shows how many people wrote about each.")
    table = Table(caption, _("Theme"), (_("People"),), tuple(lines))
    yield from _charted(setting, bars, note, base, table)
