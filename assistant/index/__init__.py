"""What was read, made searchable: vectors in Chroma, words and nouns in SQLite, in one folder."""

from assistant.index.embedder import Embedder, make_embedder
from assistant.index.index import Index, IndexSummary
from assistant.index.sync import SyncReport

__all__ = ["Embedder", "Index", "IndexSummary", "SyncReport", "make_embedder"]
