"""The table of results: as Markdown for people, as JSON for comparison."""

import json
from dataclasses import asdict
from pathlib import Path

from .results import Result

HEAD = (
    "row",
    "requests/s",
    "c",
    "p50 ms",
    "p99 ms",
    "SQL",
    "app ms",
    "PostgreSQL ms",
    "RSS MB",
    "PSS MB",
    "and",
    "reach",
    "",
)
RESULTS = Path(__file__).parent / "results"


def written(machine: dict[str, str], results: dict[str, list[Result]], name: str) -> Path:
    """Write both files to bench/results under this name; return the path of the Markdown file."""
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{name}.md"
    target.write_text(text(machine, results))
    kept = {
        database: [asdict(result) | {"c": result.c} for result in found]
        for database, found in results.items()
    }
    target.with_suffix(".json").write_text(
        json.dumps({"machine": machine, "results": kept}, indent=1) + "\n"
    )
    return target


def text(machine: dict[str, str], results: dict[str, list[Result]]) -> str:
    """Return the whole report as Markdown."""
    lines = [
        "# Benchmark results",
        "",
        *(f"- {name}: {value}" for name, value in machine.items()),
        "",
    ]
    lines += [
        "`c` is the request rate as a share of the rate of a constant response, measured shortly "
        "before on the same server. App ms and PostgreSQL ms are processor time per request: of "
        "the processes that answer, and of the whole cluster. On a busy site, someone commits an "
        "unrelated change before each request."
    ]
    for database, found in results.items():
        lines += [
            "",
            f"## {database}",
            "",
            line(HEAD),
            line(("---",) * len(HEAD)),
            *(line(cells(result)) for result in found),
        ]
    return "\n".join(lines) + "\n"


def line(words: tuple[str, ...]) -> str:
    """Return one line of a Markdown table."""
    return f"| {' | '.join(words)} |"


def cells(result: Result) -> tuple[str, ...]:
    """Return the cells of a result's line."""
    figures = (
        *(
            _number(result.rate, 0),
            _number(result.c, 3),
            _number(result.p50, 1),
            _number(result.p99, 1),
        ),
        *(
            _number(result.statements, 1),
            _number(result.cpu, 2),
            _number(result.database_cpu, 2),
            _number(result.rss, 0),
            _number(result.pss, 0),
        ),
    )
    return (result.row, *figures, result.failed or result.note, result.reach, verdict(result))


def verdict(result: Result) -> str:
    """Return "met", the missed targets, "**failed**", or nothing for a row without targets."""
    if result.failed:
        return "**failed**"
    if not result.reach:
        return ""
    return f"missed: {', '.join(result.missed)}" if result.missed else "met"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
