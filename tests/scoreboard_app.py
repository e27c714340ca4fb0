"""The page over the fake assistant, with the scoreboard that lies in the data folder of the settings."""

import os
import runpy
import sys
from pathlib import Path

from rag.web import scoreboard_page
from tests import fake_assistant

vars(scoreboard_page)["shipped"] = lambda name: Path(os.environ["SOURCELINE_DATA"], Path(name).name)
sys.modules["rag.wiring"] = fake_assistant
runpy.run_path(str(Path(__file__).parent.parent / "app.py"))
