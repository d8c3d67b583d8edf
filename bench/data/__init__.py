"""Communities of a known size, identical each time and loaded within seconds."""

from .sizes import LARGE as LARGE, SMALL as SMALL, WIDE as WIDE, Size as Size
