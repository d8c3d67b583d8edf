"""The suite runs on real servers, which are new enough."""

import shutil

import psycopg
import pytest
import redis

from scripts import services

from . import parts

pytestmark = pytest.mark.services


def test_postgresql_is_at_least_14():
    address = parts.postgresql_url().replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        assert connection.info.server_version >= 140000


def test_redis_responds_and_does_not_persist():
    client = redis.Redis.from_url(parts.redis_url(parts.OTHER))
    assert client.ping()
    assert client.config_get("save") == {"save": ""}


def test_chromium_can_be_found():
    path = services.chromium()
    if path is None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    assert shutil.which(path)
