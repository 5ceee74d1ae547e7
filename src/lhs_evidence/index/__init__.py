"""Search over passages: vectors and words together."""

from importlib import import_module
from typing import TYPE_CHECKING

from lhs_evidence.index.current import current_index
from lhs_evidence.index.manifest import index_fingerprint
from lhs_evidence.index.passage_index import Hit, PassageIndex

if TYPE_CHECKING:
    from lhs_evidence.index.retriever import PassageRetriever

__all__ = ["Hit", "PassageIndex", "PassageRetriever", "current_index", "index_fingerprint"]


def __getattr__(name: str) -> object:
    # LangChain takes a second to import, and only those who ask for its retriever need it.
    if name == "PassageRetriever":
        return import_module("lhs_evidence.index.retriever").PassageRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
