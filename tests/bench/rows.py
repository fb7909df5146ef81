"""Migrates the bench's database and fills it through the product's own services; prints the public ids as JSON.

`python -m tests.bench.rows STUB_URL`, with the product's environment.
"""

import json
import sys

import django
from django.core.management import call_command

django.setup()  # first: what follows needs the apps

from licenses.entitlements import Metric  # noqa: E402
from tests.bench.stub import PACE, SLOW_PACE, stream_path  # noqa: E402
from tests.build import make_license, make_widget  # noqa: E402


def main(stub: str) -> None:
    call_command("migrate", verbosity=0)
    # Large, but limits: an unlimited plan has a condition less to check.
    license = make_license(limits={metric.value: 10**9 for metric in Metric})
    ids = {"license": license.public_id, "chatkit": make_widget(license, "chatkit").public_id}
    for name, pace in (("n8n", PACE), ("slow", SLOW_PACE)):
        connection = {"url": stub + stream_path(pace)}
        ids[name] = make_widget(license, "n8n", name=name, connection=connection).public_id
    print(json.dumps(ids))


if __name__ == "__main__":
    main(sys.argv[1])
