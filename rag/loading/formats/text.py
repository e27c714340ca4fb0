"""Plain text: most often what was copied off a web page, with the page about the article."""

from rag.loading.chrome import strip_chrome
from rag.loading.decoding import decode
from rag.loading.file_format import FileFormat

TEXT = FileFormat("text", (".txt",), ("text/plain",), lambda content: strip_chrome(decode(content)))
