"""Whole communities of a known size, made alike every time and loaded in seconds."""

from .sizes import LARGE as LARGE
from .sizes import SMALL as SMALL
from .sizes import WIDE as WIDE
from .sizes import Size as Size
