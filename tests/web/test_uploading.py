"""What visitors upload: where it goes, under which name, for whom, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.sources.read import read_folder
from assistant.web.uploading import Kind, Upload, safe_name, store


def upload(
    folder: Path,
    *,
    kind: Kind = "strategy",
    audience: str = "",
    may: str = "leadership",
    replace: bool = False,
    max_mb: float = 1,
) -> Upload:
    return Upload(folder, kind, audience, frozenset({"everyone", may}), replace, max_mb)


def sent(tmp_path: Path, name: str, words: str = "# Plan\n\nWe will not grow.\n") -> Path:
    path = tmp_path / "sent" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(words)
    return path


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("plan 2027.pdf", "plan 2027.pdf"),
        ("../../etc/plan.md", "plan.md"),
        ("..\\..\\plan.MD", "plan.md"),
        (".hidden.md", "hidden.md"),
        ("~$lock.docx", "lock.docx"),
        ("a\x00b\n<c>.md", "a-b-c-.md"),
        ("CON.txt", "file-CON.txt"),
        ("Größe – Märkte.md", "Größe - Märkte.md"),
        ("x" * 300 + ".md", "x" * 97 + ".md"),
    ],
    ids=["plain", "above", "backslashes", "hidden", "lock", "control", "device", "letters", "long"],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "run.exe",
            "'run.exe' is not read; formats are .md, .markdown, .txt, .yaml, .yml, .json, .csv, "
            ".xlsx, .docx, .pdf, .html and .htm.",
        ),
        (
            "Documents.YAML",
            "'Documents.YAML' says who may read the files beside it, so it cannot be uploaded. "
            "Choose an audience for each document instead.",
        ),
    ],
    ids=["format", "manifest"],
)
def test_a_file_that_is_not_taken_is_refused_in_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        safe_name(name)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("name", "kind", "place"),
    [
        ("plan.md", "strategy", "strategy/uploads/plan.md"),
        ("plan.md", "okrs", "uploads/plan.md"),
        ("okrs.csv", "strategy", "uploads/okrs.csv"),
        ("page.html", "okrs", "strategy/uploads/page.html"),
    ],
    ids=["text as strategy", "text as OKRs", "table", "page"],
)
def test_files_go_where_they_are_read_as_what_they_are(
    tmp_path: Path, name: str, kind: Kind, place: str
) -> None:
    corpus = tmp_path / "corpus"
    assert store(sent(tmp_path, name), upload(corpus, kind=kind)) == place
    assert (corpus / place).read_text().startswith("# Plan")


def test_a_document_for_few_is_listed_as_such(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    store(sent(tmp_path, "memo.md"), upload(corpus, audience="leadership"))
    store(sent(tmp_path, "plan.md", "# Other\n\nWe sell.\n"), upload(corpus))
    read = {item.location.file: item.audience for item in read_folder(corpus, max_mb=1)}  # type: ignore[union-attr]
    assert read == {
        "strategy/uploads/memo.md": "leadership",
        "strategy/uploads/plan.md": "everyone",
    }


def test_what_is_replaced_keeps_its_readers(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    store(sent(tmp_path, "memo.md"), upload(corpus, audience="leadership"))
    again = sent(tmp_path, "memo.md", "# Newer\n\nWe close the depot.\n")
    with pytest.raises(InputError) as refused:
        store(again, upload(corpus))
    assert str(refused.value) == (
        "There is already an upload called 'memo.md'. Rename yours, or choose to replace it."
    )
    store(again, upload(corpus, replace=True))
    (read,) = read_folder(corpus, max_mb=1)
    assert (read.title, read.audience) == ("Newer", "leadership")  # type: ignore[union-attr]


def test_nobody_replaces_what_is_for_others(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    store(sent(tmp_path, "memo.md"), upload(corpus, audience="leadership"))
    with pytest.raises(InputError) as refused:
        store(sent(tmp_path, "memo.md"), upload(corpus, may="staff", replace=True))
    assert str(refused.value) == "There is already an upload called 'memo.md'. Rename yours."


@pytest.mark.parametrize(
    ("words", "audience", "sentence"),
    [
        ("", "", "'plan.md' is empty."),
        ("x" * 1_200_000, "", "'plan.md' is 1.2 MB; the limit is 1 MB. Split it."),
        (
            "# Plan",
            "board",
            "You are not in the audience 'board', so you cannot put documents into it.",
        ),
    ],
    ids=["empty", "large", "audience"],
)
def test_what_cannot_be_taken_leaves_nothing_behind(
    tmp_path: Path, words: str, audience: str, sentence: str
) -> None:
    corpus = tmp_path / "corpus"
    with pytest.raises(InputError) as refused:
        store(sent(tmp_path, "plan.md", words), upload(corpus, audience=audience))
    assert str(refused.value) == sentence
    assert not corpus.exists()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "uploads").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError) as refused:
        store(sent(tmp_path, "okrs.csv"), upload(tmp_path / "corpus"))
    assert str(refused.value) == "'uploads' is a link that leaves the folder that is indexed."
    assert not list((tmp_path / "elsewhere").iterdir())
