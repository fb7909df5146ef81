import ast

from tests.architecture import ROOT, name, parsed, python_files

FILE, FUNCTION = 400, 40


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


def _lines(path):
    return len(path.read_text().splitlines())
