"""What a server tells of itself, read as a watching program reads it."""

from __future__ import annotations

from prometheus_client.openmetrics import parser


def read(text: str) -> dict[str, float]:
    """Each number by its name and label, such as `heard_requests_total|2xx`; OpenMetrics 1.0."""
    return {
        "|".join((sample.name, *sample.labels.values())): sample.value
        for family in parser.text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
        for sample in family.samples
    }
