"""Settings to a working assistant, and to an index.

The embedding model that a user names is searched with. What reads and judges the passages found are
heads on the bundled network, and they keep to it: on another model they would say something else without
a word of it, and refusing that model would take away what it is wanted for, to find passages on other
subjects. Only a folder with packed weights, as lab/train makes them, serves all three."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock

from rag.asking.assistant import Assistant, MakeJudge, MakeWriter
from rag.asking.generative import Writer
from rag.core.errors import SettingsError
from rag.core.settings import BUNDLED_MODEL, Settings
from rag.desk.desk import open_desk
from rag.index.build import Report
from rag.index.build import build_index as build
from rag.index.chroma import ChromaVectors
from rag.index.intake import Progress
from rag.index.search import Retriever
from rag.index.store import Store
from rag.index.vectors import VectorStore
from rag.judging.attribution import Attributor
from rag.judging.gate import Gate
from rag.judging.other_judges import CrossEncoderJudge, LanguageModelJudge
from rag.judging.support import Judge, ReaderJudge
from rag.judging.verification import Verifier
from rag.language.terms import Lexicon, read_aliases
from rag.models.backbone import WEIGHTS, open_backbone
from rag.models.embedding import Encoder, open_encoder, packed_weights
from rag.models.llm import LanguageModel, open_language_model
from rag.models.pairs import PairReader
from rag.models.tokens import TokenCounter


def open_assistant(settings: Settings, progress: Callable[[str], None] = lambda what: None) -> Assistant:
    """An assistant for the corpus that the settings name. Its index may come later.

    Raises EmbeddingError, SettingsError, LanguageModelError for an address that cannot be one.
    """
    searching, reading = _encoder(settings, progress), _reading_encoder(settings)
    pairs = _pairs(settings)
    retriever = Retriever(
        Store(settings.state_dir), open_vectors(settings), searching, _alias_files(settings), pairs
    )
    model = open_language_model(settings)
    return Assistant(
        settings.corpus_dir,
        retriever,
        reading,
        pairs,
        settings.hit_count,
        settings.claim_limit,
        _writers(settings, model, reading) if model else None,
        _judges(settings, model),
        settings.llm_model,
        open_desk(settings).corrections.all,
    )


def open_verifier(settings: Settings, progress: Callable[[str], None] = lambda what: None) -> Verifier:
    """What judges claims, without any articles. Raises EmbeddingError, SettingsError."""
    lexicon = Lexicon(read_aliases(*_alias_files(settings)))
    bundled = ReaderJudge(_reading_encoder(settings), _pairs(settings), lexicon)
    judge = _judges(settings, open_language_model(settings))(bundled)
    return Verifier(Gate(lexicon), judge)


def _writers(settings: Settings, model: LanguageModel, encoder: Encoder) -> MakeWriter:
    counter = TokenCounter(lambda text: encoder.count_tokens([text])[0])

    def make(attributor: Attributor, verifier: Verifier) -> Writer:
        return Writer(
            model,
            counter,
            attributor,
            verifier,
            window_tokens=settings.llm_window_tokens,
            reply_tokens=settings.llm_reply_tokens,
            total_seconds=settings.llm_total_seconds,
            show_unsupported=settings.show_unsupported,
        )

    return make


def _judges(settings: Settings, model: LanguageModel | None) -> MakeJudge:
    if not settings.judge:
        return lambda bundled: bundled
    judge: Judge
    if settings.judge == "model":
        assert model is not None  # the settings see to it
        judge = LanguageModelJudge(model)
    else:
        judge = CrossEncoderJudge(settings.judge)
    return lambda bundled: judge


def build_index(
    settings: Settings,
    rebuild: bool = False,
    progress: Progress = lambda done, total, what: None,
) -> Report:
    """Brings the index up to the corpus. Raises CorpusError, IndexUnusable, SettingsError."""
    lexicon = Lexicon(read_aliases(*_alias_files(settings)))
    return build(
        settings.corpus_dir,
        Store(settings.state_dir),
        open_vectors(settings),
        _encoder(settings, lambda what: progress(0, 0, what)),
        lexicon,
        settings.passage_tokens,
        rebuild,
        progress,
        open_desk(settings).corrections.all(),
    )


def open_vectors(settings: Settings) -> VectorStore:
    """Where the vectors of a corpus lie."""
    return ChromaVectors(settings.state_dir / "vectors")


def forget_index(settings: Settings) -> None:
    """What a corpus needs whose last article was removed: nothing is answered from it any more.

    Raises StorageError.
    """
    Store(settings.state_dir).forget()


_encoders: dict[tuple[str, Path], Encoder] = {}
_readers: dict[Path, PairReader] = {}
_opening = Lock()


def _reading_encoder(settings: Settings) -> Encoder:
    """The encoder of the network that reads and judges."""
    is_own = packed_weights(settings.embedding_model) is not None
    return _encoder(settings if is_own else replace(settings, embedding_model=BUNDLED_MODEL))


def _encoder(settings: Settings, progress: Callable[[str], None] = lambda what: None) -> Encoder:
    """The encoder of these settings, opened once a process."""
    key = settings.embedding_model, settings.models_dir
    with _opening:
        if key not in _encoders:
            _encoders[key] = open_encoder(*key, progress)
        return _encoders[key]


def _pairs(settings: Settings) -> PairReader:
    """The reader of pairs, opened once a process."""
    weights = packed_weights(settings.embedding_model) or WEIGHTS
    with _opening:
        if weights not in _readers:
            _readers[weights] = PairReader(open_backbone(weights))
        return _readers[weights]


def _alias_files(settings: Settings) -> tuple[Path, Path]:
    if not settings.aliases_path.exists():
        raise SettingsError(f"SOURCELINE_ALIASES names {settings.aliases_path}, which is not there.")
    return (settings.aliases_path, settings.corpus_dir / "aliases.txt")
