"""An optional second opinion on a passage, by any LangChain chat model.

Nothing calls it unless a program hands it a model: documents leave the machine only then, and only
the passages that are judged. Whatever the model answers is checked here; what cannot be checked is
discarded and counted.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from langsmith import tracing_context
from pydantic import BaseModel, ConfigDict, ValidationError

from lhs_evidence.errors import ModelError
from lhs_evidence.framework import Framework
from lhs_evidence.model import Level, Passage, Polarity
from lhs_prompts import Prompt, load_prompt

# A shorter quote stands in nearly any passage and proves nothing.
_SHORTEST_QUOTE = 12


class _Label(BaseModel):
    model_config = ConfigDict(extra="ignore")

    facet: str
    strength: int
    quote: str


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    labels: list[_Label]
    level: Level
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model said of a passage and could be checked.

    `labels` maps facet keys to strength (1 or 2) and `quotes` to words of the passage; `discarded`
    counts labels with an unknown facet, an impossible strength or a quote that is not in the
    passage. `prompt` names the question asked: id, version and the start of its hash.
    """

    passage: str
    labels: dict[str, int]
    quotes: dict[str, str]
    level: Level
    polarity: Polarity
    discarded: int
    prompt: str


class Judge:
    """Asks a chat model about passages, one question each."""

    def __init__(
        self, chat_model: BaseChatModel, framework: Framework, prompt: Prompt | None = None
    ) -> None:
        self._chat_model = chat_model
        self._framework = framework
        self._prompt = prompt or load_prompt("judge")
        self._facets = "\n".join(
            f"- {commitment.id}.{facet.id}: {' '.join(facet.description.split())}"
            for commitment in framework.commitments
            for facet in commitment.facets
        )

    def judge(self, passage: Passage) -> Opinion:
        """Return the model's opinion on a passage, as far as it can be checked.

        Raises:
            ModelError: The model cannot be reached, or does not answer with the JSON asked for.
        """
        system, human = self._prompt.render(
            framework=self._framework.name,
            facets=self._facets,
            # Made afresh, so that a document cannot hold the mark that ends it.
            fence=f"<<{secrets.token_hex(8)}>>",
            title=passage.title,
            heading=" > ".join(passage.heading),
            passage=passage.text,
        )
        try:
            # LangChain would report the question, passage included, to a tracing service that the
            # environment names. Only the model is to see it.
            with tracing_context(enabled=False):
                reply = self._chat_model.invoke([SystemMessage(system), HumanMessage(human)])
        except Exception as error:
            # Every provider raises errors of its own; to us they are all one.
            raise ModelError(
                f"the language model did not answer: {type(error).__name__}"
            ) from error
        return self._checked(passage, _parse(str(reply.text)))

    def _checked(self, passage: Passage, answer: _Answer) -> Opinion:
        good = [
            label
            for label in answer.labels
            if label.facet in self._framework.facet_keys
            and label.strength in (1, 2)
            and len(label.quote.strip()) >= min(_SHORTEST_QUOTE, len(passage.text.strip()))
            and label.quote in passage.text
        ]
        labels: dict[str, int] = {}
        quotes: dict[str, str] = {}
        for label in sorted(good, key=lambda item: item.strength):
            # A facet named twice has its higher strength.
            labels[label.facet], quotes[label.facet] = label.strength, label.quote
        return Opinion(
            passage=passage.id,
            labels=labels,
            quotes=quotes,
            level=answer.level,
            polarity=answer.polarity,
            discarded=len(answer.labels) - len(good),
            prompt=f"{self._prompt.id} {self._prompt.version} {self._prompt.sha256[:16]}",
        )


def _parse(reply: str) -> _Answer:
    # Models like to wrap JSON in a fence of their own or in a sentence.
    start, end = reply.find("{"), reply.rfind("}")
    try:
        return _Answer.model_validate(json.loads(reply[start : end + 1]))
    except (ValueError, ValidationError) as error:
        raise ModelError("the language model did not answer with the JSON asked for") from error
