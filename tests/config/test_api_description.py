"""The OpenAPI description and its page say all there is to say, and nothing that is not so."""

import io
import json
import re
import shlex

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.apitokens import Scope
from accounts.events import EVENTS
from config.api_docs import groups
from config.api_schema import openapi
from core.api import CODES

OPERATIONS = [declared for methods in openapi()["paths"].values() for declared in methods.values()]
each = pytest.mark.parametrize("declared", OPERATIONS, ids=lambda declared: declared["operationId"])


def test_description_is_made_without_a_warning():
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=io.StringIO())


@each
def test_call_is_described_with_scopes_examples_and_errors(declared):
    assert declared["summary"]
    assert len(declared["description"]) > 40
    assert declared["x-scopes"] == declared["security"][0]["token"]
    assert set(declared["x-scopes"]) <= set(Scope)
    assert {"400", "401", "403", "406", "429"} <= set(declared["responses"])
    assert all(parameter.get("description") for parameter in declared.get("parameters", []))
    contents = [answer["content"] for answer in declared["responses"].values() if "content" in answer]
    contents += [declared["requestBody"]["content"]] if "requestBody" in declared else []
    assert all(content["application/json"]["examples"] for content in contents)


@each
def test_errors_are_of_the_closed_list(declared):
    examples = [
        example["value"]["error"]["code"]
        for status, answer in declared["responses"].items()
        if int(status) >= 400
        for example in answer["content"]["application/json"]["examples"].values()
    ]
    assert set(examples) <= set(CODES)


@pytest.mark.parametrize("group", groups(openapi(), "https://app.example.com"), ids=lambda group: group.id)
def test_examples_of_calls_can_be_run_by_a_shell(group):
    for operation in group.operations:
        words = shlex.split(operation.curl)
        assert words[0] == "curl"
        address = next(word for word in words if word.startswith("https://"))
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(operation.path))
        assert re.fullmatch(f"https://app.example.com{pattern}", address)
        if "-d" in words:
            json.loads(words[words.index("-d") + 1])


def test_description_is_open_and_says_where_the_token_goes():
    response = Client().get("/api/v1/schema/")

    assert response["Content-Type"] == "application/vnd.oai.openapi+json"
    assert response.json()["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert response.json() == json.loads(json.dumps(openapi()))


def test_page_shows_every_call_scope_code_and_event():
    page = Client().get("/api/v1/docs/").content.decode()

    told = [declared["operationId"] for declared in OPERATIONS]
    assert [name for name in told if f'id="{name}"' not in page] == []
    assert [name for name in (*Scope, *CODES, *EVENTS) if f"<code>{name}</code>" not in page] == []
    assert re.findall(r"<script(?![^>]+src=)|\son[a-z]+=|\sstyle=", page) == []
