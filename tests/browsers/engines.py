"""Drives Firefox and WebKitGTK with nothing but the standard library.

Both speak WebDriver (https://www.w3.org/TR/webdriver2/): WebKitGTK through its WebKitWebDriver, over HTTP; Firefox in
its own framing, Marionette, which the separate geckodriver only translates.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.request import Request, urlopen

from tests.services import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver's own name for a reference to one
ENTER, ESCAPE, CONTROL = "\ue007", "\ue00c", "\ue009"
SECONDS = 20.0  # a busy machine is slow, and that is not what is tested
PATHS = {  # Marionette's name of a command → WebDriver's
    "NewSession": "",
    "Navigate": "/url",
    "Refresh": "/refresh",
    "SetWindowRect": "/window/rect",
    "SwitchToFrame": "/frame",
    "ExecuteScript": "/execute/sync",
    "PerformActions": "/actions",
}
FIND = """return arguments[0].split(" >> ").reduce(
  (within, selector) => (within?.shadowRoot ?? within)?.querySelector(selector), document)"""
PREFERENCES = {
    "ui.primaryPointerCapabilities": 6,  # a mouse, which a machine without a screen does not have
    "ui.allPointerCapabilities": 6,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}

Command = Callable[[str, dict[str, Any]], Any]


class Browser:
    """One window. An element is what `find` gives, valid in the frame that one is in."""

    def __init__(self, command: Command, *, frame_key: str) -> None:
        self._command, self._frame_key = command, frame_key

    def goto(self, url: str) -> None:
        self._command("Navigate", {"url": url})

    def reload(self) -> None:
        self._command("Refresh", {})

    def run(self, body: str, *args: Any) -> Any:
        """What the function with this body returns."""
        return self._command("ExecuteScript", {"script": body, "args": list(args)})

    def until(self, body: str, *args: Any) -> Any:
        """The same, once it is true."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if found := self.run(body, *args):
                return found
            time.sleep(0.1)
        raise AssertionError(f"never true: {body} {args}\n{self.run('return document.body?.innerText')}")

    def find(self, selector: str) -> Any:
        """`chat-dock >> iframe` looks in the shadow of the first."""
        return self.until(FIND, selector)

    def top(self) -> None:
        self._command("SwitchToFrame", {"id": None})

    def enter(self, selector: str) -> None:
        """A frame within the one that one is in."""
        frame = self.find(selector)
        self._command("SwitchToFrame", {self._frame_key: frame[ELEMENT] if self._frame_key == "element" else frame})

    def click(self, selector: str) -> None:
        element = self.find(selector)
        self.run("arguments[0].scrollIntoView({ block: 'center' })", element)
        move = {"type": "pointerMove", "x": 0, "y": 0, "origin": element}
        press = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._act({"type": "pointer", "id": "mouse", "actions": [move, *press]})

    def type(self, keys: str) -> None:
        """To whatever has the focus."""
        self._act(_keyboard([(kind, key) for key in keys for kind in ("keyDown", "keyUp")]))

    def replace(self, selector: str, text: str) -> None:
        self.click(selector)
        self._act(_keyboard([("keyDown", CONTROL), ("keyDown", "a"), ("keyUp", "a"), ("keyUp", CONTROL)]))
        self.type(text)

    def _act(self, source: dict[str, Any]) -> None:
        self._command("PerformActions", {"actions": [source]})


def _keyboard(keys: list[tuple[str, str]]) -> dict[str, Any]:
    return {"type": "key", "id": "keyboard", "actions": [{"type": kind, "value": key} for kind, key in keys]}


@contextmanager
def firefox(program: str, folder: Path) -> Iterator[Browser]:
    port = free_port()
    lines = (PREFERENCES | {"marionette.port": port}).items()
    (folder / "user.js").write_text("".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in lines))
    command = [program, "--headless", "--marionette", "--profile", str(folder)]
    with _process(command, folder), _connection(port) as wire, wire.makefile("rwb") as stream:
        yield _begun(Browser(marionette(stream), frame_key="element"))


def marionette(stream: IO[bytes]) -> Command:
    """Messages are `length:JSON`; commands [0, number, name, parameters], answers [1, number, error, result]."""
    number = 0

    def read() -> Any:
        size = b""
        while (digit := stream.read(1)) != b":":
            if not digit:
                raise EOFError("Firefox is gone")
            size += digit
        return json.loads(stream.read(int(size)))

    def command(name: str, parameters: dict[str, Any]) -> Any:
        nonlocal number
        number += 1
        message = json.dumps([0, number, f"WebDriver:{name}", parameters]).encode()
        stream.write(b"%d:%b" % (len(message), message))
        stream.flush()
        _, _, error, result = read()
        if error:
            raise RuntimeError(f"{name}: {error['error']}: {error['message']}")
        return (result or {}).get("value")

    read()  # its greeting
    return command


@contextmanager
def webkit(program: str, folder: Path) -> Iterator[Browser]:
    port = free_port()
    with _display(folder) as display, _process([program, f"--port={port}"], folder, DISPLAY=display):
        _connection(port).close()
        yield _begun(Browser(webdriver(f"http://127.0.0.1:{port}/session"), frame_key="id"))


def webdriver(sessions: str) -> Command:
    session = ""

    def command(name: str, parameters: dict[str, Any]) -> Any:
        nonlocal session
        body = {"capabilities": {}} if name == "NewSession" else parameters
        request = Request(sessions + session + PATHS[name], json.dumps(body).encode())
        with urlopen(request, timeout=60) as response:
            value = json.load(response)["value"]
        if name == "NewSession":
            session = f"/{value['sessionId']}"
        return value

    return command


def _begun(browser: Browser) -> Browser:
    browser._command("NewSession", {})
    browser._command("SetWindowRect", {"width": 1440, "height": 900})
    return browser


@contextmanager
def _display(folder: Path) -> Iterator[str]:
    """A screen that nobody sees, with a free number."""
    read, write = os.pipe()
    screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with _process(screen, folder, pass_fds=(write,)), os.fdopen(read) as told:
        yield f":{told.readline().strip()}"
    os.close(write)


@contextmanager
def _process(command: list[str], folder: Path, pass_fds: tuple[int, ...] = (), **environment: str) -> Iterator[None]:
    """With all that it starts."""
    with (folder / "output.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=os.environ | environment,
            stdout=log,
            stderr=log,
            pass_fds=pass_fds,
            start_new_session=True,
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _connection(port: int) -> socket.socket:
    deadline = time.monotonic() + 2 * SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
