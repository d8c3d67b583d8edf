"""Where a test finds the servers that scripts/services.py started: Redis has databases for each
pytest-xdist worker.
"""

import os

#: What the databases of a worker are for. Redis comes with sixteen: enough for four workers, ours
#: has more.
SITE, OTHER, QUEUE, MAIL = range(4)


def redis_url(purpose: int = SITE) -> str:
    """The address of this worker's database for the purpose; without a server, the tests that
    need one fail.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{os.environ.get('TEST_REDIS_URL', '').removesuffix('/0')}/{worker * 4 + purpose}"
