"""Readers of strategy documents: one module per format, one shape of result.

Each reader takes the bytes of a file, the name that locations should carry and what the folder's
manifest says about the file; it yields one ``StrategyDocument``, or a ``Problem`` that says why
there is none. ``supersedes`` of a document that a reader yields holds the words of its author;
``lineage.resolve`` turns them into the id of a document of the same run.
"""
