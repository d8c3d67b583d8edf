"""What happens beside requests: letters find their words, and what has expired is put away."""

from . import letters, purge

__all__ = ["letters", "purge"]
