"""The web app: which pages there are, nothing else."""

import streamlit as st

from rag.faces.web.briefing import page as briefing_page
from rag.faces.web.chat import page as chat_page
from rag.faces.web.corpus import page as corpus_page
from rag.faces.web.timeline import page as timeline_page

st.set_page_config(page_title="Sourceline", layout="wide", initial_sidebar_state="auto")
st.navigation(
    [
        st.Page(chat_page.show, title="Chat", url_path="chat", default=True),
        st.Page(briefing_page.show, title="Briefing", url_path="briefing"),
        st.Page(corpus_page.show, title="Corpus", url_path="corpus"),
        st.Page(timeline_page.show, title="Timeline", url_path="timeline"),
    ]
).run()
