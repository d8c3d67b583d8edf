"""The deployment files agree: the same commands everywhere, existing settings, pinned images."""

import configparser
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.processes import ROOT
from webapp.config import SETTINGS

from .deployed_site import DEPLOY, procfile

pytestmark = pytest.mark.any_database

#: Variables that gunicorn.conf.py reads besides the application's settings.
SERVER = set(re.findall(r'environ\.get\("(\w+)"', (ROOT / "gunicorn.conf.py").read_text()))
NAMES = {setting.name for setting in SETTINGS} | SERVER
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
#: The most seconds for which a process may be busy after SIGTERM: gunicorn's graceful_timeout, RQ's
#: longest job.
LONGEST = {"web": 25, "live": 25, "worker": 90, "clock": 1}


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text())
    return found


def same(line: str, name: str) -> bool:
    """Whether this line is the Procfile's command `name`, apart from paths and the address to
    listen on.
    """
    found, wanted = (
        re.sub(r"(0\.0\.0\.0|127\.0\.0\.1):(\$\{PORT:-)?(\d+)\}?", r"host:\3", text)
        for text in (line, procfile()[name])
    )
    words = [re.sub(r"^.*/bin/|^/srv/folkmoot/current/", "", word) for word in shlex.split(found)]
    return words[words[0] == "python" :] == shlex.split(wanted)


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


@pytest.mark.parametrize("name", ["release", "web", "live", "worker", "clock"])
def test_compose_services_match_the_procfile(name):
    service = read("compose.yaml")["services"][name]

    assert same(service["command"], name)
    if name != "release":
        assert seconds(service.get("stop_grace_period", "10s")) > LONGEST[name]
        assert service["depends_on"]["release"] == {"condition": "service_completed_successfully"}


def test_compose_containers_have_few_privileges_and_persistent_volumes():
    compose = read("compose.yaml")
    ours = {
        name: service
        for name, service in compose["services"].items()
        if service["image"].startswith("folkmoot")
    }

    assert set(ours) == set(procfile())
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["env_file"] == ".env"
        assert "ports" not in service
    volumes = {
        mount.split(":")[0]
        for service in compose["services"].values()
        for mount in service.get("volumes", [])
    }
    assert set(compose["volumes"]) <= volumes
    for name in ("web", "live", "proxy", "database", "redis"):
        assert "test" in compose["services"][name].get("healthcheck", {}) or name in ours
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert set(compose["networks"]["inside"]) == {"internal"}


def test_files_mounted_by_compose_exist():
    mounts = [
        mount
        for service in read("compose.yaml")["services"].values()
        for mount in service.get("volumes", [])
    ]
    files = [
        mount.split(":")[0]
        for mount in mounts
        if mount.startswith("./") and not mount.startswith("./tls")
    ]

    assert len(files) == 3
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_development_has_a_mail_catcher():
    services = read("compose.dev.yaml")["services"]

    assert services["web"]["environment"]["MAIL_SERVER"] == "mail"
    assert services["mail"]["ports"] == ["127.0.0.1:8025:8025"]
    for name in ("web", "worker", "clock"):
        assert same(services[name]["command"], name)
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.dev.yaml"])
def test_images_are_pinned_and_settings_exist(name):
    services = read(name)["services"].values()
    images = {service["image"] for service in services}

    assert [
        image
        for image in images
        if not image.startswith("folkmoot:") and not re.search(r":v?\d+(\.\d+)*(-\w+)?$", image)
    ] == []
    ours = {
        key
        for service in services
        if service["image"].startswith("folkmoot")
        for key in service["environment"]
    }
    assert ours - NAMES - {"HOME"} == set()


def test_the_render_blueprint_matches_the_procfile_and_existing_settings():
    blueprint = read("render.yaml")
    services = {
        service["name"].removeprefix("folkmoot-"): service for service in blueprint["services"]
    }

    assert set(services) == {"web", "worker", "clock", "redis"}
    for name in ("web", "worker", "clock"):
        assert same(services[name]["dockerCommand"], name)
        assert services[name].get("maxShutdownDelaySeconds", 30) > LONGEST[name]
    assert same(services["web"]["preDeployCommand"], "release")
    [group] = blueprint["envVarGroups"]
    keys = {row["key"] for row in group["envVars"]} | {
        row["key"] for row in services["web"]["envVars"] if "key" in row
    }
    assert keys - NAMES == set()
    assert {
        "SECRET_KEY",
        "SITE_URL",
        "MAIL_SERVER",
        "DATABASE_URL",
        "REDIS_URL",
        "TRUSTED_PROXIES",
    } <= keys
    assert not any(
        re.search("SECRET|PASSWORD", row["key"]) and "value" in row for row in group["envVars"]
    )


def unit(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text())
    return parser["Service"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_units_run_the_procfile_commands_with_restart_and_stop_time(path):
    name, service = path.stem.removeprefix("folkmoot-"), unit(path)

    assert same(service["ExecStart"], name)
    assert service["Restart"] == "always"
    assert service["KillMode"] == "mixed"
    assert int(service["TimeoutStopSec"]) > LONGEST[name]
    assert service["User"] == "folkmoot"
    assert (
        service["NoNewPrivileges"],
        service["ProtectSystem"],
        service["CapabilityBoundingSet"],
    ) == ("yes", "strict", "")


def test_every_process_has_a_systemd_unit():
    assert {path.stem.removeprefix("folkmoot-") for path in UNITS} == set(procfile()) - {"release"}


@pytest.mark.services
def test_systemd_accepts_the_units(tmp_path):
    for path in UNITS:
        (tmp_path / path.name).write_text(
            re.sub(r"/srv/folkmoot/current/\.venv/bin/\w+", "/bin/true", path.read_text())
        )

    done = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.glob("*.service")], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_nginx_allows_larger_requests_than_the_application(app):
    [size] = re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())

    assert int(size) * 1024 * 1024 > app.config["MAX_CONTENT_LENGTH"]


def test_nginx_timeouts_are_longer_than_those_of_the_processes():
    text = (DEPLOY / "nginx.conf").read_text()

    assert [int(value) for value in re.findall(r"proxy_read_timeout (\d+)s", text)] == [65, 60]
    for name in ("nginx-upstreams.conf", "nginx-upstreams.compose.conf"):
        assert set(re.findall(r"upstream (\w+)", (DEPLOY / name).read_text())) == set(
            re.findall(r"proxy_pass http://(\w+)", text)
        )


def test_nginx_soon_reconnects_to_every_worker():
    """A connection that is kept alive stays with the worker that accepted it."""
    for path in sorted(DEPLOY.glob("nginx-upstreams*.conf")):
        for block in re.findall(r"upstream \w+ {[^}]*\bkeepalive \d+;[^}]*}", path.read_text()):
            assert "keepalive_time 10s;" in block, path.name


def test_nginx_logs_no_url_with_a_token(app):
    """A route whose URL grants access begins with a word that deploy/nginx.conf omits from its
    log.
    """
    [words] = re.findall(r'"~\^/\(([^)]+)\)/" 0;', (DEPLOY / "nginx.conf").read_text())
    rules = {rule.rule for rule in app.url_map.iter_rules() if "token" in rule.arguments}
    rules = {
        rule for rule in rules if not rule.startswith("/admin/")
    }  # these grant access only to signed-in admins

    assert rules
    assert {rule.split("/")[1] for rule in rules} == set(words.split("|"))
