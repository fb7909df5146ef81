"""There is no Docker where the tests run: what a start would trip over is checked by reading."""

import re

import pytest
import yaml
from django.conf import settings

from tests.architecture import APPS, ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")
REQUIRED = re.compile(r"\$\{([A-Z_]+):\?")


def test_services_are_the_ones_of_the_design():
    assert sorted(SERVICES) == sorted([*OURS, "proxy", "db", "redis", "n8n"])


@pytest.mark.parametrize("service", OURS)
def test_our_services_share_one_image_without_rights(service):
    facts = SERVICES[service]
    assert (facts["image"], facts["read_only"], facts["cap_drop"]) == ("chatdock", True, ["ALL"])


@pytest.mark.parametrize("service", SERVICES)
def test_references_lead_somewhere(service):
    facts = SERVICES[service]
    mounted = [volume.split(":")[0] for volume in facts.get("volumes", [])]
    files = [source for source in mounted if source.startswith(".")]
    assert set(mounted) - set(files) <= set(COMPOSE["volumes"])
    assert all((ROOT / file).is_file() for file in files)
    assert set(facts["networks"]) <= set(COMPOSE["networks"])
    assert set(facts.get("depends_on", {})) <= set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_every_long_running_service_says_how_it_is(service):
    facts = SERVICES[service]
    in_image = service == "web"  # the Dockerfile has it
    assert in_image or facts["healthcheck"].get("test") or (service == "migrate" and facts["healthcheck"]["disable"])


def test_secrets_have_no_default():
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = {"SECRET_KEY", "TOKEN_KEY", "SEALING_KEYS", "POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD"}
    assert set(REQUIRED.findall(text)) == secrets | {"DASHBOARD_HOST", "EMBED_HOST"}
    example = (ROOT / ".env.example").read_text().splitlines()
    assert secrets <= {line.removesuffix("=") for line in example if line.endswith("=")}


def test_only_migrations_run_as_the_owner_of_the_tables():
    roles = {name: SERVICES[name]["environment"]["DATABASE_URL"].split(":")[1] for name in OURS}
    app = "//chatdock_app"
    assert roles == {"web": app, "worker": app, "beat": app, "migrate": "//chatdock"}
    assert SERVICES["migrate"]["command"].endswith('grant_app_role chatdock_app"')
    assert "CREATE ROLE chatdock_app " in (ROOT / "docs" / "deploy" / "app-role.sh").read_text()


def test_web_is_replicated_and_knows_how_often():
    web = SERVICES["web"]
    assert web["deploy"]["replicas"] == web["environment"]["WEB_PROCESSES"] == "${WEB_REPLICAS:-2}"


def test_the_image_gets_what_the_product_runs_on():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert kept == {*APPS, "templates", "static", "manage.py", "requirements.txt"}
    assert all((ROOT / path).exists() for path in kept)


def test_the_proxy_lets_the_public_paths_through():
    caddyfile = (ROOT / "docs" / "deploy" / "Caddyfile").read_text()
    matched = re.search(r"@public path (.+)", caddyfile)
    assert {path.removesuffix("*") for path in matched[1].split()} == set(settings.PUBLIC_PREFIXES)
    assert "{$DASHBOARD_HOST}" in caddyfile
    assert "dynamic a web 8000" in caddyfile
