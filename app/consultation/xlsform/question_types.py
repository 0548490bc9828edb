"""The question types met in the field, and what an import does with each."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal, TypeAlias

NEAR_ENOUGH = 0.84
"""How like a name has to be to a type's, from 0 to 1, to be taken for it."""
SHORTEST_GUESSED = 4

Part: TypeAlias = Literal["question", "group", "end", "break", "refused"]


@dataclass(frozen=True)
class Treatment:
    """What happens to a type; `carried` is the type in a definition."""

    part: Part
    carried: str = ""
    why: str = ""
    todo: str = ""


_WHO = "it would tell who the person is (R17)."
_WHERE = "it would tell where the person is (R17)."
_ASK_WORDS = "If you need it, ask in words that fit many people."
_WORKED_OUT = "Heard works nothing out: it keeps what a person answered."
_NO_NEED = "Nothing needs to be done."
_DEVICE = "it would record the person's device, without their knowing (R86)."
_CLOCK = "it would record when a person answers; Heard keeps no time of arrival (R86)."
_INTERVIEWER = "it is about an interviewer, and nobody sits between."
_UPLOAD = "a recording or a file tells who made it, and where (R17, R72)."


def _refused(names: str, why: str, todo: str = _NO_NEED) -> dict[str, Treatment]:
    return dict.fromkeys(names.split(), Treatment("refused", "", why, todo))


def _question(names: str, carried: str, why: str = "") -> dict[str, Treatment]:
    return dict.fromkeys(names.split(), Treatment("question", carried, why))


def _group(name: str, carried: str, why: str = "", todo: str = "") -> dict[str, Treatment]:
    return {name: Treatment("group", carried, why, todo)}


TYPES: dict[str, Treatment] = {
    **_question("select_one", "select_one"),
    **_question("select_multiple", "select_multiple"),
    **_question("text integer decimal note rank", ""),
    **_question("range", "scale", "integer or decimal when it is not a scale of 0 to 11"),
    **_question("date dateTime", "date", "only the month or the year is asked (R17)"),
    **_question("time", "text", "there is no type for a time of day"),
    **_question("acknowledge", "note", "nothing has to be agreed to before going on"),
    **_group("begin_group", "page"),
    **_group(
        "begin_repeat",
        "page",
        "the questions are asked once: Heard asks nothing several times over.",
        "Word them so that one answer fits, such as “people in your home”.",
    ),
    **_group("begin_kobomatrix", "matrix", "one for each column of choices"),
    **_group("begin_score", "matrix"),
    **_group("begin_rank", "rank"),
    **dict.fromkeys(
        ["end_group", "end_repeat", "end_kobomatrix", "end_score", "end_rank"], Treatment("end")
    ),
    "score__row": Treatment("question", "matrix", "a row of the matrix"),
    "rank__level": Treatment("question", "rank", "the places of the ranking"),
    "submit": Treatment("break", "", "ends a page"),
    **_refused("geopoint geotrace geoshape", _WHERE, _ASK_WORDS),
    **_refused("start-geopoint", _WHERE),
    **_refused("image audio video file", _UPLOAD, "Ask for words instead."),
    **_refused("barcode email phone", _WHO, "Offer a way to reach you in about."),
    **_refused("start end today", _CLOCK),
    **_refused("deviceid subscriberid simserial phonenumber", _DEVICE),
    **_refused("username caseid comments", _INTERVIEWER),
    **_refused("audit background-audio", "it would watch how a person answers (R86)."),
    **_refused("ip server browser", _DEVICE),
    **_refused("calculate hidden random get", _WORKED_OUT),
    **_refused("xml-external csv-external", "a definition holds all that a person can see."),
    **_refused(
        "select_one_from_file select_multiple_from_file",
        "the choices are in another file, which is not there beside the form.",
        "Copy them into the sheet choices (at most 60), and use select_one.",
    ),
    **_refused("check", "it is one box to tick.", "Use select_one with two choices."),
    **_refused("color timezone osm", "there is no such type.", "Use select_one or text."),
}
"""By the name that is written in the documentation; empty `carried` means the same name."""

_ALIASES: dict[str, str] = {
    **dict.fromkeys(
        [
            *("select_one_from", "select1", "select_1", "select", "mc", "mc_button", "mc_vertical"),
            *("add_select_one_prompt_using", "q_select1", "select_one_button", "select_number"),
            *("single_choice", "radio", "dropdown", "one_choice", "select_one_external"),
        ],
        "select_one",
    ),
    **dict.fromkeys(
        [
            *("select_multiple_from", "select_all_that_apply", "select_all_that_apply_from"),
            *("mc_multiple", "mc_multiple_button", "add_select_multiple_prompt_using"),
            *("q_select", "select_many", "multiple_choice", "select_multi", "checkboxes"),
        ],
        "select_multiple",
    ),
    **dict.fromkeys(
        [
            *("string", "q_string", "add_text_prompt", "textarea", "letters", "url", "text_area"),
            *("str", "open", "free_text", "word"),
        ],
        "text",
    ),
    **dict.fromkeys(["int", "q_int", "add_integer_prompt", "whole_number"], "integer"),
    **dict.fromkeys(["q_decimal", "add_decimal_prompt", "float", "double"], "decimal"),
    "number": "number",
    **dict.fromkeys(["q_note", "add_note_prompt", "note_iframe", "mc_heading", "info"], "note"),
    **dict.fromkeys(["trigger", "q_acknowledge", "add_acknowledge_prompt"], "acknowledge"),
    **dict.fromkeys(["ranking", "odk:rank", "q_rank", "sortable", "sort"], "rank"),
    **dict.fromkeys(["rating_button", "range_ticks", "visual_analog_scale", "slider"], "range"),
    **dict.fromkeys(["add_date_prompt", "q_date", "year", "month", "yearmonth", "week"], "date"),
    **dict.fromkeys(["datetime", "q_datetime", "add_date_time_prompt"], "dateTime"),
    **dict.fromkeys(["datetime-local", "date_time"], "dateTime"),
    **dict.fromkeys(["q_time", "add_time_prompt"], "time"),
    **dict.fromkeys(["begin", "group", "begin_section", "start_group"], "begin_group"),
    **dict.fromkeys(
        ["repeat", "begin_lgroup", "begin_roster", "begin_looped_group"], "begin_repeat"
    ),
    **dict.fromkeys(
        ["begin_matrix", "begin_kobo_matrix", "begin_kobo--matrix"], "begin_kobomatrix"
    ),
    **dict.fromkeys(["begin_kobo--score"], "begin_score"),
    **dict.fromkeys(["begin_kobo--rank"], "begin_rank"),
    **dict.fromkeys(["end", "end_time", "endtime"], "end"),
    **dict.fromkeys(["start_time", "starttime"], "start"),
    **dict.fromkeys(
        [
            *("end_matrix", "end_kobo_matrix", "end_section", "end_lgroup", "end_roster"),
            *("end_looped_group", "end_kobo--matrix", "end_kobo--score", "end_kobo--rank"),
        ],
        "end_group",
    ),
    **dict.fromkeys(["location", "gps", "geolocation", "q_geopoint", "q_location"], "geopoint"),
    **dict.fromkeys(["add_location_prompt"], "geopoint"),
    **dict.fromkeys(["photo", "picture", "signature", "q_image", "q_picture", "draw"], "image"),
    **dict.fromkeys(["add_image_prompt", "add_picture_prompt", "annotate", "selfie"], "image"),
    **dict.fromkeys(["q_audio", "add_audio_prompt", "voice"], "audio"),
    **dict.fromkeys(["q_video", "add_video_prompt"], "video"),
    **dict.fromkeys(["upload", "attachment", "add_file_prompt"], "file"),
    **dict.fromkeys(["q_barcode", "add_barcode_prompt", "qrcode"], "barcode"),
    **dict.fromkeys(["tel", "phone_number", "telephone", "add_phone_number_prompt"], "phone"),
    **dict.fromkeys(["get_phone_number", "get_sim_id", "uri:phonenumber"], "phonenumber"),
    **dict.fromkeys(["q_email", "e-mail"], "email"),
    **dict.fromkeys(["imei", "device_id", "get_device_id", "uri:deviceid"], "deviceid"),
    **dict.fromkeys(["subscriber_id", "get_subscriber_id", "simid", "sim_id"], "subscriberid"),
    **dict.fromkeys(["sim_serial", "device_info"], "simserial"),
    **dict.fromkeys(["enumerator", "uri:username", "user_name"], "username"),
    **dict.fromkeys(["get_today", "date_today"], "today"),
    **dict.fromkeys(["text_audit", "audio_audit", "speed_violations_count"], "audit"),
    **dict.fromkeys(["speed_violations_list", "speed_violations_audit", "sensor_stream"], "audit"),
    **dict.fromkeys(["sensor_statistic", "background_audio"], "audit"),
    **dict.fromkeys(["start_geopoint", "background-geopoint"], "start-geopoint"),
    **dict.fromkeys(["calculation", "calculate_here", "calc"], "calculate"),
    **dict.fromkeys(["referrer", "cc"], "browser"),
    **dict.fromkeys(["check_button", "checkbox"], "check"),
}
_OTHER_FREE_TEXT = frozenset({"select_or_add_one", "select_or_add_multiple"})


@dataclass(frozen=True)
class TypeCell:
    """What a cell of the column `type` says."""

    kind: str
    """A key of `TYPES`, or empty when nobody knows it."""
    rest: str = ""
    """What follows: the name of a choice list, numbers of a range, a file."""
    or_other: bool = False
    meant: str = ""
    """What was written, when it was not quite the name of a type."""

    @property
    def treatment(self) -> Treatment:
        """What an import does with it."""
        return TYPES[self.kind]


def read_type(cell: str) -> TypeCell:
    """`select one from colors or_other` as `select_one`, `colors`, with an other."""
    words = cell.split()
    or_other = False
    if len(words) > 1 and words[-1].lower().replace("-", "_") in ("or_other", "orother"):
        words, or_other = words[:-1], True
    elif [word.lower() for word in words[-3:]] in (["or", "specify", "other"],):
        words, or_other = words[:-3], True
    for length in range(min(6, len(words)), 0, -1):
        kind = _known("_".join(words[:length]))
        if kind:
            added = words[0].lower() in _OTHER_FREE_TEXT
            return TypeCell(
                _number(kind, words[length:]), " ".join(words[length:]), or_other or added
            )
    return _near_miss(words, or_other)


def _known(written: str) -> str:
    low = written.lower()
    for key in (low, low.replace("-", "_")):
        if key in _OTHER_FREE_TEXT:
            return "select_one" if key.endswith("one") else "select_multiple"
        if key in _BY_LOW:
            return _BY_LOW[key]
    return ""


_BY_LOW = {name.lower(): name for name in TYPES} | {
    **_ALIASES,
    **{name.replace("-", "_"): name for name in TYPES if "-" in name},
}


def _number(kind: str, rest: list[str]) -> str:
    """formr's `number 0,100,1` is a whole number unless its step is not."""
    if kind != "number":
        return kind
    step = "".join(rest).split(",")[2:3]
    return "decimal" if step and step[0] not in ("1", "") else "integer"


def _near_miss(words: list[str], or_other: bool) -> TypeCell:
    """The type whose name is nearest to the first word, or to the first two."""
    best, cell = NEAR_ENOUGH, TypeCell("", " ".join(words), or_other)
    for length in (1, 2):
        written = "_".join(words[:length]).lower()
        if length > len(words) or len(written) < SHORTEST_GUESSED:
            continue
        for name in difflib.get_close_matches(written, [*TYPES, *_ALIASES], n=1, cutoff=best):
            likeness = difflib.SequenceMatcher(None, written, name).ratio()
            if likeness > best or not cell.kind:
                best, rest = likeness, words[length:]
                kind = _number(_known(name), rest)
                cell = TypeCell(kind, " ".join(rest), or_other, " ".join(words[:length]))
    return cell
