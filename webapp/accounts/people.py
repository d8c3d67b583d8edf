"""People: what they settle for themselves."""

from .models import User


def settle(user: User, zone: str) -> None:
    """Times are shown to `user` in `zone`."""
    user.zone = zone
