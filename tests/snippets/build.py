"""Builds each framework's small app around the snippets of all modes, with that framework's own tool."""

import os
import shutil
import subprocess
from pathlib import Path

from widgets.snippets import PLATFORMS, Embed, Mode, Options

HERE = Path(__file__).resolve().parent
BIN = HERE / "node_modules" / ".bin"
BUILD = HERE / "build"  # below node_modules' parent: that is where imports are looked up
LICENSE, WIDGET = "lic_SNIPPET", "wgt_SNIPPET"  # replaced by a test's own ids when the app is served

# platform → (app, folder of a mode's snippet in it)
PLACES = {
    "react": ("react", "{mode}"),
    "vue": ("vue", "{mode}"),
    "svelte": ("svelte", "{mode}"),
    "angular": ("angular", "src/{mode}"),
    "next-app": ("next", "app/{mode}"),
    "next-pages": ("next", "components/{mode}"),
    "nuxt": ("nuxt", "app/components/{mode}"),
}
# app → (command, what it leaves)
COMMANDS = {
    "react": (["vite", "build"], "dist"),
    "vue": (["vite", "build"], "dist"),
    "svelte": (["vite", "build"], "dist"),
    "angular": (["ng", "build"], "dist/browser"),
    "next": (["next", "build"], "dist"),
    "nuxt": (["nuxt", "generate"], ".output/public"),
}
QUIET = {"NEXT_TELEMETRY_DISABLED": "1", "NUXT_TELEMETRY_DISABLED": "1", "NG_CLI_ANALYTICS": "false", "CI": "1"}


def build(app: str) -> Path:
    """The folder of finished files. Raises RuntimeError with what the tool said."""
    folder = BUILD / app
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "apps" / app, folder)
    for platform in PLATFORMS:
        if PLACES.get(platform.id, ("", ""))[0] == app:
            for mode in Mode:
                _write(folder / PLACES[platform.id][1].format(mode=mode), platform.guide(_embed(mode)).file)
    command, left = COMMANDS[app]
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=folder,
        env=os.environ | QUIET,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} in {app}:\n{done.stdout}\n{done.stderr}")
    return folder / left


def _write(folder: Path, file) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / Path(file.name).name).write_text(file.code + "\n")


def _embed(mode: Mode) -> Embed:
    source = f"https://widgets.test/api/widget/{LICENSE}/chat-widget.js?widget={WIDGET}"
    return Embed(source, "", "Chat <with> {us}", 640, Options(mode))
