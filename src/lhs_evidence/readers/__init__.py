"""Files become documents: canonical text, blocks, pages and a status."""

from lhs_evidence.readers.archives.containers import expanded
from lhs_evidence.readers.canonical import READER
from lhs_evidence.readers.discover import SourceFile, discover
from lhs_evidence.readers.document import read_document
from lhs_evidence.readers.identity import reader_identity
from lhs_evidence.readers.isolation.pool import ReaderPool

__all__ = [
    "READER",
    "ReaderPool",
    "SourceFile",
    "discover",
    "expanded",
    "read_document",
    "reader_identity",
]
