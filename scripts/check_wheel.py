"""Builds the wheel and checks that it holds exactly our packages, with the data they need."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGES = {"lhs_evidence", "lhs_service", "lhs_eval", "lhs_prompts"}
NEEDED = (
    "lhs_evidence/framework/nam-shared-commitments.yaml",
    "lhs_evidence/classify/weights/heads.safetensors",
    "lhs_evidence/classify/weights/heads.json",
    "lhs_evidence/report/gap-report.schema.json",
    "lhs_evidence/py.typed",
    "lhs_prompts/judge.yaml",
)
LARGEST = 30 << 20


def main() -> None:
    """Build into a temporary folder and compare."""
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--outdir", folder, str(root)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        [wheel] = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
        size = wheel.stat().st_size
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    faults = [f"unexpected or missing package: {name}" for name in sorted(tops ^ PACKAGES)]
    faults += [f"missing from the wheel: {name}" for name in NEEDED if name not in names]
    if size > LARGEST:
        faults.append(f"the wheel is {size >> 20} MiB, more than {LARGEST >> 20}")
    if faults:
        sys.exit("\n".join(faults))
    print(f"wheel: {len(names)} files, {size / (1 << 20):.1f} MiB, packages {sorted(tops)}")


if __name__ == "__main__":
    main()
