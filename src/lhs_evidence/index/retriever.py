"""The door for LangChain: an index as a retriever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig
from langsmith import tracing_context
from pydantic import SkipValidation

from lhs_evidence.encoders import Encoder
from lhs_evidence.index.passage_index import Hit, PassageIndex
from lhs_evidence.model import Passage


class PassageRetriever(BaseRetriever):
    """Retrieves passages, word for word, with all that is needed to cite them.

    Attributes:
        index: The index to search.
        encoder: The encoder that made its vectors.
        passages: Returns the passage with an id.
        limit: Most documents returned.
        among: If given, ids of the passages that are searched at all.
    """

    index: PassageIndex
    encoder: SkipValidation[Encoder]
    passages: Callable[[str], Passage]
    limit: int = 10
    among: frozenset[str] | None = None

    # LangChain would report what is found to a tracing service that the environment names. A chain
    # around this retriever may still trace its own steps: that is its owner's choice.
    def invoke(
        self,
        input: str,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> list[Document]:
        """Return the documents for a query, traced by nobody."""
        with tracing_context(enabled=False):
            return super().invoke(input, config, **kwargs)

    async def ainvoke(
        self,
        input: str,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> list[Document]:
        """Return the documents for a query, traced by nobody."""
        with tracing_context(enabled=False):
            return await super().ainvoke(input, config, **kwargs)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager  # one search, no steps to tell of
        vector = self.encoder.encode([query])[0]
        hits = self.index.search(query, vector, limit=self.limit, among=self.among)
        return [_document(self.passages(hit.passage), hit) for hit in hits]


def _document(passage: Passage, hit: Hit) -> Document:
    metadata: dict[str, Any] = {
        "passage": passage.id,
        "document": passage.document,
        "title": passage.title,
        "heading": list(passage.heading),
        "pages": list(passage.pages),
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "similarity": hit.similarity,
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
