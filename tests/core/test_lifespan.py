import logging

import pytest

from core import lifespan


@pytest.fixture(autouse=True)
def _no_hooks(monkeypatch):
    monkeypatch.setattr(lifespan, "_startup", [])
    monkeypatch.setattr(lifespan, "_shutdown", [])


async def test_hooks_start_in_order_and_end_in_reverse():
    ran = []
    for name in "abc":

        async def hook(name: str = name):
            ran.append(name)

        lifespan.on_startup(hook)
        lifespan.on_shutdown(hook)

    await lifespan.startup()
    await lifespan.shutdown()

    assert ran == ["a", "b", "c", "c", "b", "a"]


async def test_startup_hook_that_raises_stops_the_start():
    @lifespan.on_startup
    async def fail():
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        await lifespan.startup()


async def test_shutdown_hook_that_raises_does_not_stop_the_others(caplog):
    ran = []

    @lifespan.on_shutdown
    async def save():
        ran.append("saved")

    @lifespan.on_shutdown
    async def fail():
        raise ValueError

    await lifespan.shutdown()

    assert ran == ["saved"]
    assert [(r.name, r.levelno) for r in caplog.records] == [("core.lifespan", logging.ERROR)]
