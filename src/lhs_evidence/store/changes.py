"""What has changed between a workspace and the files a person hands over."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from lhs_evidence.ids import document_id, file_sha256
from lhs_evidence.model import Document, DocumentStatus
from lhs_evidence.store.workspace import Workspace


def prune_to(workspace: Workspace, names: Collection[str]) -> tuple[str, ...]:
    """Remove every document whose name is not among these, and return the names removed."""
    gone = {key: name for key, name in workspace.names().items() if name not in names}
    for document in gone:
        workspace.remove_document(document)
    return tuple(gone.values())


def unchanged(workspace: Workspace, name: str, path: Path, reader: str) -> Document | None:
    """Return the stored document of a file whose bytes have not changed since it was read.

    A document that failed is not returned, since what stopped it may have passed, and neither is
    one that another `reader` read: this one may find more.
    """
    known = workspace.find(name)
    if known is None or known.status is DocumentStatus.FAILED or known.fidelity.reader != reader:
        return None
    try:
        same = known.id == document_id(name, file_sha256(path))
    except OSError:
        return None
    return known if same else None
