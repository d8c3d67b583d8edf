"""What happens beside requests: letters find their words."""

from . import letters

__all__ = ["letters"]
