"""The application for journeys with a feed: it reaches the test's own host under an internet name.

NEWS_PORTS is the port of that host, which runs in the test.
"""

import os
from functools import partial

from tests.news import hosts
from tests.served import app as app
from webapp.news import jobs

jobs.guard = partial(hosts.guard_to, int(os.environ["NEWS_PORTS"]))
