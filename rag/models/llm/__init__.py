"""Turns to streamed text: the door to a language model, behind any OpenAI-compatible endpoint."""

from rag.models.llm.model import LanguageModel, Turn, open_language_model

__all__ = ["LanguageModel", "Turn", "open_language_model"]
