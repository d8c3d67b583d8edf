"""A cluster that another application shares, whose database changes all the time."""

from ..bench import Bench
from ..results import Result
from . import row
from .busy import ALMOST_AS_FAST, beside_commits, committing
from .pages import EVENT


@row(
    "event page, visitor, noisy neighbour in the cluster",
    ALMOST_AS_FAST,
    databases=("postgresql",),
)
def neighbour(bench: Bench) -> Result:
    """Before each request something is committed in another database of the same cluster."""
    bench.large  # noqa: B018 - it is made first
    url = bench.create_database("neighbour")
    with committing(url, "CREATE TABLE noise AS SELECT 0 AS level") as create:
        create()
    with committing(url, "UPDATE noise SET level = level + 1") as commit:
        return beside_commits(bench, EVENT, commit)
