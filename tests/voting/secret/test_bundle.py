"""The zip bundle: identical for everyone, with a verifier that needs only Python."""

import ast
import io
import sys
import zipfile

import pytest

from webapp.voting.secret import ballots_csv, bundle, manifest, verifier_bundle
from webapp.voting.secret.verifier_bundle import VerifierBundle

from .making import closed, packed

pytestmark = pytest.mark.any_database

#: modules that could access the network, or run other programs
NEVER = {
    "socket",
    "ssl",
    "http",
    "urllib",
    "subprocess",
    "os",
    "ctypes",
    "importlib",
    "pickle",
    "shutil",
    "tempfile",
}


def test_the_same_vote_gives_the_same_bytes(made, zipped):
    assert bundle.packed(made.manifest, reversed(made.papers)) == zipped
    assert packed(closed("score")) == zipped


def test_different_votes_give_different_bytes(zipped):
    assert packed(closed("star")) != zipped


def test_the_bundle_has_three_files_and_no_timestamps(zipped, made):
    with zipfile.ZipFile(io.BytesIO(zipped)) as files:
        assert files.namelist() == ["manifest.json", "ballots.csv", "verify.py"]
        assert {entry.date_time for entry in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert files.read("ballots.csv") == ballots_csv.csv_of(made.papers)
        assert files.read("verify.py").decode() == bundle.verifier()
        assert manifest.read(files.read("manifest.json")) == made.manifest


def test_a_manifest_survives_writing_and_reading():
    for kind in ("stv", "proposal", "date", "approval"):
        made = closed(kind)
        assert manifest.read(manifest.written(made.manifest)) == made.manifest


def test_the_verifier_uses_only_the_standard_library_and_no_network():
    tree = ast.parse(bundle.verifier())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    roots = {name.split(".")[0] for name in imported}
    assert roots <= sys.stdlib_module_names - NEVER
    assert not called & {"eval", "exec", "compile", "__import__"}


def test_the_verifier_tells_older_pythons_that_they_are_too_old():
    ast.parse(bundle.verifier(), feature_version=(3, 8))
    before, _guard, after = bundle.verifier().partition("if sys.version_info < (3, 10):\n")

    assert after.startswith('    sys.exit("FAIL python: ')
    assert before.endswith('"""\n\nimport sys\n\n')


def test_every_name_in_the_verifier_is_defined_once():
    tree = ast.parse(bundle.verifier())
    defined = [name for node in tree.body for name in verifier_bundle._bound(node)]

    assert sorted(defined) == sorted(set(defined))
    assert {"lot_order", "stv_count", "main", "canon"} <= set(defined)


def test_the_verifier_contains_every_function_of_the_count():
    """Nothing was lost in bundling: the program contains every function of the bundled files."""
    gathered = VerifierBundle("secret/verify")
    ours = sum(
        isinstance(node, ast.FunctionDef)
        for source in gathered.sources.values()
        for node in ast.walk(source.tree)
    )
    its = sum(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(bundle.verifier())))

    assert its == ours
    assert {"tally/stv", "tally/schulze", "tally/star", "ballots/choices", "secret/chain"} <= set(
        gathered.sources
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "from . import lots\n\ndef drawn(lots):\n    return lots\n",
            "def first():\n    return 1\n",
        ),
        (
            'from . import lots\n\ndef drawn():\n    return f"{lots.first()}"\n',
            "def first():\n    return 1\n",
        ),
        (
            "from . import lots\n\ndef sum():\n    return lots.first()\n",
            "def first():\n    return 1\n",
        ),
    ],
    ids=["a name that hides a file", "a name inside text", "a name that Python has"],
)
def test_ambiguous_sources_cannot_be_bundled(one, other, tmp_path, monkeypatch):
    monkeypatch.setattr(verifier_bundle, "VOTING", tmp_path)
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "drawing.py").write_text(one)
    (tmp_path / "box" / "lots.py").write_text(other)

    with pytest.raises(ValueError, match="called|renamed"):
        list(VerifierBundle("box/drawing").parts())


def test_names_defined_in_two_files_are_prefixed_with_their_file(tmp_path, monkeypatch):
    monkeypatch.setattr(verifier_bundle, "VOTING", tmp_path)
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "drawing.py").write_text(
        '"""Draws."""\nfrom . import lots\n\ndef first():\n    return lots.first()  # é\n'
    )
    (tmp_path / "box" / "lots.py").write_text("def first():\n    return 1\n")

    text = "\n".join(VerifierBundle("box/drawing").parts())

    assert "def drawing_first():\n    return lots_first()  # é\n" in text
    assert "def lots_first():\n    return 1\n" in text
    assert "# Draws." in text
