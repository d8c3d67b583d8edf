"""A promise about security, and files whose tests prove many of them."""

from typing import NamedTuple


class Promise(NamedTuple):
    """A row, its promise, and its proof: `file::test`, from `tests/`."""

    row: str
    words: str
    proofs: tuple[str, ...]


W, R, H = (
    "security/test_words_typed.py::test_",
    "security/test_requests.py::test_",
    "security/test_headers.py::test_",
)
C, N, LARGEST = (
    "attendance/test_lost_access.py::test_",
    "news/test_",
    "core/test_picture_memory.py::test_the_largest_picture_",
)
LONG = "security/test_request_limits.py::test_"
EVERYONE = "test_matrix.py::test_access_matches_the_matrix"
IN, UP, FORGOT = (
    "accounts/test_sign_in.py::test_",
    "accounts/test_sign_up.py::test_",
    "accounts/test_forgotten.py::test_",
)
PROOF, ONCE, ENDS = (
    "voting/secret/",
    "core/test_limits_at_once.py::test_",
    "security/test_delimiters.py::test_",
)
