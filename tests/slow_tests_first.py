"""Tests that take long begin first, some in every process: one that began last would keep all
others waiting for it.

pytest-xdist gives each process a stretch of the list; whoever is done takes over from the ends of
others' stretches.
"""

import os
from typing import Any

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Once it is known which tests will run."""
    items[:] = spread(items, _seconds, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def spread(items: list[Any], seconds: Any, stretches: int) -> list[Any]:
    """The same items: each of so many stretches begins with its share of the long ones, the longest
    first; others stay in order.

    `seconds(item)` is how long a long one takes, and 0 for all others.
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
