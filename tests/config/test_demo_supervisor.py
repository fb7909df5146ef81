import asyncio
import sys
import time

import pytest

from config.demo import supervisor as supervisor_module
from config.demo.supervisor import GaveUp, Service, Supervisor


def python(name, code, **environment):
    return Service(name, [sys.executable, "-c", code], environment)


@pytest.fixture
def lines():
    return []


@pytest.fixture
def supervisor(lines):
    return Supervisor(lines.append, first_delay=0.01)


async def until(condition, seconds=30.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_lines_carry_the_name_of_their_process(supervisor, lines):
    supervisor.start(python("web", "import os, time; print(os.environ['WORD'], flush=True); time.sleep(60)", WORD="hi"))
    await until(lambda: lines)
    await supervisor.stop()
    assert lines == ["web      | hi"]


async def test_a_dead_process_is_started_again(supervisor, lines, tmp_path):
    once = f"import pathlib, sys, time; p = pathlib.Path({str(tmp_path / 'once')!r})\n"
    once += "if p.exists(): print('again', flush=True); time.sleep(60)\np.touch(); sys.exit(3)"
    supervisor.start(python("worker", once))
    await until(lambda: "worker   | again" in lines)
    await supervisor.stop()
    assert lines == ["worker ended with exit code 3; starting it again in 0.01 s", "worker   | again"]


async def test_a_process_that_keeps_dying_is_given_up(supervisor):
    supervisor.start(python("beat", "raise SystemExit(7)"))
    with pytest.raises(GaveUp, match=r"beat ended 5 times in a row \(last exit code 7\)"):
        await supervisor.wait()
    await supervisor.stop()


async def test_stop_ends_every_process(supervisor, lines):
    for name in ("one", "two"):
        supervisor.start(python(name, "import time; print('up', flush=True); time.sleep(60)"))
    await until(lambda: len(lines) == 2)
    children = list(supervisor._children.values())
    await supervisor.stop()
    assert [child.returncode for child in children] == [-15, -15]


async def test_stop_kills_what_does_not_listen(supervisor, lines, monkeypatch):
    monkeypatch.setattr(supervisor_module, "GRACE_SECONDS", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    supervisor.start(python("deaf", deaf))
    await until(lambda: lines)
    [child] = supervisor._children.values()
    begun = time.monotonic()
    await supervisor.stop()
    assert child.returncode == -9
    assert time.monotonic() - begun < 5


async def test_stop_does_not_wait_for_a_restart(lines):
    supervisor = Supervisor(lines.append, first_delay=60)
    supervisor.start(python("beat", "raise SystemExit(1)"))
    await until(lambda: lines)
    begun = time.monotonic()
    await supervisor.stop()
    assert time.monotonic() - begun < 20  # of a minute
