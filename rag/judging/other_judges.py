"""Other judges of support than the bundled one: a cross-encoder, or the language model that is set up.

SOURCELINE_JUDGE names one: `model` for the language model, else a cross-encoder's folder or name.
"""

from collections.abc import Mapping, Sequence

from rag.core.errors import EmbeddingError, LanguageModelError
from rag.judging.support import Stance
from rag.judging.verification import PARTLY, SUPPORTED
from rag.language.text import fold
from rag.models.llm import LanguageModel, Turn
from rag.models.prompts import fenced, render

_SAID = {
    "supported": Stance(0.95),
    "partly": Stance((PARTLY + SUPPORTED) / 2),
    "unsupported": Stance(0.05),
    "conflicting": Stance(0.0, 0.95),
}


class CrossEncoderJudge:
    """A model that reads claim and words together: with one output, the support; with three, those of
    natural language inference, of which entailment is it."""

    def __init__(self, model: str) -> None:
        """Raises EmbeddingError when there is no such model."""
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(model, device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            raise EmbeddingError(
                f"The judge {model!r} cannot be loaded: {error}. Set SOURCELINE_JUDGE to a "
                "cross-encoder's folder, to `model` for the language model, or leave it unset."
            ) from error
        self.name = model
        labels: dict[int, str] = getattr(self._model.config, "id2label", None) or {}
        self._entailment = _place(labels, "entail")
        self._contradiction = _place(labels, "contradict")

    def stance(self, claim: str, texts: Sequence[str]) -> Stance:
        """What the texts together say to the claim; with one output alone, never that they say
        otherwise."""
        import torch

        many = self._entailment is not None
        activation = torch.nn.Softmax(dim=-1) if many else torch.nn.Sigmoid()
        scores = self._model.predict([("\n".join(texts), claim)], activation_fn=activation)[0]
        if not many:
            return Stance(float(scores))
        against = 0.0 if self._contradiction is None else float(scores[self._contradiction])
        return Stance(float(scores[self._entailment]), against)


def _place(labels: Mapping[int, str], name: str) -> int | None:
    return next((place for place, label in labels.items() if name in label.lower()), None)


class LanguageModelJudge:
    """Asks the language model for a word. A reply that is none of the words supports nothing."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.name = model.name

    def stance(self, claim: str, texts: Sequence[str]) -> Stance:
        """By the model's word; neither where it gives none or cannot be asked."""
        quotation = fenced([("words", "", "\n".join(texts))])
        prompt = render("judge_claim", claim=claim, quotation=quotation)
        try:
            reply = "".join(self._model.stream([Turn("user", prompt)]))
        except LanguageModelError:
            return Stance(0.0)
        said = fold(reply.rpartition("</think>")[2]).strip(" \n.*\"'")
        return _SAID.get(said, Stance(0.0))
