import re

from tests.architecture import ROOT

VARIABLE = re.compile(r"^#? ?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
READ = re.compile(r"env\.\w+\(\s*\"([A-Z0-9_]+)\"")
COMPOSED = re.compile(r"\$\{([A-Z][A-Z0-9_]*)")
# What docker-compose.yml or `make run` sets by itself.
NOT_FOR_PEOPLE = {"EMBEDDED", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "VAR_DIR", "DEMO_UPSTREAM_URL"}


def test_the_example_names_every_variable_and_no_other():
    settings = set(READ.findall((ROOT / "config" / "settings.py").read_text()))
    composed = set(COMPOSED.findall((ROOT / "docker-compose.yml").read_text()))
    example = VARIABLE.findall((ROOT / ".env.example").read_text())
    assert sorted(example) == sorted((settings | composed) - NOT_FOR_PEOPLE)
