"""`make audit`: pip-audit over constraints.txt, in an environment of its own, where it can reach its data.

Returns 0 where nothing is known against the pinned versions or nobody could be asked, 1 where something is.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from ingest.settings import ROOT, data_folder

PIP_AUDIT = "pip-audit==2.10.1"
UNREACHABLE = re.compile(
    r"ConnectionError|Max retries|Name or service|timed out|ProxyError|40[37] |SSLError", re.I
)


def main() -> int:
    """Audit and say what was found."""
    home = data_folder() / "audit"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    installed = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PIP_AUDIT],
        capture_output=True,
        text=True,
    )
    if installed.returncode:
        print(f"Not audited: {PIP_AUDIT} could not be installed.\n{installed.stderr[-500:]}", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        pinned = Path(folder) / "pinned.txt"
        lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        pinned.write_text("\n".join(line for line in lines if "==" in line), "utf-8")
        found = subprocess.run(
            [str(python), "-m", "pip_audit", "--requirement", str(pinned), "--no-deps", "--disable-pip",
             "--format", "json", "--progress-spinner", "off"],
            capture_output=True, text=True,
        )  # fmt: skip
    return report(found.returncode, found.stdout, found.stderr)


def report(status: int, answer: str, complaint: str) -> int:
    """Print what pip-audit found; return the exit status of the audit."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if UNREACHABLE.search(complaint):
            print("Not audited: pip-audit cannot reach its data from here.", file=sys.stderr)
            return 0
        print(f"pip-audit failed with status {status}:\n{complaint[-2000:]}", file=sys.stderr)
        return 1
    # What the data do not know is not sound but skipped; a mirror without the data knows nothing at all.
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        print("Not audited: pip-audit's data know none of the packages from here.", file=sys.stderr)
        return 0
    weak = [package for package in audited if package.get("vulns")]
    for package in weak:
        for weakness in package["vulns"]:
            mended = ", ".join(weakness.get("fix_versions", [])) or "no version yet"
            print(f"{package['name']} {package['version']}: {weakness['id']}, mended in {mended}")
    skipped = f", {len(packages) - len(audited)} not known" if len(audited) < len(packages) else ""
    print(f"{len(audited)} packages audited, {len(weak)} with known weaknesses{skipped}.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
