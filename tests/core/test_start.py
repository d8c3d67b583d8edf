"""A starting process imports nothing that most processes never use."""

import subprocess
import sys

#: library -> when it is imported
LATER = {
    "PIL": "when someone uploads a picture",
    "alembic": "by commands",
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
