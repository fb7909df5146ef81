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
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.options import chatkit_options

pytestmark = pytest.mark.browser
PATIENT = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None)

# As the frame does it: a function for each button of the header, and the backend's `api`.
_OUTCOME = """async ({ cases, custom }) => {
  const outcome = {};
  const api = custom
    ? { url: "/x", domainKey: "k", uploadStrategy: { type: "two_phase" }, fetch: async () => new Response("{}") }
    : { getClientSecret: async () => "" };
  window.addEventListener("error", (event) => event.preventDefault());
  for (const [name, options] of Object.entries(cases)) {
    for (const side of ["leftAction", "rightAction"]) {
      if (options.header[side]) options.header[side].onClick = () => {};
    }
    const element = document.createElement("openai-chatkit");
    const failed = new Promise((resolve) => {
      element.addEventListener("chatkit.error", ({ detail }) => resolve(detail.error.message));
      element.addEventListener("chatkit.log", () => resolve("fine"));
    });
    element.setOptions({ api, ...options });
    document.body.append(element);
    outcome[name] = await failed;
    element.remove();
  }
  return outcome;
}"""


@pytest.mark.parametrize("backend", ["hosted", "custom"])
def test_any_configuration_is_accepted_by_the_strict_element(
    context: BrowserContext, fakes: Served, backend: str
) -> None:
    page = ElementPage(context, fakes, lambda: "").page
    connection = ChatKitConnection(backend=backend)

    @PATIENT
    @given(st.lists(configurations("chatkit"), min_size=5, max_size=5))
    def check(drawn: list[Any]) -> None:
        cases = {str(n): json.loads(json.dumps(chatkit_options(one, connection))) for n, one in enumerate(drawn)}
        told = {"cases": cases, "custom": backend == "custom"}
        assert page.evaluate(_OUTCOME, told) == dict.fromkeys(cases, "fine")

    check()
