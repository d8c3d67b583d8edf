"""Whether a request comes from this very machine."""

from werkzeug.exceptions import NotFound

from ...core import addresses


def only_loopback() -> None:
    """Raises NotFound for everyone who isn't at this machine, or whom a proxy that we don't know
    has let through.
    """
    if not addresses.is_this_machine():
        raise NotFound
