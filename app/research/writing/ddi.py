"""`codebook.xml`: DDI-Codebook 2.5, which archives and their catalogues read.

The order of elements is that of the schema (ddialliance.org, DDI-Codebook 2.5, `codebook.xsd`).
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from app.consultation import text_in

from ..codebook import Codebook, Text, Variable, readable
from ..missing import MEANINGS

NAMESPACE: Final = "ddi:codebook:2_5"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_FILE: Final = "F1"
# Extensible Markup Language 1.0, section 2.2: what no document may hold.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ddi_document(codebook: Codebook, rows: int, table: str) -> bytes:
    """Return the codebook as DDI-Codebook 2.5.

    Args:
        codebook: what there is.
        rows: how many responses the table has.
        table: the name of the file that holds it.
    """
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", _LANGUAGE: "en"})
    _study(ET.SubElement(root, "stdyDscr"), codebook)
    _file(ET.SubElement(root, "fileDscr", ID=_FILE), codebook, rows, table)
    described = ET.SubElement(root, "dataDscr")
    ids = {each.name: f"V{number}" for number, each in enumerate(codebook.variables, start=1)}
    _groups(described, codebook, ids)
    for variable in codebook.variables:
        _variable(described, variable, ids[variable.name], codebook.language)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _said(parent: ET.Element, tag: str, text: str, language: str = "", **more: str) -> ET.Element:
    """Add an element with a text; `language` is that of the text."""
    element = ET.SubElement(parent, tag, more)
    element.text = _NO_XML.sub("", text)
    if language:
        element.set(_LANGUAGE, language)
    return element


def _study(study: ET.Element, codebook: Codebook) -> None:
    newest = codebook.newest
    citation = ET.SubElement(study, "citation")
    titles = ET.SubElement(citation, "titlStmt")
    _said(titles, "titl", readable(codebook.title), codebook.language)
    for language, title in newest.title.items():
        if language != codebook.language:
            _said(titles, "parTitl", readable(title), language)
    _said(titles, "IDNo", newest.consultation, agency="heard")
    responsible = ET.SubElement(citation, "rspStmt")
    organisation = readable(text_in(newest.organisation.name, codebook.language))
    _said(responsible, "AuthEnty", organisation)
    versions = ", ".join(str(each.version) for each in codebook.definitions)
    _said(ET.SubElement(citation, "verStmt"), "version", versions)


def _file(described: ET.Element, codebook: Codebook, rows: int, table: str) -> None:
    text = ET.SubElement(described, "fileTxt")
    _said(text, "fileName", table)
    size = ET.SubElement(text, "dimensns")
    _said(size, "caseQnty", str(rows))
    _said(size, "varQnty", str(len(codebook.variables)))


def _groups(described: ET.Element, codebook: Codebook, ids: dict[str, str]) -> None:
    """The choices of a question with several, and the rows of a matrix, as groups."""
    kinds = {"choice": "multipleResp", "row": "grid"}
    groups: dict[str, list[Variable]] = {}
    for variable in codebook.variables:
        if variable.column.part in kinds and variable.asked:
            groups.setdefault(variable.asked.column, []).append(variable)
    for number, (name, variables) in enumerate(groups.items(), start=1):
        group = ET.SubElement(
            described,
            "varGrp",
            ID=f"G{number}",
            name=name,
            type=kinds[variables[0].column.part],
            var=" ".join(ids[variable.name] for variable in variables),
        )
        question = readable(text_in(variables[0].question, codebook.language))
        _said(group, "labl", question, codebook.language)


def _variable(described: ET.Element, variable: Variable, name: str, language: str) -> None:
    continuous = variable.measure == "scale"
    var = ET.SubElement(
        described,
        "var",
        ID=name,
        name=variable.name,
        files=_FILE,
        intrvl="contin" if continuous else "discrete",
        nature={"scale": "ratio"}.get(variable.measure, variable.measure),
    )
    _said(var, "labl", variable.label(language), _tag(variable.question, language))
    if variable.asked:
        question = ET.SubElement(var, "qstn")
        for tag, text in variable.question.items():
            _said(question, "qstnLit", readable(text), tag)
    codes = variable.column.codes
    if codes:
        invalid = ET.SubElement(var, "invalrng")
        for code in codes.values():
            ET.SubElement(invalid, "item", VALUE=code)
    for value in variable.values if variable.kind != "country" else ():
        _category(var, value.code, value.label)
    for why, code in codes.items():
        _category(var, code, {"en": MEANINGS[why]}, missing="Y")
    numeric = variable.kind == "number"
    ET.SubElement(var, "varFormat", type="numeric" if numeric else "character")


def _category(var: ET.Element, code: str, label: Text, **more: str) -> None:
    category = ET.SubElement(var, "catgry", more)
    _said(category, "catValu", code)
    for tag, text in label.items():
        _said(category, "labl", readable(text), tag)


def _tag(text: Text, language: str) -> str:
    """The language in which `text_in` finds a text."""
    return language if text.get(language) else next(iter(text))
