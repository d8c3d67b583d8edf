"""What each email says: a function a template, which finds the email's words at the moment of
delivery.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

EmailContext = dict[str, Any]
EmailFunction = Callable[..., EmailContext | None]
#: template -> the function that turns the email's ids into the template's context, None when it
#: has become pointless
EMAIL_CONTEXTS: dict[str, EmailFunction] = {}


class EmailChoice(NamedTuple):
    """The email that another one turns out to be."""

    template: str
    locale: str
    ids: dict[str, Any]


#: template -> the function that finds at delivery, from the address and the email's ids, which
#: email it is; None: none at all
DECIDED_ON_DELIVERY: dict[str, Callable[..., EmailChoice | None]] = {}
Addition = Callable[[str, dict[str, Any], EmailContext], EmailContext | None]
#: what others add to the context of every email: functions of (template, ids, context); None: it
#: is not wanted any more
ADDITIONS: list[Addition] = []


def email_context(template: str) -> Callable[[EmailFunction], EmailFunction]:
    """The decorated function turns an email's ids into the context of `emails/<template>.html`,
    from which the text is derived, too.
    """

    def register(function: EmailFunction) -> EmailFunction:
        EMAIL_CONTEXTS[template] = function
        return function

    return register


def decided_on_delivery(
    template: str,
) -> Callable[[Callable[..., EmailChoice | None]], Callable[..., EmailChoice | None]]:
    """The decorated function decides at delivery which email one of this template is, in a
    transaction that may write.

    A form posts such an email alike for every address: how long it takes tells nobody whether the
    address is known.
    """

    def register(function: Callable[..., EmailChoice | None]) -> Callable[..., EmailChoice | None]:
        DECIDED_ON_DELIVERY[template] = function
        return function

    return register


def added_to_all(function: Addition) -> Addition:
    """What the decorated function returns is in the context of every email, too; with None
    the email is dropped.
    """
    ADDITIONS.append(function)
    return function


def context_of(template: str, ids: dict[str, Any]) -> EmailContext | None:
    """Everything that the email's template asks for; None when the email has become pointless."""
    context = EMAIL_CONTEXTS[template](**ids)
    if context is None:
        return None
    for addition in ADDITIONS:
        more = addition(template, ids, context)
        if more is None:
            return None
        context = {**more, **context}
    return context
