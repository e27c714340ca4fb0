"""The page over the fake assistant: app.py with another core under it."""

import runpy
import sys
from pathlib import Path

from tests import fake_assistant

sys.modules["rag.wiring"] = fake_assistant
runpy.run_path(str(Path(__file__).parent.parent / "app.py"))
