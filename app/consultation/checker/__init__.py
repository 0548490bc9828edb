"""The checker: what has to be mended before people see a consultation (`heard check`)."""

from __future__ import annotations

from .checking import Checked, check_definition, check_file, check_outcomes, check_text
from .neutral_site import faults_of_exit
from .registry import RULES, Rule
from .surroundings import CountrySupport, Listing, Surroundings

__all__ = [
    "RULES",
    "Checked",
    "CountrySupport",
    "Listing",
    "Rule",
    "Surroundings",
    "check_definition",
    "check_file",
    "check_outcomes",
    "check_text",
    "faults_of_exit",
]
