"""What can be wrong with an index, as sentences that say what to do."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import IndexUnavailable


def missing(home: Path) -> IndexUnavailable:
    """Nothing has been indexed yet."""
    return IndexUnavailable(f"There is no index in '{home}' yet. Run `okr index FOLDER` first.")


def busy(home: Path) -> IndexUnavailable:
    """Another process holds the write lock."""
    return IndexUnavailable(
        f"The index in '{home}' is being written by another process. "
        "Try again when it has finished."
    )


def unfinished(home: Path) -> IndexUnavailable:
    """The last run stopped half way."""
    return IndexUnavailable(
        f"The index in '{home}' is unfinished, because the last run was interrupted. "
        "Run `okr index FOLDER` again: it goes on where it stopped."
    )


def damaged(home: Path, reason: object) -> IndexUnavailable:
    """A file of the index cannot be read."""
    return IndexUnavailable(
        f"The index in '{home}' is damaged ({_one_line(reason)}). "
        "Run `okr index --rebuild FOLDER` to make it anew."
    )


def other_version(home: Path) -> IndexUnavailable:
    """The tables have another shape than this version of the program expects."""
    return IndexUnavailable(
        f"The index in '{home}' was made by another version of okr. "
        "Run `okr index --rebuild FOLDER` to make it anew."
    )


def other_embedder(home: Path, made_with: str, configured: str) -> IndexUnavailable:
    """Vectors of two models cannot be compared."""
    return IndexUnavailable(
        f"The index in '{home}' was made with the embedder '{made_with}', but '{configured}' is "
        "configured. Run `okr index FOLDER` to embed it again, or change OKR_EMBEDDER back."
    )


def other_place(home: Path, made_in: str, configured: str) -> IndexUnavailable:
    """The vectors lie in another Chroma than the configured one."""
    return IndexUnavailable(
        f"The vectors of the index in '{home}' lie in {made_in}, but {configured} is configured. "
        "Run `okr index FOLDER` to move them, or change OKR_CHROMA_URL back."
    )


def read_only(home: Path) -> IndexUnavailable:
    """Chroma writes to its folder even to read from it."""
    return IndexUnavailable(
        f"The index in '{home}' cannot be searched because its folder is read-only: Chroma writes "
        "there even to read. Copy the folder to where you may write and name it with OKR_HOME, "
        "or keep the vectors in a Chroma server (OKR_CHROMA_URL)."
    )


def not_writable(home: Path, reason: object) -> IndexUnavailable:
    """The folder cannot be made or written."""
    return IndexUnavailable(
        f"The index in '{home}' cannot be written ({_one_line(reason)}). "
        "Name a folder where you may write with OKR_HOME."
    )


def unreachable(url: str, reason: object) -> IndexUnavailable:
    """The Chroma server does not answer."""
    return IndexUnavailable(
        f"The Chroma server at {url} cannot be reached ({_one_line(reason)}). "
        "Start it with `chroma run`, or unset OKR_CHROMA_URL to keep the vectors in a folder."
    )


def _one_line(reason: object) -> str:
    return " ".join(str(reason).split()).rstrip(".") or type(reason).__name__
