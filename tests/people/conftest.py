"""Gives every test of people an empty folder for its files."""

import pytest

from webapp.core.storage.files import Folder


@pytest.fixture(autouse=True)
def files(app, tmp_path, monkeypatch):
    """The folder for files, empty at first."""
    monkeypatch.setitem(app.extensions, "files", Folder(tmp_path / "files"))
    return app.extensions["files"]
