"""Start slow tests first, some in every process: one that started last would keep all others
waiting.

pytest-xdist gives each process a section of the list; processes that finish take tests from the
ends of others' sections.
"""

import os
from typing import Any

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Reorder the selected tests."""
    items[:] = spread(items, _seconds, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def spread(items: list[Any], seconds: Any, stretches: int) -> list[Any]:
    """Return the items reordered: each of the sections starts with its share of the slow ones, the
    slowest first; others keep their order.
    `seconds(item)`: how long a slow item takes, and 0 for others.
    """
    long = sorted(filter(seconds, items), key=seconds, reverse=True)
    others = iter([item for item in items if not seconds(item)])
    found: list[Any] = []
    for number in range(stretches):
        end = len(found) + (len(items) - len(found)) // (stretches - number)
        found += long[number::stretches]
        found += [next(others) for _place in range(len(found), end)]
    return found


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("long")
    return float(mark.args[0]) if mark else 0
