"""One limit, which is taken before anything happens: what counts only afterwards lets any number
through at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import ceil
from typing import Any

import structlog
from flask import Response, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from .. import addresses, metrics
from ..clock import now
from .allowances import Count
from .counters import Taken

log = structlog.get_logger(__name__)

MINUTE, HOUR = 60, 3600

#: Every limit that is counted try by try, by its name.
LIMITS: dict[str, "Limit"] = {}


@dataclass(frozen=True)
class Limit:
    """`most` in any `seconds`, for each key.

    An answer that isn't `charged` gives back what was taken for it.
    """

    name: str
    most: int
    seconds: int
    charged: Callable[[Response], bool] | None = None

    def __post_init__(self) -> None:
        LIMITS[self.name] = self

    def take(self, key: str) -> bool:
        """Whether there was one left for this key, which is taken."""
        return self._turn(key).is_granted

    def demand(self, key: str) -> None:
        """One of this key's is taken. Raises TooManyRequests where none is left."""
        turn = self._turn(key)
        if not turn.is_granted:
            raise turn.refusal()

    def on(self, view: Any, key: Callable[[], str] = addresses.counted) -> Any:
        """The view, each POST to which takes one for `key()` before it begins, and says how many
        are left.
        """

        @wraps(view)
        def limited(*args: Any, **values: Any) -> Any:
            if request.method == "POST":
                turn = self._turn(key(), is_told=True)
                if not turn.is_granted:
                    raise turn.refusal()
            return view(*args, **values)

        limited.limits = (self, *getattr(view, "limits", ()))  # type: ignore[attr-defined]
        return limited

    def _turn(self, key: str, is_told: bool = False) -> "Turn":
        whole = f"{self.name}:{key}"
        turn = Turn(
            self,
            whole,
            current_app.extensions["limits"].take(whole, self.most, self.seconds),
            is_told,
        )
        g.setdefault("turns", []).append(turn)
        if not turn.is_granted:
            log.warning("limited", limit=self.name, route=request.endpoint)
            metrics.refused(self.name)
        return turn


@dataclass
class Turn:
    """What a request took of a limit, or didn't get; `is_told`: its answer may say so."""

    limit: Limit
    key: str
    taken: Taken
    is_told: bool

    @property
    def is_granted(self) -> bool:
        """Whether there was one left."""
        return self.taken.entry is not None

    @property
    def count(self) -> Count:
        """What is left for the key, and when there will be more."""
        limit, taken = self.limit, self.taken
        return Count(limit.most, limit.most - taken.number, taken.oldest + limit.seconds)

    def refusal(self) -> TooManyRequests:
        """What tells how long to wait."""
        return TooManyRequests(retry_after=max(1, ceil(self.count.resets_at - now().timestamp())))

    def settle(self, answer: Response) -> None:
        """What this answer doesn't cost is given back."""
        entry, charged = self.taken.entry, self.limit.charged
        if entry is not None and charged is not None and not charged(answer):
            current_app.extensions["limits"].give_back(self.key, entry)
            self.taken = self.taken._replace(number=self.taken.number - 1)


def settled(answer: Response) -> Count | None:
    """Each turn of this request is settled; returns the count of which the least is left, of
    those that may be told.
    """
    turns: list[Turn] = g.pop("turns", [])
    for turn in turns:
        turn.settle(answer)
    return min(
        (turn.count for turn in turns if turn.is_told), key=lambda count: count.left, default=None
    )
