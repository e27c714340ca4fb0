"""The page over the fake assistant, with the scoreboard that lies in the data folder of the settings."""

import os
import runpy
import sys
from importlib import import_module
from pathlib import Path

from tests import fake_assistant

sys.modules["rag.wiring"] = fake_assistant
vars(import_module("rag.faces.web.scoreboard_page"))["shipped"] = lambda name: Path(
    os.environ["SOURCELINE_DATA"], Path(name).name
)
runpy.run_path(str(Path(__file__).parent.parent / "app.py"))
