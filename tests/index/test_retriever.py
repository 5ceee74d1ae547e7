import asyncio
import subprocess
import sys

import numpy as np
import pytest

from lhs_evidence.encoders import load_encoder
from lhs_evidence.index import PassageIndex, PassageRetriever
from lhs_evidence.settings import EncoderSettings


@pytest.fixture(scope="module")
def encoder(request):
    return load_encoder(EncoderSettings(), request.config.cache.mkdir("lhs-evidence"))


@pytest.fixture
def retriever(tmp_path, passages, encoder):
    vectors = encoder.encode([passage.text for passage in passages])
    index = PassageIndex.build(tmp_path / "i", passages, vectors, encoder.fingerprint)
    known = {passage.id: passage for passage in passages}
    return PassageRetriever(index=index, encoder=encoder, passages=known.__getitem__, limit=3)


def test_a_question_in_other_words_finds_the_passage(retriever, passages):
    best, *_ = retriever.invoke("How long do people wait for an appointment?")
    assert best.page_content == passages[3].text
    assert best.id == passages[3].id


def test_documents_carry_what_a_citation_needs(retriever, passages):
    best, *_ = retriever.invoke("laptops wiped")
    expected = passages[2]
    scores = {key: best.metadata.pop(key) for key in ("score", "similarity")}
    assert best.metadata == {
        "passage": expected.id,
        "document": "doc_a",
        "title": "Plan",
        "heading": ["Plan"],
        "pages": [2],
        "start": expected.start,
        "end": expected.end,
    }
    assert 0 < scores["score"] < 1
    assert 0 < scores["similarity"] <= 1 + 1e-6


def test_limit_and_among_are_kept(retriever, passages):
    assert len(retriever.invoke("hospital")) == 3
    few = retriever.model_copy(update={"among": frozenset({passages[5].id})})
    assert [found.id for found in few.invoke("near miss reports")] == [passages[5].id]


def test_it_works_in_chains_and_asynchronously(retriever):
    chain = retriever | (lambda found: found[0].page_content)
    asked = "Which languages do interpreters speak?"
    assert chain.invoke(asked) == asyncio.run(retriever.ainvoke(asked))[0].page_content


def test_langchain_is_not_imported_until_it_is_asked_for():
    code = "import sys, lhs_evidence.index; print('langchain_core' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_vectors_are_those_of_the_passages_alone(encoder, passages):
    texts = [passage.text for passage in passages]
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.abs(encoder.encode(texts) - alone).max() < 1e-5
