"""Who may do what: the table that `test_matrix.py` compares with every route × every role.

y: allowed; s: redirected to the sign-in; f: forbidden; n: not found.
"""

from . import elsewhere, events

#: pairs of a line and its routes
MATRIX = [*events.MATRIX.items(), *elsewhere.MATRIX.items()]
