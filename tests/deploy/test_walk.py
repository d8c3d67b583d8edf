"""docs/deploying.md, followed literally in a folder: every block that can run here runs, in
order.
"""

import os
import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from scripts.services import find, free_port
from tests import parts
from tests.browser.mailboxes import SmtpServer
from tests.browser.servers import certificate
from tests.processes import ROOT, eventually

from .deployed_site import MAIN, NAME, replaced

pytestmark = pytest.mark.any_database

PAGE = ROOT / "docs" / "deploying.md"
DOCUMENTS = [PAGE, ROOT / "docs" / "operating.md"]


#: Resolves the site's name to this machine and to nginx's port here.
NAMES = """
import socket
real = socket.getaddrinfo
def found(host, port, *more, **named):
    here = {{"{name}": ("127.0.0.1", {ports}.get(str(port), port))}}.get(host, (host, port))
    return real(*here, *more, **named)
socket.getaddrinfo = found
"""


def blocks() -> list[tuple[str, bool]]:
    """Return (the block's text, whether it can run here); those that can't are under a paragraph
    that begins with *Not run.
    """
    found, end, text = [], 0, PAGE.read_text()
    for match in re.finditer(r"```sh\n(.*?)```", text, re.S):
        between = text[end : match.start()].strip().split("\n\n")
        found.append((match.group(1), not between[-1].startswith("*Not run")))
        end = match.end()
    return found


class Walk:
    """A folder for the page's paths, and the tests' own servers instead of the machine's."""

    def __init__(self, folder: Path, mailbox: SmtpServer) -> None:
        self.folder = folder
        self.ports = {name: str(free_port()) for name in ("8000", "8001", "80", "443")}
        server = sa.make_url(parts.postgresql_url())
        self.mailbox = mailbox
        for name in ("conf.d", "tls"):
            (folder / "nginx" / name).mkdir(parents=True)
        self.environment = {
            "PATH": f"{Path(find('nginx')).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "PGHOST": str(server.host),
            "PGPORT": str(server.port),
            "PGUSER": "postgres",
            "ADMIN_PASSWORD": "correct Horse 7 battery",
            "PIP_NO_COMPILE": "1",  # Python compiles what it needs of the libraries
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        }

    def here(self, text: str) -> str:
        """Return the page's text with the paths, ports and users of this test."""
        connect = " ".join(
            f"--connect-to {NAME}:{port}:127.0.0.1:{self.ports[port]}" for port in ("80", "443")
        )
        pairs = {
            r"https://git\.example\.org/folkmoot\.git": str(ROOT),
            r"--branch v\S+ ": "",
            r"/srv/folkmoot": f"{self.folder}/srv",
            r"/var/lib/folkmoot": f"{self.folder}/lib",
            r"/etc/nginx": f"{self.folder}/nginx",
            r"sudo (-u \w+ )?": "",
            r"-o folkmoot -g folkmoot ": "",
            r"chown root:folkmoot": "ls",
            r"python3 -m venv": f"{sys.executable} -m venv",
            r"nginx -t": f"nginx -t -p {self.folder}/nginx -c nginx.conf",
            r"curl ": f"curl --insecure {connect} ",
            r"127\.0\.0\.1:(800[01])": lambda match: f"127.0.0.1:{self.ports[match.group(1)]}",
            r"redis://127\.0\.0\.1:6379/0": parts.redis_url(parts.OTHER),
            r"MAIL_SERVER=.*": "MAIL_SERVER=127.0.0.1",
            r"MAIL_PORT=.*": f"MAIL_PORT={self.mailbox.port}",
            r"MAIL_USE_TLS=.*": "MAIL_USE_TLS=no",
        }
        for pattern, value in pairs.items():
            text = re.sub(pattern, value if callable(value) else lambda _, value=value: value, text)  # type: ignore[misc]
        return text

    def run(self, block: str) -> str:
        """Run the block, which must succeed; return its output."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(block)],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{self.here(block)}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    @contextmanager
    def processes(self):
        """Run the commands of the units."""
        with ExitStack() as stack:
            for path in sorted(
                (self.folder / "srv" / "current" / "deploy" / "systemd").glob("*.service")
            ):
                [line] = re.findall(r"^ExecStart=(.*)$", path.read_text(), re.M)
                log = stack.enter_context((self.folder / f"{path.stem}.log").open("wb"))
                process = subprocess.Popen(
                    self.here(line).split(),
                    cwd=self.folder / "srv" / "current",
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                )
                stack.callback(process.wait, 60)
                stack.callback(process.terminate)
            yield

    @contextmanager
    def nginx(self):
        """Run nginx with what the page has put into its folder, on other ports."""
        conf = self.folder / "nginx" / "conf.d" / "folkmoot.conf"
        places = {f"[::]:{port}": f"[::1]:{self.ports[port]}" for port in ("80", "443")}
        places |= {
            f"listen {port}": f"listen 127.0.0.1:{self.ports[port]}" for port in ("80", "443")
        }
        places |= {
            "/etc/nginx": f"{self.folder}/nginx",
            "/var/cache/nginx-folkmoot": f"{self.folder}/cache",
            "/var/log/nginx": str(self.folder),
        }
        conf.write_text(replaced(conf.read_text(), places))
        upstreams = self.folder / "nginx" / "conf.d" / "folkmoot-upstreams.conf"
        upstreams.write_text(self.here(upstreams.read_text()))
        server = subprocess.Popen(
            [find("nginx"), "-p", f"{self.folder}/nginx", "-c", "nginx.conf"],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            server.terminate()
            server.wait(20)

    def examined(self, block: str) -> str:
        """Return the doctor's output, with the site's name resolved to this nginx, and its
        certificate trusted.
        """
        folder = self.folder / "names"
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(NAMES.format(name=NAME, ports=self.ports))
        known = {
            "PYTHONPATH": str(folder),
            "SSL_CERT_FILE": str(self.folder / "nginx/tls/fullchain.pem"),
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(block)],
            env=self.environment | known,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr

    def prepare_nginx(self) -> None:
        """Create what Debian's package and certbot leave behind."""
        (self.folder / "nginx" / "nginx.conf").write_text(
            MAIN.format(user="user root;" if os.geteuid() == 0 else "", folder=self.folder).replace(
                f"include {self.folder}/upstreams.conf;\n    include {self.folder}/folkmoot.conf;",
                f"include {self.folder}/nginx/conf.d/*.conf;",
            )
        )
        certificate(self.folder)
        (self.folder / "cert.pem").rename(self.folder / "nginx/tls/fullchain.pem")
        (self.folder / "key.pem").rename(self.folder / "nginx/tls/privkey.pem")

    def logs(self) -> str:
        """Return the end of every process's log."""
        return "\n".join(path.read_text()[-2000:] for path in self.folder.glob("*.log"))


@pytest.fixture
def walk(tmp_path):
    mailbox = SmtpServer()
    address = parts.postgresql_url().replace("+psycopg", "")

    def forget() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS folkmoot WITH (FORCE)")
            connection.execute("DROP ROLE IF EXISTS folkmoot")

    forget()
    try:
        yield Walk(tmp_path, mailbox)
    finally:
        mailbox.close()
        forget()


def runnable(heading: str, section: str) -> list[str]:
    """Return the blocks of this section that can run here."""
    text = section.partition(f"### {heading}")[2].partition("\n### ")[0]
    assert text, heading
    return [block for block, can in blocks() if can and block in text]


@pytest.mark.deep  # it installs all packages again
@pytest.mark.services
def test_the_debian_instructions_work(walk):
    section = PAGE.read_text().partition("## A Debian server")[2].partition("\n## ")[0]
    done: list[str] = []

    def do(heading: str) -> list[str]:
        said = [walk.run(block) for block in runnable(heading, section)]
        done.extend(runnable(heading, section))
        return said

    do("2. Install the code")
    do("3. Create the database")
    walk.environment["PGUSER"] = "folkmoot"
    do("4. Write the settings")
    settings = walk.folder / "srv" / ".env"
    assert settings.stat().st_mode & 0o777 == 0o640
    do("5. Create the tables and the first admin")

    with walk.processes():
        [checks] = runnable("6. Start the processes", section)
        ready, _ = checks.split("sudo -u folkmoot .venv/bin/flask send-test-mail")
        assert eventually(lambda: not _fails(walk, ready), 60), walk.logs()
        do("6. Start the processes")
        assert [email["To"] for email in walk.mailbox.emails()] == ["you@example.org"]
        walk.prepare_nginx()
        setting_up, *asking = runnable("7. Set up nginx and the certificate", section)
        walk.run(setting_up.replace("sudo nginx -t", "true"))
        with walk.nginx():
            walk.run("nginx -t")
            assert eventually(lambda: not _fails(walk, asking[0])), walk.logs()
            said = walk.run(asking[0])
            [examining] = runnable("8. Check everything", section)
            assert eventually(
                lambda: ": 0 failed, 0 with warnings." in walk.examined(examining), 90
            ), walk.examined(examining)
        done.extend([setting_up, *asking, examining])
        assert '"ready"' in said
        assert f"308 https://{NAME}/" in said
        assert eventually(lambda: "clock" in (walk.folder / "folkmoot-clock.log").name)

    assert done == [block for block, can in blocks() if can], "a block of the page is run by nobody"


def _fails(walk: Walk, block: str) -> bool:
    try:
        walk.run(block)
    except AssertionError:
        return True
    return False


def test_commands_and_files_named_in_the_pages_exist(app: Any):
    text = "\n".join(path.read_text() for path in DOCUMENTS)
    commands = set(re.findall(r"flask ([a-z][a-z-]+)", text)) - {"db"}
    files = set(
        re.findall(
            r"/srv/folkmoot/(?:current/)?([\w./*-]+)|\]\(([\w./-]+\.md)\)|\]\((\.\./[\w./]+)\)",
            text,
        )
    )
    units = set(re.findall(r"folkmoot-(?:web|live|worker|clock)", text))

    assert commands <= set(app.cli.commands)
    named = [
        name
        for found in files
        for name in found
        if name and not name.startswith((".env", "build", "releases", "current", "next"))
    ]
    assert [
        name for name in named if not list((ROOT / "docs").glob(name)) + list(ROOT.glob(name))
    ] == []
    assert units == {path.stem for path in (ROOT / "deploy" / "systemd").glob("*.service")}
    paths = set(re.findall(r"`(/(?:health|metrics|password|privacy)[\w/]*)`", text))
    assert paths <= {rule.rule for rule in app.url_map.iter_rules()}


def test_the_standby_instructions_match_the_deep_tests():
    said, done = DOCUMENTS[1].read_text(), (ROOT / "tests" / "faults" / "cluster.py").read_text()

    for words in (
        "target_session_attrs=read-write",
        "SELECT pg_promote(true, 60)",
        "synchronous_standby_names = '*'",
    ):
        assert words in said, words
        assert words in done, words
    flags = ["-R", "-X", "stream", "-c", "fast"]
    assert " ".join(flags) in said
    assert ", ".join(f'"{flag}"' for flag in flags) in " ".join(done.split())


def test_most_of_the_instructions_are_run_and_the_others_say_why_not():
    can = [block for block, runs in blocks() if runs]

    assert len(can) >= 6
    assert all(not re.search("systemctl|certbot|apt-get|docker", block) for block in can)
