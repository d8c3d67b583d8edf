"""The hosts' board of tasks."""

from ..bench import Bench
from ..data import tasks
from ..results import Result, cpu, statements
from . import row
from .hosts import host


@row("board, 200 tasks", statements(6), cpu(80))
def board(bench: Bench) -> Result:
    """The page with all cards and the form for another."""
    return bench.page(bench.large, tasks.path(), tasks.title_of(tasks.TASKS - 1), host(bench.large))
