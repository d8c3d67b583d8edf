"""What each letter says: a function a template, which finds the letter's words at the moment of delivery."""

from collections.abc import Callable
from typing import Any

Context = dict[str, Any]
#: template -> the function that turns the letter's ids into the template's context, None when it has become pointless
LETTERS: dict[str, Callable[..., Context | None]] = {}


def letter(template: str) -> Callable[[Callable[..., Context | None]], Callable[..., Context | None]]:
    """The decorated function turns a letter's ids into the context of `emails/<template>.txt` and `.html`."""

    def register(function: Callable[..., Context | None]) -> Callable[..., Context | None]:
        LETTERS[template] = function
        return function

    return register
