"""One deployed Folkmoot for the tests that put an nginx in front of it."""

import pytest

from .house import house


@pytest.fixture(scope="package")
def served(tmp_path_factory):
    """A house with `web` and `live`, with a companion service at /wiki/ to return people to."""
    with house(tmp_path_factory.mktemp("served"), COMPANION_PATHS="/wiki/") as made:
        for name in ("web", "live"):
            made.start(name)
        yield made
