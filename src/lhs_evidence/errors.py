"""Every error this project raises on purpose, in one tree.

EvidenceError
├── InputError            what was handed over cannot be used (path, file, set of labels)
│   ├── FrameworkError    a framework file is not valid
│   ├── LabelledSetError  a labelled set is not valid
│   ├── PromptError       a prompt file is not valid, or not given what it declares
│   └── RecordError       one record of a stream is not valid; carries its line number
├── UnreadableError       one document cannot be read; carries the status it ends in
├── ModelError            weights or heads are missing, altered or do not fit together
├── IndexFaultError       an index on disk is missing, torn or belongs to something else
├── WorkspaceError        a workspace is missing, newer than this program or damaged
├── VerificationError     a stored claim does not match the text it cites
└── OutputError           a result cannot be written

The library knows nothing of HTTP or exit codes: the command line and the service each map
these classes once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lhs_evidence.model import DocumentStatus


class EvidenceError(Exception):
    """Base of all errors raised on purpose; its text is one sentence meant for people."""


class InputError(EvidenceError):
    """What was handed over cannot be used."""


class FrameworkError(InputError):
    """A framework file is not valid."""


class LabelledSetError(InputError):
    """A labelled set is not valid; the text names file and line."""


class PromptError(InputError):
    """A prompt file is not valid, or was not given what it declares."""


class RecordError(InputError):
    """One record of a stream is not valid.

    Attributes:
        line: Line number in the input, counted from 1.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line


class UnreadableError(EvidenceError):
    """One document cannot be read.

    Readers raise it; the border around them turns it into a document with this status, so that it
    costs no other document anything.

    Attributes:
        status: The status the document ends in.
    """

    def __init__(self, status: DocumentStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class ModelError(EvidenceError):
    """Weights or heads are missing, altered, or do not fit together."""


class IndexFaultError(EvidenceError):
    """An index on disk is missing, torn, or belongs to something else; it can be rebuilt."""


class WorkspaceError(EvidenceError):
    """A workspace is missing, newer than this program, or damaged."""


class VerificationError(EvidenceError):
    """A stored claim does not match the text it cites."""


class OutputError(EvidenceError):
    """A result cannot be written."""
