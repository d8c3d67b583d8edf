"""What happens beside requests: data is packed, and those who have left are erased."""

from . import erasing, packing

__all__ = ["erasing", "packing"]
