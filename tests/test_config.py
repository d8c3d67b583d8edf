"""Settings: read from the environment, refused if unsafe, documented in one place."""

import re

import pytest

from scripts import settings_docs
from webapp.config import ROOT, SETTINGS, ConfigError, load

pytestmark = pytest.mark.any_database

#: Variables set by gunicorn.conf.py, gunicorn or systemd, not by people.
NOT_SETTINGS = {"FOLKMOOT_MEASURES", "GUNICORN_PID", "NOTIFY_SOCKET"}

SAFE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "3f9c1b7e5a2d8460f1e7c9b3a5d20846",
    "SITE_URL": "https://moot.example.org",
    "MAIL_SERVER": "mail.example.org",
}


def config(tmp_path, **environ):
    return load({"INSTANCE": str(tmp_path), **environ})


def test_production_starts_with_all_settings(tmp_path):
    made = config(tmp_path, **SAFE)

    assert made["SESSION_COOKIE_NAME"] == "__Host-folkmoot"
    assert made["SESSION_COOKIE_SECURE"] is True
    assert made["TRUSTED_HOSTS"] == ["moot.example.org"]


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SECRET_KEY", "", "32 characters"),
        ("SECRET_KEY", "short", "32 characters"),
        ("SECRET_KEY", "a" * 40, "random"),
        ("SECRET_KEY_PREVIOUS", "3f9c1b7e5a2d8460", "SECRET_KEY_PREVIOUS must be the key before"),
        ("SECRET_KEY_PREVIOUS", SAFE["SECRET_KEY"], "SECRET_KEY_PREVIOUS must be the key before"),
        ("DEBUG", "yes", "DEBUG"),
        ("SITE_URL", "", "SITE_URL"),
        ("SITE_URL", "http://moot.example.org", "https://"),
        ("MAIL_SERVER", "", "MAIL_SERVER"),
        ("SIGN_UP", "perhaps", "SIGN_UP"),
        ("PORT", "many", "PORT"),
        ("FILES_URL", "/srv/files", "FILES_URL must name a bucket"),
        ("FILES_URL", "s3://", "FILES_URL must name a bucket"),
        ("FILES_URL", "s3://folkmoot", "S3_ACCESS_KEY"),
    ],
)
def test_production_refuses_unsafe_settings_by_name(tmp_path, name, value, word):
    with pytest.raises(ConfigError, match=word):
        config(tmp_path, **{**SAFE, name: value})


def test_an_s3_store_needs_keys_and_a_valid_url(tmp_path):
    keys = {"FILES_URL": "s3://folkmoot/uploads", "S3_ACCESS_KEY": "who", "S3_SECRET_KEY": "what"}

    assert (
        config(tmp_path, **keys, S3_ENDPOINT="http://127.0.0.1:9000")["FILES_URL"]
        == "s3://folkmoot/uploads"
    )
    with pytest.raises(ConfigError, match="S3_ENDPOINT must begin"):
        config(tmp_path, **keys, S3_ENDPOINT="s3.example.org")


def test_all_problems_are_reported_at_once(tmp_path):
    with pytest.raises(ConfigError) as refused:
        config(tmp_path, ENVIRONMENT="production")

    assert all(name in str(refused.value) for name in ("SECRET_KEY", "SITE_URL", "MAIL_SERVER"))


def test_development_needs_no_settings_and_keeps_its_secret(tmp_path):
    first, second = config(tmp_path), config(tmp_path)

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) == 64
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert first["DEV_MAIL"] is True


def test_the_instance_folder_is_private_to_its_owner(tmp_path):
    config(tmp_path / "new")

    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_database_urls_of_hosting_providers_are_understood(tmp_path):
    made = config(tmp_path, DATABASE_URL="postgres://moot@localhost/moot")

    assert made["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://moot@localhost/moot"


def test_the_env_example_and_the_page_list_exactly_the_existing_settings():
    page = settings_docs.PAGE.read_text()

    assert (ROOT / ".env.example").read_text() == settings_docs.text()
    assert page == settings_docs.page(page), "python scripts/settings_docs.py writes it"
    source = (ROOT / "gunicorn.conf.py").read_text()
    server = set(re.findall(r"environ\.get\([\"']([A-Z_]+)", source))
    others = set(re.findall(r"^\| `([A-Z_]+)`", page, re.M)) - {s.name for s in SETTINGS}
    assert others - server == set(), "nothing reads these"
    assert server - others - {s.name for s in SETTINGS} - NOT_SETTINGS == set()


def test_commands_use_the_url_of_the_running_server(tmp_path):
    (tmp_path / "address").write_text("http://127.0.0.1:9000\n")

    assert config(tmp_path)["SITE_URL"] == "http://127.0.0.1:9000"
    assert config(tmp_path, SITE_URL="http://localhost:7000")["SITE_URL"] == "http://localhost:7000"
