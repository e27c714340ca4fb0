"""Starts the page: Streamlit as a process of its own, on this machine only, telling nobody."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser

from rag.core.errors import RagError, SettingsError
from rag.core.settings import Settings, shipped
from rag.loading.formats import MOST_BYTES

ADDRESS = "127.0.0.1"
START_SECONDS = 60

OPTIONS = {
    "server.headless": "true",
    "server.address": ADDRESS,
    "server.fileWatcherType": "none",
    # In megabytes, as much as is read of a file; the browser says so before it sends more.
    "server.maxUploadSize": MOST_BYTES // 2**20,
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    # One blue for what can be chosen, in both themes at least 4.5:1 against what it stands on; the
    # other colour of the pages is the yellow of marked words.
    "theme.light.primaryColor": "#1f5f8b",
    "theme.light.linkColor": "#1f5f8b",
    "theme.dark.primaryColor": "#2f78ab",
    "theme.dark.linkColor": "#7ab8e0",
}


def serve(settings: Settings, port: int = 8501) -> int:
    """Serve the page until it is stopped; returns the server's exit status.

    Raises SettingsError when the port is taken, RagError when the server does not come up.
    """
    check_port(port)
    # Being told to end ends the server too: without this it would go on alone.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    process = subprocess.Popen(command(port), env=environment(settings))
    try:
        wait_until_healthy(process, port)
        print(f"Sourceline is at http://{ADDRESS}:{port} (Ctrl+C ends it).", flush=True)
        if sys.stdout.isatty():  # somebody sits there
            webbrowser.open(f"http://{ADDRESS}:{port}")
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def command(port: int) -> list[str]:
    """What starts the server with this Python, its options spelled out."""
    options = [f"--{name}={value}" for name, value in (OPTIONS | {"server.port": port}).items()]
    return [sys.executable, "-m", "streamlit", "run", str(shipped("app.py")), *options]


def environment(settings: Settings) -> dict[str, str]:
    """This process's variables, with the folders of these settings."""
    return os.environ | {
        "SOURCELINE_CORPUS": str(settings.corpus_dir),
        "SOURCELINE_DATA": str(settings.data_dir),
    }


def check_port(port: int) -> None:
    """Raises SettingsError when another program listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except (OSError, OverflowError) as error:
            raise SettingsError(
                f"Port {port} is taken or not allowed; choose another with --port."
            ) from error


def wait_until_healthy(process: subprocess.Popen[bytes], port: int) -> None:
    """Raises RagError when the server ends or does not answer in time."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RagError(f"The page's server ended at once with status {process.returncode}.")
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RagError(f"The page's server did not answer within {START_SECONDS} seconds.")
