"""The web page: one face of the core. Only this folder and app.py know Streamlit."""
