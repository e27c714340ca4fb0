"""Other judges of support than the bundled one: a cross-encoder, or the language model that is set up.

SOURCELINE_JUDGE names one: `model` for the language model, else a cross-encoder's folder or name.
"""

from collections.abc import Sequence

from rag.core.errors import EmbeddingError, LanguageModelError
from rag.language.text import fold
from rag.models.llm import LanguageModel, Turn
from rag.models.prompts import fenced, render

_SAID = {"supported": 0.95, "partly": 0.4, "unsupported": 0.05, "conflicting": 0.0}


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
        self._entailment = next((n for n, label in labels.items() if "entail" in label.lower()), None)

    def support(self, claim: str, texts: Sequence[str]) -> float:
        """The probability, 0..1, that the texts together say what the claim says."""
        import torch

        many = self._entailment is not None
        activation = torch.nn.Softmax(dim=-1) if many else torch.nn.Sigmoid()
        scores = self._model.predict([("\n".join(texts), claim)], activation_fn=activation)[0]
        return float(scores[self._entailment] if many else scores)


class LanguageModelJudge:
    """Asks the language model for a word. A reply that is none of the words supports nothing."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.name = model.name

    def support(self, claim: str, texts: Sequence[str]) -> float:
        """0..1 by the model's word; 0 where it gives none or cannot be asked."""
        quotation = fenced([("words", "", "\n".join(texts))])
        prompt = render("judge_claim", claim=claim, quotation=quotation)
        try:
            reply = "".join(self._model.stream([Turn("user", prompt)]))
        except LanguageModelError:
            return 0.0
        said = fold(reply.rpartition("</think>")[2]).strip(" \n.*\"'")
        return _SAID.get(said, 0.0)
