"""Says which dependencies are known to be vulnerable: by the list here, then by pip-audit.

Usage: audit.py [--python PYTHON] [--pip-audit PROGRAM] [--require]

The list, `advisories.toml`, needs no network. It is compared with what PYTHON's environment has,
and with the lowest versions that pyproject.toml allows. pip-audit then asks PyPI about everything
that is installed. Where PyPI does not answer, this says how many packages nobody has looked at;
with `--require` that is a failure too.
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LISTED = """
import importlib.metadata, json
found = importlib.metadata.distributions()
print(json.dumps({each.name: each.version for each in found}))
"""


def main() -> int:
    """Print what was found; 1 where something is vulnerable, or nobody could tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--pip-audit", default="pip-audit")
    parser.add_argument("--require", action="store_true")
    options = parser.parse_args()
    faults = [
        *faults_of(lowest_allowed(), "is allowed by pyproject.toml"),
        *faults_of(installed(options.python), "is installed"),
    ]
    found, unseen, seen = asked(options.pip_audit, options.python)
    faults += found
    for fault in faults:
        print(fault)
    if unseen:
        print(
            f"NOT AUDITED: PyPI gave no advisories for {unseen} of {seen + unseen} packages "
            "from here; only .ci/advisories.toml was compared with those"
        )
    else:
        print(f"{seen} packages audited")
    return 1 if faults or (options.require and unseen) else 0


def faults_of(versions: dict[str, str], which: str) -> list[str]:
    """Return one line for each version that a listed advisory is about."""
    listed = tomllib.loads((ROOT / ".ci/advisories.toml").read_text("utf-8"))
    return [
        f"{name} {versions[name]} {which}: {advisory}, fixed in {fixed}"
        for name, advisories in listed.items()
        if name in versions
        for advisory, fixed in advisories.items()
        if Version(versions[name]) < Version(fixed)
    ]


def lowest_allowed() -> dict[str, str]:
    """Return the lowest version of each dependency, of the extras too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    groups = [project["dependencies"]]
    groups += project["optional-dependencies"].values()
    pattern = re.compile(r"([\w.-]+)(?:\[[\w,]+\])?>=([\d.]+)")
    matches = [pattern.match(each) for group in groups for each in group]
    return {canonicalize_name(match[1]): match[2] for match in matches if match}


def installed(python: str) -> dict[str, str]:
    """Return the version of each package in an environment."""
    done = subprocess.run(
        [python, "-c", LISTED], check=True, capture_output=True, text=True
    )
    versions: dict[str, str] = json.loads(done.stdout)
    return {canonicalize_name(name): v for name, v in versions.items()}


def asked(program: str, python: str) -> tuple[list[str], int, int]:
    """Return what pip-audit found, how many packages it could not ask about, and could."""
    script = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = subprocess.run(
        [python, "-c", script], check=True, capture_output=True, text=True
    ).stdout.strip()
    command = [program, "--path", folder, "--format", "json"]
    try:
        done = subprocess.run(
            [*command, "--progress-spinner", "off"],
            check=False,
            capture_output=True,
            text=True,
        )
        packages = json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError):
        return [], len(installed(python)), 0
    # Our own is on no index.
    packages = [p for p in packages if p["name"] != "exercise-grader"]
    unseen = [p for p in packages if "skip_reason" in p]
    faults = [
        f"{p['name']} {p['version']} is installed: {vulnerability['id']}, "
        f"fixed in {', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for p in packages
        for vulnerability in p.get("vulns", ())
    ]
    return faults, len(unseen), len(packages) - len(unseen)


if __name__ == "__main__":
    sys.exit(main())
