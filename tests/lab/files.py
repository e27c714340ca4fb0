"""Files of data sets, as the tests of the lab write them."""

import gzip
import json
from pathlib import Path
from typing import Any


def write(path: Path, *records: Any) -> Path:
    """A file of JSON lines, packed where its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record) + "\n" for record in records)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path
