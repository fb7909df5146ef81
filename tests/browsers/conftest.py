"""The browser tests' product and site, and a browser of each other engine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsers import engines
from tests.e2e.conftest import *  # noqa: F403
from tests.e2e.conftest import _product  # noqa: F401  - a star leaves out names with an underscore


@pytest.fixture(params=["firefox-esr", "WebKitWebDriver"], ids=["firefox", "webkit"])
def browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[engines.Browser]:
    program = shutil.which(request.param) or (request.param == "firefox-esr" and shutil.which("firefox"))
    if not program:
        pytest.skip(f"{request.param} is not installed")
    engine = engines.webkit if request.param == "WebKitWebDriver" else engines.firefox
    with engine(program, tmp_path) as started:
        yield started
