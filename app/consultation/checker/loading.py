"""The rules that the loader applies while it reads a file: all of them errors."""

from __future__ import annotations

from .registry import loader_rule

for name, source, why in (
    ("yaml", "Specification", "The file is YAML that can be read."),
    ("plain-yaml", "Specification", "Only the plain part of YAML is used."),
    ("duplicate-key", "Specification", "A key stands once."),
    ("unknown-key", "Specification", "Every key is one that Heard knows."),
    ("missing-key", "Specification", "What Heard needs is there."),
    ("value", "Specification", "Every value is of the kind that belongs there."),
    ("required", "R36", "No question can be required."),
    ("identifying-type", "R17", "There is no type of question that tells who somebody is."),
    ("question-type", "Specification", "Every question has a type that Heard knows."),
    ("choice-list", "Specification", "A choice list that is named is there."),
    ("consent-model", "R14", "It is written down who agrees, and how."),
    ("language-tag", "R75", "Languages are named by their tags."),
    ("text-missing", "R75", "Every text is there in the first language."),
    ("undeclared-language", "R75", "Texts are in the languages of the list at the top."),
    ("duplicate-name", "Specification", "Names tell things apart."),
    ("reserved-name", "Specification", "Names that Heard uses itself are left to it."),
    ("taking-part", "R11", "One statement says: I want to take part."),
    ("unknown-topic", "R19", "A topic of a page is in the list at the top."),
    ("scale", "Specification", "A scale has words at both ends."),
    ("date-order", "R95", "It opens, closes, is told, is deleted: in this order."),
    ("age-order", "Specification", "The youngest age is below the oldest."),
    ("age-bands", "R17", "Bands of age meet, are two years wide, and fit the ages invited."),
    ("understanding", "R15", "A check of understanding has a choice that is meant, and another."),
    ("support-file", "R60", "The directory of support services can be read."),
    ("expression", "Specification", "An expression can be read."),
    ("reference", "Specification", "An expression looks at questions that were asked before."),
    ("comparison", "Specification", "An expression compares what can be compared."),
    ("piped-label", "Specification", "Only the label of an earlier choice is put into a text."),
):
    loader_rule(name, source, why)
