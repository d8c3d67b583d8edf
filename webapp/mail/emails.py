"""The contents of emails: a function for each template, called on delivery."""

from collections.abc import Callable
from typing import Any, NamedTuple

EmailContext = dict[str, Any]
EmailFunction = Callable[..., EmailContext | None]
#: template -> function that returns the template's context for the email's ids; None if the email
#: is pointless by then
EMAIL_CONTEXTS: dict[str, EmailFunction] = {}
#: templates of emails to addresses that nobody has confirmed
TO_STRANGERS: set[str] = set()


class EmailChoice(NamedTuple):
    """The email that a template decides to be."""

    template: str
    locale: str
    ids: dict[str, Any]


#: template -> function that decides on delivery, from the address and ids, which email to send;
#: None for none
DECIDED_ON_DELIVERY: dict[str, Callable[..., EmailChoice | None]] = {}
Addition = Callable[[str, dict[str, Any], EmailContext], EmailContext | None]
#: functions of (template, ids, context) that add to every email's context; None drops the email
ADDITIONS: list[Addition] = []


def email_context(
    template: str, to_strangers: bool = False
) -> Callable[[EmailFunction], EmailFunction]:
    """Register the function that returns the context of `emails/<template>.html`.

    The text version is derived from the same template. `to_strangers`: nobody has confirmed the
    address yet, so the context holds no rows and no words that people typed. Otherwise anyone
    could send theirs to any address, in the site's name.
    """

    def register(function: EmailFunction) -> EmailFunction:
        EMAIL_CONTEXTS[template] = function
        if to_strangers:
            TO_STRANGERS.add(template)
        return function

    return register


def decided_on_delivery(
    template: str,
) -> Callable[[Callable[..., EmailChoice | None]], Callable[..., EmailChoice | None]]:
    """Register a function that decides on delivery which email to send, in a transaction that may
    write.

    A form enqueues such an email in the same way for every address, so its time doesn't show
    whether the address is known.
    """

    def register(function: Callable[..., EmailChoice | None]) -> Callable[..., EmailChoice | None]:
        DECIDED_ON_DELIVERY[template] = function
        return function

    return register


def added_to_all(function: Addition) -> Addition:
    """Add what the function returns to every email's context.

    If it returns None the email is dropped.
    """
    ADDITIONS.append(function)
    return function


def context_of(template: str, ids: dict[str, Any]) -> EmailContext | None:
    """Return the context of the email's template; None if the email is pointless by now."""
    context = EMAIL_CONTEXTS[template](**ids)
    if context is None:
        return None
    for addition in ADDITIONS:
        more = addition(template, ids, context)
        if more is None:
            return None
        context = {**more, **context}
    return context
