"""Starting the page: on this machine only, with words for what stands in the way."""

import socket
from pathlib import Path

import pytest

from rag.core.errors import SettingsError
from rag.core.settings import Settings
from rag.faces.web.serve import ADDRESS, check_port, command, environment


def test_a_port_that_is_taken_is_said_before_anything_is_started() -> None:
    with socket.socket() as other:
        other.bind((ADDRESS, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} is taken.*--port"):
            check_port(port)
    check_port(port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(SettingsError):
        check_port(port)


def test_the_server_listens_here_only_and_tells_nobody() -> None:
    words = command(8600)
    assert words[1:4] == ["-m", "streamlit", "run"]
    assert Path(words[4]).is_file()
    assert {
        "--server.address=127.0.0.1",
        "--server.port=8600",
        "--server.headless=true",
        "--server.fileWatcherType=none",
        "--browser.gatherUsageStats=false",
    } <= set(words)


def test_the_server_gets_the_folders_of_the_settings(tmp_path: Path) -> None:
    variables = environment(Settings(tmp_path / "articles", tmp_path / "state"))
    assert Settings.from_environment(variables) == Settings(tmp_path / "articles", tmp_path / "state")
