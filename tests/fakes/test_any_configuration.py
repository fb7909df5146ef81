"""The strict element takes the options of any chatkit configuration that can be stored."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext

from tests.configurations import configurations
from tests.fakes.element_page import ElementPage
from tests.fakes.serve import Served
from tests.fakes.test_element_options import _OUTCOME
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.options import chatkit_options

pytestmark = pytest.mark.browser
PATIENT = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def test_any_configuration_is_accepted_by_the_strict_element(context: BrowserContext, fakes: Served) -> None:
    page = ElementPage(context, fakes, lambda: "").page
    connection = ChatKitConnection(file_upload=True)

    @PATIENT
    @given(st.lists(configurations("chatkit"), min_size=10, max_size=10))
    def check(drawn: list[Any]) -> None:
        options = {str(n): json.loads(json.dumps(chatkit_options(one, connection))) for n, one in enumerate(drawn)}
        assert page.evaluate(_OUTCOME, options) == dict.fromkeys(options, "fine")

    check()
