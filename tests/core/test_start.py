"""What a starting process imports and registers: nothing rarely used, and nothing twice."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.any_database

#: library -> when it is imported
LATER = {
    "PIL": "when someone uploads a picture",
    "alembic": "by commands",
    "confusable_homoglyphs": "when a page lists people",
    "css_inline": "when an email is written",
    "gevent": "by the process that holds streams",
    "icalendar": "when a calendar is made",
    "segno": "when a ticket is shown",
    "yaml": "by `flask seed-demo`",
}
STARTED = """
import sys
from webapp import config, create_app
create_app(**config.load({"DATABASE_URL": "sqlite://", "ENVIRONMENT": "development"}))
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_starting_the_application_does_not_import_rarely_used_modules():
    done = subprocess.run(
        [sys.executable, "-c", STARTED], capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.split())

    assert {"webapp", "sqlalchemy", "rq"} <= imported, "the control"
    assert imported.isdisjoint(LATER)


TWICE = """
import sys
from webapp import config, create_app

def sizes():
    found = {}
    for module in [name for name in sys.modules if name.partition(".")[0] == "webapp"]:
        for name, value in vars(sys.modules[module]).items():
            inside = vars(value) if type(value).__module__.startswith("webapp.") and hasattr(
                value, "__dict__") else {"": value}
            for part, held in inside.items():
                if isinstance(held, (list, dict, set)) and not name.startswith("__"):
                    found[f"{module}.{name}.{part}"] = len(held)
    return found

settings = config.load({"DATABASE_URL": "sqlite://", "ENVIRONMENT": "development"})
create_app(**settings)
before = sizes()
create_app(**settings)
after = sizes()
print(len(before), *[name for name in before if before[name] != after[name]])
"""


def test_a_second_application_registers_nothing_twice():
    """A list that grows with each application once made a page in a long test run ten times
    slower.
    """
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, check=True)
    counted, *grown = done.stdout.split()

    assert int(counted) > 100, "the control"
    assert grown == []
