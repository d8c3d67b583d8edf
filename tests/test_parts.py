"""What the suite says if a server is missing."""

import pytest

from scripts.services import free_port

from . import parts

pytestmark = pytest.mark.any_database


def test_an_unconfigured_server_is_named_with_what_to_do():
    said = parts.why_missing("TEST_REDIS_URL", "")

    assert said.startswith("This test needs Redis, and TEST_REDIS_URL isn't set.")
    assert "scripts/services.py start" in said
    assert "make quick" in said


def test_an_unreachable_server_is_named_at_once():
    address = f"postgresql+psycopg://tests@127.0.0.1:{free_port()}/postgres"

    assert "names a server that is away" in parts.why_missing("TEST_POSTGRESQL_URL", address)


@pytest.mark.parametrize("asked", [lambda: parts.redis_url(parts.OTHER), parts.postgresql_url])
def test_a_test_without_its_server_fails_at_once(monkeypatch, asked):
    monkeypatch.delenv("TEST_REDIS_URL", raising=False)
    monkeypatch.delenv("TEST_POSTGRESQL_URL", raising=False)
    parts._running.cache_clear()

    with pytest.raises(pytest.fail.Exception, match="isn't set"):
        asked()
