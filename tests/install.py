"""Installs what the whole test run needs and this machine lacks, by apt; where there is no apt it says what."""

import os
import platform
import shutil
import subprocess
import sys

from tests import services
from tests.browser import HEADLESS, chromium_program

FONTS = ("fonts-dejavu-core", "fonts-noto-color-emoji")
# RUNLEVEL=1 keeps the packages from starting servers of their own.
APT_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


def install_missing() -> None:
    """Raises services.Missing where apt or the right to use it is missing."""
    absent = missing()
    if absent:
        _install(absent)
    if _quicker_is_there() and not os.environ.get("CHROMIUM") and not shutil.which(HEADLESS):
        _apt("install", "--quiet=2", "--yes", "--no-install-recommends", HEADLESS)


def _quicker_is_there() -> bool:
    if not shutil.which("apt-cache") or (os.geteuid() != 0 and not _sudo_asks_nothing()):
        return False
    return subprocess.run(["apt-cache", "show", HEADLESS], capture_output=True, check=False).returncode == 0


def _install(absent: list[str]) -> None:
    if not shutil.which("apt-get"):
        raise services.Missing(", ".join(absent))
    print("Installing", ", ".join(absent), flush=True)
    ubuntu = "ubuntu" in platform.freedesktop_os_release()["ID"]
    packages = ["postgresql"] * ("PostgreSQL" in absent) + ["redis-server"] * ("Redis" in absent)
    if "Chromium" in absent:
        packages += FONTS if ubuntu else ("chromium", *FONTS)
    _apt("update", "--quiet=2")
    _apt("install", "--quiet=2", "--yes", "--no-install-recommends", *packages)
    if "Chromium" in absent and ubuntu:  # Ubuntu's own package is a snap, which a container cannot run
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=True)


def missing() -> list[str]:
    return [
        name
        for name, present in (
            ("PostgreSQL", os.environ.get("DATABASE_URL") or services.postgres_programs()),
            ("Redis", os.environ.get("REDIS_URL") or shutil.which("redis-server")),
            ("Chromium", chromium_program()),
        )
        if not present
    ]


def _apt(*arguments: str) -> None:
    if os.geteuid() != 0 and not _sudo_asks_nothing():
        raise services.Missing(f"{', '.join(missing())} (install as root: apt-get {' '.join(arguments)})")
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    variables = [f"{name}={value}" for name, value in APT_ENVIRONMENT.items()]
    done = subprocess.run([*root, "env", *variables, "apt-get", *arguments], check=False)
    if done.returncode and arguments[0] != "update":
        raise services.Missing(f"{', '.join(missing())} (apt-get {arguments[0]} failed)")


def _sudo_asks_nothing() -> bool:
    return bool(shutil.which("sudo")) and subprocess.run(["sudo", "-n", "true"], check=False).returncode == 0
