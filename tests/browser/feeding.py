"""The site for journeys in which someone reads a feed: its news finds the test's own host under a
name of the internet.

NEWS_PORTS is the port of that host, which runs in the test.
"""

import os
from functools import partial

from tests.news import hosts
from tests.served import app as app
from webapp.news import jobs

jobs.guard = partial(hosts.guard_to, int(os.environ["NEWS_PORTS"]))
