"""Metrics of all processes together: their counters, and values read at the time of the request."""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from ..core.observability import metrics
from .health import FAILING, HealthPart, checks, run_checks

#: (part, fact, name, description); unknown values are left out.
NUMBERS = [
    ("queue", "jobs", "folkmoot_queue_jobs", "Jobs that wait."),
    (
        "queue",
        "oldest_seconds",
        "folkmoot_queue_oldest_seconds",
        "How long the first of them has waited.",
    ),
    ("queue", "working", "folkmoot_queue_working", "Jobs at work."),
    (
        "queue",
        "failed",
        "folkmoot_queue_failed",
        "Jobs that failed for good and wait for a person.",
    ),
    ("queue", "failing", "folkmoot_schedules_failing", "Schedules whose newest turn failed."),
    ("queue", "workers", "folkmoot_workers", "Workers that were heard of lately."),
    (
        "clock",
        "tick_seconds",
        "folkmoot_clock_tick_seconds",
        "Seconds since the clock last ticked.",
    ),
    (
        "files",
        "free_megabytes",
        "folkmoot_disk_free_megabytes",
        "Room on the disk of this machine's instance folder.",
    ),
    (
        "mail",
        "oldest_seconds",
        "folkmoot_outbox_oldest_seconds",
        "How long the oldest email is overdue.",
    ),
    (
        "mail",
        "last_sent_seconds",
        "folkmoot_outbox_last_sent_seconds",
        "Seconds since an email was sent.",
    ),
]
OUTBOX_STATES = ("waiting", "sending", "dead")


def registry() -> CollectorRegistry:
    """Return the registry with all current metrics."""
    collectors = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(collectors)
    else:
        collectors.register(metrics.REGISTRY)
    collectors.register(StatusCollector())
    return collectors


class StatusCollector:
    """The state of the site's parts as numbers."""

    def collect(self) -> Iterator[Metric]:
        """Yield each part's state and latency, then its facts."""
        parts = {part.name: part for part in run_checks(checks.all_checks())}
        up = GaugeMetricFamily(
            "folkmoot_part_up", "Whether a part of the site works.", labels=["part"]
        )
        took = GaugeMetricFamily(
            "folkmoot_part_seconds", "How long it took to say so.", labels=["part"]
        )
        for part in parts.values():
            up.add_metric([part.name], float(part.state != FAILING))
            if part.ms is not None:
                took.add_metric([part.name], part.ms / 1000)
        yield up
        yield took
        yield from _numbers(parts)

    def describe(self) -> list[Metric]:
        """Return nothing: nothing is checked before someone asks."""
        return []


def _numbers(parts: dict[str, HealthPart]) -> Iterator[Metric]:
    for name, fact, metric, what in NUMBERS:
        number = parts[name].facts.get(fact)
        if number is not None:
            yield GaugeMetricFamily(metric, what, value=float(number))
    emails = GaugeMetricFamily(
        "folkmoot_outbox_emails", "Emails in the outbox that have not been sent.", labels=["state"]
    )
    for state in OUTBOX_STATES:
        if state in parts["mail"].facts:
            emails.add_metric([state], float(parts["mail"].facts[state]))
    yield emails
