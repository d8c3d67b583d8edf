"""What Prometheus and Grafana query: every metric is exported, the files are valid, and it works
for real.
"""

import json
import re
import subprocess
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from scripts.services import find, free_port
from tests import parts
from tests.browser.servers import WEB
from tests.processes import eventually
from tests.sites import site
from webapp.core.observability import metrics
from webapp.ops import site_metrics

from .deployed_site import DEPLOY

pytestmark = pytest.mark.any_database

DASHBOARD = DEPLOY / "grafana" / "folkmoot.json"
PROMETHEUS = DEPLOY / "prometheus"
TOKEN = "a token for tests only"


def exported():
    """The names of all metrics that `/metrics` can contain."""
    names = {sample for metric in metrics.REGISTRY.collect() for sample in _samples(metric)}
    names |= {name for _part, _fact, name, _what in site_metrics.NUMBERS}
    return names | {"folkmoot_part_up", "folkmoot_part_seconds", "folkmoot_outbox_emails"}


def _samples(metric):
    ends = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(
        metric.type, [""]
    )
    return {metric.name + end for end in ends}


def asked_for(text):
    """Return our metrics in a query."""
    return set(re.findall(r"\bfolkmoot_\w+", text))


def queries():
    """Return every query of the dashboard."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", [])]


def rules():
    """Return every rule of the alerts."""
    return [
        rule
        for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
        for rule in group["rules"]
    ]


def test_the_dashboard_uses_every_exported_metric_and_no_other():
    asked = set().union(*map(asked_for, queries()))

    assert asked - exported() == set()
    shown_otherwise = {"folkmoot_request_seconds_sum"}
    assert exported() - asked - shown_otherwise == set()


def test_alerts_use_exported_metrics_and_say_what_to_do():
    for rule in rules():
        assert asked_for(rule["expr"]) <= exported(), rule["alert"]
        assert asked_for(rule["expr"]) or "up{" in rule["expr"]
        assert set(rule["annotations"]) == {"summary", "action"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
    assert len({rule["alert"] for rule in rules()}) == len(rules()) >= 10


def test_dashboard_panels_have_unique_ids_and_positions():
    panels = json.loads(DASHBOARD.read_text())["panels"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}

    assert len({panel["id"] for panel in panels}) == len(panels) == len(places)
    assert all(panel["title"] for panel in panels)


@pytest.fixture
def scraping(tmp_path):
    """deploy/prometheus with another target, as Prometheus reads it."""

    def written(*targets):
        config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
        for job, target in zip(config["scrape_configs"], targets, strict=True):
            job["static_configs"][0]["targets"] = [target]
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
        (tmp_path / "alerts.yml").write_text((PROMETHEUS / "alerts.yml").read_text())
        (tmp_path / "token").write_text(TOKEN)
        return tmp_path / "prometheus.yml"

    return written


@pytest.mark.deep
def test_promtool_accepts_the_files(scraping):
    path = scraping("127.0.0.1:8000", "127.0.0.1:8001")

    done = subprocess.run(
        [find("promtool"), "check", "config", str(path)], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(rules())} rules found" in done.stdout


class Prometheus:
    """A real Prometheus, on its own port."""

    def __init__(self, config: Path) -> None:
        self.port, folder = free_port(), config.parent
        words = [
            f"--config.file={config}",
            f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{self.port}",
        ]
        with (folder / "prometheus.log").open("wb") as log:
            self.process = subprocess.Popen([find("prometheus"), *words], stdout=log, stderr=log)

    def ask(self, query: str) -> list[dict[str, object]]:
        """Return the series of a query; none while it doesn't respond."""
        address = f"http://127.0.0.1:{self.port}/api/v1/query?query={quote(query)}"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                found: list[dict[str, object]] = json.loads(answer.read())["data"]["result"]
                return found
        except OSError:
            return []


@pytest.mark.deep
@pytest.mark.services
def test_prometheus_scrapes_a_production_site_and_answers_every_query(tmp_path, scraping):
    """In production the site accepts only its own name as host, and Prometheus requests an IP
    address.
    """
    settings = {
        "ENVIRONMENT": "production",
        "SITE_URL": "https://moot.example.org",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": "1",
    }
    settings |= {
        "TRUSTED_PROXIES": "1",
        "METRICS_TOKEN": TOKEN,
        "REDIS_URL": parts.redis_url(parts.OTHER),
    }
    settings |= {"MAIL_USE_TLS": "no", "WEB_CONCURRENCY": "2"}
    with site(tmp_path, web=False, **settings) as running:
        running.run("web", *WEB)
        target = f"127.0.0.1:{running.settings['PORT']}"
        prometheus = Prometheus(scraping(target, target))
        try:
            assert eventually(lambda: len(prometheus.ask("up == 1")) == 2, 60), running.logs()
            for path in ("/events", "/groups", "/events"):
                request = urllib.request.Request(
                    f"http://{target}{path}",
                    headers={"Host": "moot.example.org", "X-Forwarded-Proto": "https"},
                )
                assert urllib.request.urlopen(request, timeout=10).status == 200
            assert eventually(
                lambda: bool(prometheus.ask('folkmoot_requests_total{route="events.index"} >= 2')),
                20,
            )
            time.sleep(3)
            text = [
                query.replace("$__rate_interval", "1m").replace("$__range", "1m")
                for query in queries()
            ]
            silent = {query for query in text if not prometheus.ask(query)}
            assert not [query for query in silent if not MAY_BE_SILENT.search(query)]
            assert prometheus.ask('folkmoot_part_up{part="mail"} == 0'), (
                "nobody listens on the port of its mail server"
            )
        finally:
            prometheus.process.terminate()
            prometheus.process.wait(20)


#: Metrics without events so far, or unknown on a site without worker, clock or email.
MAY_BE_SILENT = re.compile(
    r"limit_refusals|database_away|oldest_seconds|last_sent|tick_seconds|outbox|5\.\."
)
