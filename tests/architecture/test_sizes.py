import ast
import shutil
import subprocess

import pytest

from tests.architecture import ROOT, name, parsed, python_files

FILE, FUNCTION = 400, 40
HEAVY = 1_000_000  # bytes


def test_files_stay_short():
    scripts = [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    long = {name(path): length for path in [*python_files(), *scripts] if (length := _lines(path)) > FILE}
    assert long == {}


def test_functions_stay_short():
    long = {
        f"{name(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in python_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > FUNCTION
    }
    assert long == {}


@pytest.mark.skipif(not ((ROOT / ".git").exists() and shutil.which("git")), reason="needs git's list of files")
def test_no_heavy_file_is_kept():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / path for path in listed.split("\0") if path]
    assert {name(path): path.stat().st_size for path in paths if path.exists() and path.stat().st_size > HEAVY} == {}


def _lines(path):
    return len(path.read_text().splitlines())
