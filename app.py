"""Starts the web app."""

from assistant.settings import load_settings
from assistant.web import serve

if __name__ == "__main__":
    serve(load_settings(), host="127.0.0.1", port=7860)
