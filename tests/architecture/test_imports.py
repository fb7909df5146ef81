import subprocess
import sys

from tests.architecture import ROOT

# In a process of its own: import-linter sets up logging for all.
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"


def test_imports_keep_the_contracts():
    done = subprocess.run([sys.executable, "-c", LINT], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
