"""What each letter says: a function a template, which finds the letter's words at the moment of
delivery.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

Context = dict[str, Any]
#: template -> the function that turns the letter's ids into the template's context, None when it
#: has become pointless
LETTERS: dict[str, Callable[..., Context | None]] = {}


class Which(NamedTuple):
    """The letter that another one turns out to be."""

    template: str
    locale: str
    ids: dict[str, Any]


#: template -> the function that finds at delivery, from the address and the letter's ids, which
#: letter it is; None: none at all
UNDECIDED: dict[str, Callable[..., Which | None]] = {}
Addition = Callable[[str, dict[str, Any], Context], Context | None]
#: what others add to the context of every letter: functions of (template, ids, context); None: it
#: is not wanted any more
ADDITIONS: list[Addition] = []


def letter(
    template: str,
) -> Callable[[Callable[..., Context | None]], Callable[..., Context | None]]:
    """The decorated function turns a letter's ids into the context of `emails/<template>.txt`
    and `.html`.
    """

    def register(function: Callable[..., Context | None]) -> Callable[..., Context | None]:
        LETTERS[template] = function
        return function

    return register


def undecided(
    template: str,
) -> Callable[[Callable[..., Which | None]], Callable[..., Which | None]]:
    """The decorated function decides at delivery which letter one of this template is, in a
    transaction that may write.

    A form posts such a letter alike for every address: how long it takes tells nobody whether the
    address is known.
    """

    def register(function: Callable[..., Which | None]) -> Callable[..., Which | None]:
        UNDECIDED[template] = function
        return function

    return register


def for_all(function: Addition) -> Addition:
    """What the decorated function returns stands in the context of every letter, too; with None
    the letter is dropped.
    """
    ADDITIONS.append(function)
    return function


def context_of(template: str, ids: dict[str, Any]) -> Context | None:
    """Everything that the letter's template asks for; None when the letter has become pointless."""
    context = LETTERS[template](**ids)
    if context is None:
        return None
    for addition in ADDITIONS:
        more = addition(template, ids, context)
        if more is None:
            return None
        context = {**more, **context}
    return context
