"""The columns of a form: what each is called in the field, and what an import does with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .languages import LONGEST, tag_of


@dataclass(frozen=True)
class Column:
    """What happens to a column; `carried` is the key in a definition, empty when there is none."""

    carried: str
    why: str = ""
    todo: str = ""


_DECIDES = "Heard decides how a question looks, so that it works on any telephone."

SURVEY: dict[str, Column] = {
    "type": Column("type"),
    "name": Column("name"),
    "label": Column("label"),
    "hint": Column("hint"),
    "relevant": Column("relevant", "conditions that Heard cannot express are listed"),
    "constraint": Column("constraint", "conditions that Heard cannot express are listed"),
    "constraint_message": Column("constraint_message"),
    "choice_filter": Column("relevant", "becomes relevant on each choice"),
    "parameters": Column("from, to, randomize", "the rest is listed"),
    "image": Column("image", "the picture is to be copied to surveys/media and put in words"),
    "audio": Column("audio", "the sound is to be copied to surveys/media and put in words"),
    "kobo::matrix_list": Column("rows", "KoboToolbox's name for the rows of a matrix"),
    "kobo::score_choices": Column("choices", "KoboToolbox's name for the choices of a matrix"),
    "kobo::rank_items": Column("choices", "KoboToolbox's name for what is put in order"),
    "heard::type": Column("type"),
    "heard::name": Column("name"),
    "heard::why": Column("why"),
    "heard::area": Column("area"),
    "heard::topics": Column("topics"),
    "heard::lines": Column("lines"),
    "heard::from": Column("from"),
    "heard::to": Column("to"),
    "heard::faces": Column("faces"),
    "heard::prefer_not_to_say": Column("prefer_not_to_say"),
    "heard::alt": Column("alt"),
    "heard::transcript": Column("transcript"),
    "required": Column(
        "", "no question can be required (R36): a person can skip it, and then nothing is stored."
    ),
    "required_message": Column("", "no question can be required (R36)."),
    "appearance": Column("", _DECIDES, "What makes another type of it is kept."),
    "guidance_hint": Column("", "it is for interviewers, and nobody sits between.", "Use hint."),
    "default": Column("", "an answer that stands there already is not the person's own."),
    "read_only": Column("type", "a question that cannot be answered becomes a note."),
    "calculation": Column("", "Heard works nothing out: it keeps what a person answered."),
    "trigger": Column("", "it starts a calculation, and Heard works nothing out."),
    "repeat_count": Column("", "Heard asks nothing several times over."),
    "optional": Column("", "every question can be skipped."),
    "disabled": Column("", "the row is switched off in the form."),
    "video": Column("", "films are too heavy for many telephones.", "Say it in the label."),
    "save_to": Column("", "answers are joined to no list of people or things."),
}
CHOICES: dict[str, Column] = {
    "list_name": Column("choice_lists", "a list that several questions use is written once"),
    "name": Column("name"),
    "label": Column("label"),
    "image": Column("image", "the picture is to be copied to surveys/media and put in words"),
    "audio": Column("audio", "the sound is to be copied to surveys/media and put in words"),
    "heard::exclusive": Column("exclusive"),
    "heard::unlabelled": Column("labels", "a point of a scale that has no words"),
    "heard::alt": Column("alt"),
    "heard::transcript": Column("transcript"),
    "video": Column("", "films are too heavy for many telephones.", "Say it in the label."),
}
SETTINGS: dict[str, Column] = {
    "form_title": Column("title"),
    "form_id": Column("consultation"),
    "default_language": Column("languages", "it comes first"),
    "version": Column("", "a consultation counts its own versions, from 1."),
    "style": Column("", _DECIDES),
    "public_key": Column("", "answers are sealed to your researchers' keys: see sealed_to."),
    "submission_url": Column("", "answers go to your Heard server alone."),
    "instance_name": Column("", "an answer has no name: it could tell who the person is."),
}

_ALIASES = {
    **{
        "relevance": "relevant",
        "bind::relevant": "relevant",
        "showif": "relevant",
        "class": "appearance",
    },
    **{"bind::constraint": "constraint", "bind::jr:constraintmsg": "constraint_message"},
    **{"constraint_msg": "constraint_message", "constraintmessage": "constraint_message"},
    **{"bind::required": "required", "bind::jr:requiredmsg": "required_message"},
    **{"requiredmsg": "required_message", "bind::calculate": "calculation"},
    **{"calculate": "calculation", "bind::readonly": "read_only", "readonly": "read_only"},
    **{"control::appearance": "appearance", "body::appearance": "appearance"},
    **{"media::image": "image", "media::audio": "audio", "media::video": "video"},
    **{"caption": "label", "question_type": "type", "variable": "name", "question_name": "name"},
    **{"listname": "list_name", "list": "list_name", "choice_list": "list_name"},
    **{"select_from_list_name": "list_name", "choice_name": "name", "image_file": "image"},
    **{"title": "form_title", "id_string": "form_id", "set_form_title": "form_title"},
    **{"set_form_id": "form_id", "kobo__matrix_list": "kobo::matrix_list"},
    **{"kobo__score_choices": "kobo::score_choices", "kobo__rank_items": "kobo::rank_items"},
}
TRANSLATED = frozenset(
    {
        *("label", "hint", "guidance_hint", "constraint_message", "required_message", "image"),
        *("audio", "video", "heard::why", "heard::alt", "heard::transcript"),
    }
)
"""Columns that may come once for each language."""
_PREFIXES = frozenset({"media", "bind", "control", "body", "instance", "heard", "kobo"})
INVISIBLE = dict.fromkeys([0xFEFF, 0x200B, 0x2060])


@dataclass(frozen=True)
class Heading:
    """One heading: the column's own name, and the language that follows it, as written."""

    written: str
    key: str
    language: str = ""


def read_heading(written: str) -> Heading:
    """`Label :: English (en)` as `label` in `English (en)`; `relevance` as `relevant`."""
    text = " ".join(unicodedata.normalize("NFKC", written).translate(INVISIBLE).split())
    parts = [part.strip() for part in text.split("::" if "::" in text else ":")]
    key = _key(parts[0])
    own = _own_in_choices(key)
    if own:
        return own
    if key in _PREFIXES and len(parts) > 1:
        key, parts = f"{key}::{_key(parts[1])}", parts[1:]
    key = _ALIASES.get(key, key)
    if len(parts) > 1 and key in TRANSLATED:
        return Heading(text, key, ":".join(parts[1:]))
    if len(parts) > 1:
        return Heading(text, _ALIASES.get("::".join(parts).lower(), text.lower()))
    return _trailing_language(text) or Heading(text, key)


def _own_in_choices(key: str) -> Heading | None:
    """`heard_alt_en` as `heard::alt` in `en`: pyxform admits no `::` of others in choices."""
    name = key.removeprefix("heard_")
    if name == key:
        return None
    for translated in ("alt", "transcript"):
        if name.startswith(f"{translated}_"):
            return Heading(key, f"heard::{translated}", name.removeprefix(f"{translated}_"))
    return Heading(key, f"heard::{name}") if f"heard::{name}" in CHOICES else None


def _key(text: str) -> str:
    return re.sub(r"[\s_-]", "_", text.strip(" *").lower())


def _trailing_language(text: str) -> Heading | None:
    """`label_fr`, `Label (French)`, `label [es]`, `label english`."""
    if len(text) > LONGEST:
        return None
    found = re.fullmatch(r"(label|hint)[\s_-]*[\s_(\[-]\s*([^)\]]+?)\s*[)\]]?", text, re.IGNORECASE)
    if not found or not tag_of(found[2]):
        return None
    return Heading(text, found[1].lower(), found[2])
