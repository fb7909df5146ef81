import base64
import subprocess
import sys
from pathlib import Path

from config import keys


def test_sealing_key_has_32_bytes():
    _, encoded = keys.fresh()["SEALING_KEYS"].split(":")
    assert len(base64.b64decode(encoded, validate=True)) == 32


def test_keys_are_fresh_each_time():
    first, second = keys.fresh(), keys.fresh()
    assert {name for name in first if first[name] == second[name]} == set()


def test_script_prints_one_line_per_secret():
    done = subprocess.run([sys.executable, "-I", Path(keys.__file__)], capture_output=True, text=True, check=True)
    names = [line.split("=", 1)[0] for line in done.stdout.splitlines()]
    assert names == ["SECRET_KEY", "TOKEN_KEY", "SEALING_KEYS", "POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD"]
