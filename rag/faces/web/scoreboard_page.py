"""The scoreboard: how well the answers do on public benchmarks, as it was measured last."""

import streamlit as st

from lab.evaluation.measured import read_scoreboard
from rag.core.settings import shipped
from rag.faces.web import asking, components, filters, history
from rag.faces.web.chart_payload import charts_payload
from rag.faces.web.core import errors_shown
from rag.faces.web.scoreboard_payload import describe_scoreboard, scoreboard_payload

PAGE = "scoreboard"
_FILE = "docs/scoreboard.json"


def show() -> None:
    components.page_frame()
    history.restore_address(PAGE)
    filters.keep_choices()
    asking.stop_work_elsewhere(None)
    with st.container(key="sourceline-scoreboard"):
        _show_figures()
    history.remember_address(PAGE)


def _show_figures() -> None:
    st.subheader("Scoreboard", anchor=False)
    with errors_shown():
        board = read_scoreboard(shipped(_FILE))
    if board is None or not board.measured:
        components.notice("Nothing has been measured yet. Run `make evaluate`.", kind="note")
        return
    st.text(describe_scoreboard(board))
    components.scoreboard(scoreboard_payload(board), key="scoreboard")
    charts = charts_payload(board)
    if charts["sections"] or charts["confusions"]:
        components.charts(charts, key="charts")
