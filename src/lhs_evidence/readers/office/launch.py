"""What LibreOffice is started through: limits and no network, then it takes this process over.

`python -m lhs_evidence.readers.office.launch MEMORY FILE_BYTES SECONDS PROGRAM [ARGUMENT ...]`:
bytes of address space, bytes of the largest file it may write, seconds of processor time.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence

from lhs_evidence.readers.isolation.no_sockets import refuse_sockets


def launch(arguments: Sequence[str]) -> None:
    """Set the limits on this process for good and become the program."""
    memory, file_bytes, seconds, *command = arguments
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, "0"),
    ):
        _, hard = resource.getrlimit(kind)
        most = int(value) if hard == resource.RLIM_INFINITY else min(int(value), hard)
        resource.setrlimit(kind, (most, most))
    # Its own parts talk to one another through local sockets.
    refuse_sockets(but_local=True)
    os.execv(command[0], command)  # noqa: S606 - the program is the one found on the path


if __name__ == "__main__":
    launch(sys.argv[1:])
