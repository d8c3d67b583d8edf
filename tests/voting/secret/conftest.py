"""verify.py as members get it, loaded once, and its output about a folder."""

import importlib.util
import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from webapp.voting.secret import bundle

from .making import Folder, Made, closed, packed


class Said(NamedTuple):
    """The exit status, and the lines of output."""

    status: int
    lines: list[str]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The bundled program as a module, without any of the application's files."""
    path = tmp_path_factory.mktemp("verifier") / "verify.py"
    path.write_text(bundle.verifier(), "utf-8")
    spec = importlib.util.spec_from_file_location("verify", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def verify(
    program: ModuleType, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """A function: `verify(path, "--key", typed=key)` returns what the program says about the files
    there.
    """

    def run(path: Path, *words: str, typed: str = "") -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed + "\n"))
        status = program.main([str(path), *words])
        said = capsys.readouterr()
        assert said.err == ""
        return Said(status, said.out.splitlines())

    return run


@pytest.fixture(scope="session")
def made() -> Made:
    """A closed vote by scores."""
    return closed("score")


@pytest.fixture(scope="session")
def zipped(made: Made) -> bytes:
    """The zip file of that vote."""
    return packed(made)


@pytest.fixture
def folder(tmp_path: Path, zipped: bytes) -> Folder:
    """The folder of its unpacked files."""
    return Folder(tmp_path / "unpacked", zipped)
