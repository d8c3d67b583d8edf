"""The gallery of an event with 500 pictures: its first page, and the page of one picture."""

from uuid import UUID

from ..bench import Bench
from ..data import events, gallery
from ..data.values import row_id
from ..results import Result, statements
from . import row

MIDDLE = f"{gallery.PATH}/{UUID(row_id('event_file', events.PICTURES // 2))}"


@row("gallery of 500 pictures", statements(4))
def pictures(bench: Bench) -> Result:
    """The newest 48 pictures."""
    return bench.page(bench.large, gallery.PATH, "By the fountain", bench.large.reader)


@row("one picture of 500", statements(6))
def one(bench: Bench) -> Result:
    """One picture, with links to its neighbours."""
    return bench.page(bench.large, MIDDLE, "By the fountain", bench.large.reader)
