"""What can go wrong, as a tree. Every message is written for the person at the keyboard. Those that
hold or need what stands on a higher floor are defined there.

RagError
├── SettingsError        a setting has a value that cannot be used
├── QuestionError        the question is empty or far too long
├── CorpusError          the folder of articles cannot be used at all
│   ├── CorpusEmpty      it holds no article yet
│   └── ArticleError     one file cannot be read; the others go on
├── CorrectionError      what an article is to be corrected to cannot be used
├── TransferError        a file to be imported is not one, or is of a newer version
├── FetchError           a web address cannot be fetched, or may not be
├── BriefingGone         the briefing, or an entry of it, is not stored any more
├── StaleEntry           an entry was edited elsewhere in the meantime (rag.desk.briefings)
├── ExportError          a briefing cannot be made into a file of this format
├── IndexUnusable        the index cannot be used
│   ├── IndexMissing     there is none yet
│   ├── IndexTooNew      a newer version of Sourceline made it
│   ├── IndexBusy        another process is writing it
│   └── StorageError     the disk is full or refuses to be written
├── EmbeddingError       the embedding model cannot be loaded
└── LanguageModelError   the language model cannot be reached, or is of no use
    └── ModelTimeout     it took longer than the settings allow
"""


class RagError(Exception):
    """Base of every error that Sourceline raises on purpose; its text is for the user."""


class SettingsError(RagError):
    pass


class QuestionError(RagError):
    pass


class CorpusError(RagError):
    pass


class CorpusEmpty(CorpusError):
    pass


class ArticleError(CorpusError):
    pass


class CorrectionError(RagError):
    pass


class TransferError(RagError):
    pass


class FetchError(RagError):
    pass


class BriefingGone(RagError):
    pass


class ExportError(RagError):
    pass


class IndexUnusable(RagError):
    pass


class IndexMissing(IndexUnusable):
    pass


class IndexTooNew(IndexUnusable):
    pass


class IndexBusy(IndexUnusable):
    pass


class StorageError(IndexUnusable):
    pass


class EmbeddingError(RagError):
    pass


class LanguageModelError(RagError):
    pass


class ModelTimeout(LanguageModelError):
    pass
