"""Who gets in where: the table against which `test_matrix.py` holds every route × every role.

y: let in; s: to the sign-in; f: seen but forbidden; n: not there.
"""

from . import elsewhere, events

#: pairs of a line and the routes that are in it
MATRIX = [*events.MATRIX.items(), *elsewhere.MATRIX.items()]
