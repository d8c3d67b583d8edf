"""Where a test finds the servers that scripts/services.py started: Redis has databases for each
pytest-xdist worker.
"""

import os

#: What the databases of a worker are for. SITE belongs to the site that browsers visit for a whole
#: run, and MAIL to the one that tests/mail starts: its worker would take a test's jobs, and no test
#: may empty it. Redis comes with sixteen: enough for four workers, ours
#: has more.
SITE, OTHER, QUEUE, MAIL = range(4)


def redis_url(purpose: int) -> str:
    """The address of this worker's database for the purpose; without a server, the tests that
    need one fail.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{os.environ.get('TEST_REDIS_URL', '').removesuffix('/0')}/{worker * 4 + purpose}"
