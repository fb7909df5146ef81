"""The code in docs/api.md does what it says, with a delivery as it is really sent."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.delivering import deliver_due
from accounts.webhooks import create_endpoint, rotate_secret, send_test
from tests.accounts.receiver import receiver
from tests.architecture import ROOT
from tests.build import make_organization

pytestmark = pytest.mark.django_db
Verify = Callable[[str, dict[str, str], bytes], bool]


def code(language: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    return next(block for block in blocks if "verify" in block)


def python(secret: str, headers: dict[str, str], body: bytes) -> bool:
    place: dict[str, Any] = {}
    exec(code("python"), place)
    return bool(place["verify"](secret, headers, body))


def node(secret: str, headers: dict[str, str], body: bytes) -> bool:
    call = f"verify({json.dumps(secret)}, {json.dumps(headers)}, Buffer.from({json.dumps(body.decode())}))"
    return run(["node", "-e", f"{code('js')}\nprocess.stdout.write(String({call}))"]) == "true"


def php(secret: str, headers: dict[str, str], body: bytes) -> bool:
    given = json.dumps([secret, headers, body.decode()])
    call = "[$s, $h, $b] = json_decode(stream_get_contents(STDIN), true); echo verify($s, $h, $b) ? 'true' : 'false';"
    return run(["php", "-r", f"{code('php')}\n{call}"], given) == "true"


def run(command: list[str], given: str = "") -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}")
    return subprocess.run(command, input=given, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("verify", [python, node, php])
def test_signature_is_checked(verify: Verify, settings: Any) -> None:
    organization, now = make_organization("Alice's shop"), timezone.now()
    with receiver() as hooks:
        settings.OUTBOUND_ALLOW = [hooks.authority]
        endpoint, old = create_endpoint(actor=None, organization=organization, url=hooks.url, events=["license.*"])
        new = rotate_secret(actor=None, endpoint=endpoint, now=now)
        endpoint.refresh_from_db()
        send_test(actor=None, endpoint=endpoint)
        deliver_due(now=now + timedelta(seconds=1))
        ((headers, body),) = hooks.received
    late = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 400)}

    assert verify(new.reveal(), headers, body)
    assert verify(old.reveal(), headers, body)
    assert not verify(new.reveal(), headers, body + b" ")
    assert not verify("whsec_" + "A" * 43 + "=", headers, body)
    assert not verify(new.reveal(), late, body)
