"""The Dockerfile, run step by step in an empty folder: the installed site starts, is healthy,
stops, and writes only to /data.
"""

import signal
import subprocess
from pathlib import Path

import pytest

from scripts.services import free_port
from tests.processes import ROOT, eventually

from .deployed_site import ask
from .dockerfile import Image, built, ignored, instructions

pytestmark = pytest.mark.services

TEXT = (ROOT / "Dockerfile").read_text()
SETTINGS = {
    "SECRET_KEY": "3f9c1b7e5a2d8460f1e7c9b3a5d20846",
    "SITE_URL": "https://moot.example.org",
    "MAIL_SERVER": "127.0.0.1",
    "TRUSTED_PROXIES": "1",
}


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Image:
    """The result of the Dockerfile."""
    return built(tmp_path_factory.mktemp("image"), TEXT)


def files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_the_image_runs_unprivileged_and_its_base_is_pinned():
    said = instructions(TEXT)
    last_stage = said[[number for number, (name, _) in enumerate(said) if name == "FROM"][-1] :]

    assert [words for name, words in last_stage if name == "USER"] == ["10001:10001"]
    assert all(":3.11-slim-bookworm" in words for name, words in said if name == "FROM")
    assert "--require-hashes" in TEXT
    assert dict(said)["STOPSIGNAL"] == "SIGTERM"
    root_runs = [name for name, _ in last_stage[[name for name, _ in last_stage].index("USER") :]]
    assert "RUN" not in root_runs


def test_the_image_excludes_secrets_and_tests():
    rules = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if not line.startswith("#")
    ]

    assert [
        path
        for path in (
            ".env",
            "instance/secret",
            "tests/conftest.py",
            ".git/config",
            "tls/privkey.pem",
        )
        if not ignored(path, rules)
    ] == []
    assert not ignored("webapp/__init__.py", rules)
    assert not ignored("scripts/healthcheck.py", rules)
    assert ignored("webapp/__pycache__/config.pyc", rules)


@pytest.mark.deep
def test_the_image_serves_is_healthy_stops_and_leaves_its_code_unchanged(image):
    port = free_port()
    settings = SETTINGS | {"PORT": str(port), "BIND_HOST": "127.0.0.1"}
    before = files(image.root / "app")
    image.run("flask db upgrade", **settings)
    environment = image.variables(**settings)

    with subprocess.Popen(image.words_of("CMD"), cwd=image.folder, env=environment) as server:
        try:
            health = image.words_of("HEALTHCHECK")
            assert eventually(
                lambda: (
                    subprocess.run(
                        health, cwd=image.folder, env=environment, stderr=subprocess.DEVNULL
                    ).returncode
                    == 0
                )
            )
            assert ask(port, "/", secure=False, X_Forwarded_Proto="https").status == 200
            assert ask(port, "/sign-up", secure=False, X_Forwarded_Proto="https").status == 200
            assert ask(port, "/health/ready", secure=False).status == 200
        finally:
            server.send_signal(getattr(signal, image.said["STOPSIGNAL"]))
    assert server.returncode == 0
    assert (
        subprocess.run(
            health, cwd=image.folder, env=environment, stderr=subprocess.DEVNULL
        ).returncode
        == 1
    )
    assert files(image.root / "app") == before
    assert (image.root / "data" / "folkmoot.db").exists()


@pytest.mark.deep
def test_the_image_includes_the_other_processes(image):
    for name in ("worker", "clock"):
        said = image.run(f"flask {name} 2>&1 || true", **SETTINGS).stdout
        assert "REDIS_URL is not set" in said


@pytest.mark.deep
def test_the_image_excludes_test_tools(image):
    packages = {
        path.name.split("-")[0].lower() for path in (image.root / "venv").rglob("*.dist-info")
    }

    assert {"flask", "gunicorn", "psycopg"} <= packages
    assert not packages & {"pytest", "playwright", "mypy", "pip", "setuptools"}
