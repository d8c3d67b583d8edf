"""One deployed Folkmoot for the tests that put an nginx in front of it."""

import pytest

from .deployed_site import deployed_site


@pytest.fixture(scope="package")
def served(tmp_path_factory):
    """A deployed site with `web` and `live`, and a companion service at /wiki/."""
    with deployed_site(tmp_path_factory.mktemp("served"), COMPANION_PATHS="/wiki/") as made:
        for name in ("web", "live"):
            made.start(name)
        yield made
