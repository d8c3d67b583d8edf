"""A PostgreSQL cluster shared with another application, whose database changes constantly."""

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
    """Commit something in another database of the same cluster before each request."""
    bench.large  # noqa: B018 - create the site first
    url = bench.create_database("neighbour")
    with committing(url, "CREATE TABLE noise AS SELECT 0 AS level") as create:
        create()
    with committing(url, "UPDATE noise SET level = level + 1") as commit:
        return beside_commits(bench, EVENT, commit)
