"""Communities of a known size, identical each time and loaded within seconds."""

from .sizes import LARGE as LARGE
from .sizes import SMALL as SMALL
from .sizes import WIDE as WIDE
from .sizes import Size as Size
