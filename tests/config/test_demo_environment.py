import socket
import stat

import pytest

from config.demo import environment
from tests.services import free_port


@pytest.fixture
def ports():
    return {name: str(free_port()) for name in environment.DEFAULTS}


def test_ports_come_from_the_environment(ports):
    chosen = environment.choose_ports(ports)
    assert [str(port) for port in (chosen.web, chosen.site, chosen.standin)] == list(ports.values())


def test_a_taken_port_is_named_with_a_way_out(ports):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(environment.PortTaken, match=rf"Port {port} is taken.*make run DEMO_SITE_PORT={port + 10}"):
            environment.choose_ports(ports | {"DEMO_SITE_PORT": str(port)})


def test_secrets_are_made_once_and_private(tmp_path):
    file = tmp_path / "var" / "local.env"
    first = environment.local_secrets(file)
    assert environment.local_secrets(file) == first
    assert sorted(first) == ["DEMO_PASSWORD", "SEALING_KEYS", "SECRET_KEY", "TOKEN_KEY"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_database_of_the_shell_is_not_touched(tmp_path, ports, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/important")
    embedded = environment.embedded(environment.choose_ports(ports), tmp_path)
    assert embedded["DATABASE_URL"] == f"sqlite:///{tmp_path}/chatdock.sqlite3"
