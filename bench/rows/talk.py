"""A long thread: its beginning, and its newest page."""

from ..bench import Bench
from ..data import talk
from ..results import Result, figure, statements
from . import row
from .sizes import compared

LONG = talk.path_of(talk.LONG)
NEWEST = f"{LONG}?at={talk.REPLIES[talk.LONG]}"


@row("long thread (1,000 replies)", statements(6))
def beginning(bench: Bench) -> Result:
    """The first post and twenty replies."""
    return bench.page(bench.large, LONG, talk.title_of(talk.LONG), bench.large.reader)


@row("long thread (1,000 replies), newest page", statements(6))
def newest(bench: Bench) -> Result:
    """The last twenty replies, with the form."""
    return bench.page(bench.large, NEWEST, talk.title_of(talk.LONG), bench.large.reader)


@row("thread of 1,000 replies, not 10", figure("times", 2.5, "≤ 2.5 times"))
def longer(bench: Bench) -> Result:
    """The newest page of the long thread has twenty replies, that of the short one has ten."""
    place, short = bench.large, talk.path_of(talk.SHORT)
    return compared(
        bench, (place, NEWEST, talk.title_of(talk.LONG)), (place, short, talk.title_of(talk.SHORT))
    )
