"""The folder walk: what is read as what, what is left out, and how that is said."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.models import Location, Problem, StrategyDocument
from assistant.sources.encoding import NotText, decode
from assistant.sources.read import (
    FORMATS,
    read_draft_file,
    read_draft_text,
    read_folder,
    read_path,
)
from assistant.sources.records import ObjectiveRecord, Record

OKR = """# Objective: Hauliers get one repair date

- KR1: Repairs on the promised day from 64 % to 82 %
- KR2: Median repair time from 9 to 5 days
"""
OKR_TEXT = (
    "Objective: Hauliers get one repair date\nKR1: Repairs on the promised day from 64 % to 82 %\n"
)
OKR_YAML = "objectives:\n  - objective: Hauliers get one repair date\n"
OKR_JSON = '{"objectives": [{"objective": "Hauliers get one repair date"}]}'
OKR_CSV = "Objective,Key result\nHauliers get one repair date,Repair time from 9 to 5 days\n"
PROSE = "# Plan\n\nWe serve pharma hauliers first.\n"
LISTED = (
    "'{0}' is not read; formats are .md, .markdown, .txt, .yaml, .yml, .json, .csv, .xlsx, .docx, "
    ".pdf, .html and .htm."
)
UNTRUSTED = (
    "'{0}' is not read: documents.yaml beside it, which decides who may see it, cannot be used."
)

Files = dict[str, str | bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Files], Path]:
    """Write files below an empty folder and return it."""

    def write(files: Files) -> Path:
        for name, content in files.items():
            path = tmp_path / "corpus" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        (tmp_path / "corpus").mkdir(exist_ok=True)
        return tmp_path / "corpus"

    return write


def everything(root: Path, max_mb: float = 20) -> list[Record]:
    return list(read_folder(root, max_mb=max_mb))


def problems(records: list[Record]) -> list[tuple[str, str]]:
    return [(item.severity, str(item)) for item in records if isinstance(item, Problem)]


def kinds(records: list[Record]) -> dict[str, str]:
    """What each file was read as."""
    names = {Problem: "problem", StrategyDocument: "document", ObjectiveRecord: "OKRs"}
    return {
        item.location.file: name
        for kind, name in names.items()
        for item in records
        if isinstance(item, kind) and item.location
    }


def workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["Objective", "Key result"], ["Hauliers get one date", "Time from 9 to 5 days"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def word(*lines: tuple[str, str]) -> bytes:
    from docx import Document

    document = Document()
    for style, text in lines:
        document.add_paragraph(text, style=style)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def printed(*lines: str) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    for line in lines:
        pdf.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    return bytes(pdf.output())


# --- what is read as what ---------------------------------------------------------------------


def test_every_format_reaches_its_reader(folder: Callable[[Files], Path]) -> None:
    root = folder(
        {
            "a.md": OKR,
            "b.txt": OKR_TEXT,
            "c.yaml": OKR_YAML,
            "d.json": OKR_JSON,
            "e.csv": OKR_CSV,
            "f.xlsx": workbook(),
            "deep/er/g.yml": OKR_YAML,
            "h.docx": word(("Heading 1", "Plan"), ("Normal", "We go.")),
            "i.pdf": printed("We go by boat."),
            "j.html": "<h1>Tides</h1><p>We measure.</p>",
            "k.HTM": "<h1>Winds</h1><p>We measure.</p>",
            "l.MD": "---\nkind: strategy\ntitle: Boats\n---\nWe row.",
        }
    )
    records = everything(root)
    assert problems(records) == []
    assert kinds(records) == {
        **dict.fromkeys(["a.md", "b.txt", "c.yaml", "d.json", "e.csv", "f.xlsx"], "OKRs"),
        "deep/er/g.yml": "OKRs",
        **dict.fromkeys(["h.docx", "i.pdf", "j.html", "k.HTM", "l.MD"], "document"),
    }
    files = [item.location.file for item in records if isinstance(item, ObjectiveRecord)]
    assert files == ["a.md", "b.txt", "c.yaml", "d.json", "e.csv", "f.xlsx", "deep/er/g.yml"]


@pytest.mark.parametrize(
    "name, content, expected",
    [
        pytest.param("a.md", OKR, "OKRs", id="by default"),
        pytest.param("a.md", f"---\nkind: strategy\n---\n{PROSE}", "document", id="kind"),
        pytest.param("a.md", f"---\npublished: 2026-01-01\n---\n{PROSE}", "document", id="date"),
        pytest.param("a.md", f"---\naudience: board\n---\n{PROSE}", "document", id="audience"),
        pytest.param("a.txt", f"---\nsupersedes: x\n---\n{PROSE}", "document", id="text"),
        pytest.param("strategy/2026/a.md", PROSE, "document", id="strategy folder"),
        pytest.param("documents/a.txt", PROSE, "document", id="documents folder"),
        pytest.param("strategic/a.md", OKR, "OKRs", id="another folder"),
        pytest.param("strategy/a.md", f"---\nkind: okrs\n---\n{OKR}", "OKRs", id="kind wins"),
        pytest.param("a.md", f"---\ntitle: Q3\n---\n{OKR}", "OKRs", id="a title says nothing"),
    ],
)
def test_markdown_is_a_document_if_it_says_so(
    folder: Callable[[Files], Path], name: str, content: str, expected: str
) -> None:
    assert kinds(everything(folder({name: content})))[name] == expected


def test_the_manifest_makes_a_document_wherever_it_lies(folder: Callable[[Files], Path]) -> None:
    files: Files = {"x/documents.yaml": "a.md: {title: Ours}", "x/a.md": PROSE, "x/b.md": OKR}
    records = everything(folder(files))
    assert kinds(records) == {"x/a.md": "document", "x/b.md": "OKRs"}


def test_a_folder_named_strategy_may_be_the_root(tmp_path: Path) -> None:
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "a.md").write_text(PROSE)
    assert kinds(everything(tmp_path / "strategy")) == {"a.md": "document"}


def test_markdown_without_objectives_says_how_to_mark_them(
    folder: Callable[[Files], Path],
) -> None:
    records = everything(folder({"notes.md": "Some words about boats.\n"}))
    assert problems(records) == [
        (
            "warning",
            "notes.md: No objective is found in 'notes.md'. Mark objectives with a heading such as "
            "'## Objective: ...', or, if it is a strategy document, put 'kind: strategy' into "
            "front matter or list it in documents.yaml.",
        )
    ]


def test_documents_of_a_run_are_linked(folder: Callable[[Files], Path]) -> None:
    root = folder(
        {
            "strategy/new.md": f"---\nversion: 2\nsupersedes: old.pdf\n---\n{PROSE}",
            "strategy/old.pdf": printed("We serve everyone."),
            "strategy/documents.yaml": "old.pdf: {title: Plan, version: 1}",
        }
    )
    records = everything(root)
    assert problems(records) == []
    links = {d.id: d.supersedes for d in records if isinstance(d, StrategyDocument)}
    assert links == {"doc-plan-2": "doc-plan-1", "doc-plan-1": None}


# --- what is left out -------------------------------------------------------------------------


def test_hidden_and_foreign_things_are_left_out(folder: Callable[[Files], Path]) -> None:
    root = folder(
        {
            ".git/x.md": OKR,
            ".hidden.md": OKR,
            "node_modules/x.md": OKR,
            "~$plan.docx": b"lock",
            "README.md": "Nothing here.",
            "okrs.toml": "x = 1",
            "sub/picture.PNG": b"\x89PNG\x00",
            "sub/a.md": OKR,
        }
    )
    records = everything(root)
    assert problems(records) == [
        ("info", f"okrs.toml: {LISTED.format('okrs.toml')}"),
        ("info", f"sub/picture.PNG: {LISTED.format('picture.PNG')}"),
    ]
    assert {f for f, kind in kinds(records).items() if kind == "OKRs"} == {"sub/a.md"}


@pytest.mark.parametrize(
    "name, content, severity, message",
    [
        pytest.param("x.md", b"", "warning", "'x.md' is empty.", id="empty"),
        pytest.param("x.csv", b" \n\n", "warning", "'x.csv' is empty.", id="blank"),
        pytest.param("x.pdf", b"", "warning", "'x.pdf' is empty.", id="empty PDF"),
        pytest.param(
            "x.md",
            b"a" * 300_000,
            "error",
            "'x.md' is 0.3 MB; the limit is 0.2 MB. Split it, or raise OKR_MAX_INPUT_MB.",
            id="too large",
        ),
        *(
            pytest.param(
                f"x{suffix}",
                b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
                "error",
                f"'x{suffix}' is named {suffix} but holds binary data. Export it as text, or give "
                "it the name that fits.",
                id=f"binary {suffix}",
            )
            for suffix in (".md", ".txt", ".csv", ".yaml", ".json", ".html")
        ),
    ],
)
def test_a_file_that_cannot_be_read_costs_only_itself(
    folder: Callable[[Files], Path], name: str, content: bytes, severity: str, message: str
) -> None:
    records = everything(folder({name: content, "good.md": OKR}), max_mb=0.2)
    assert problems(records) == [(severity, f"{name}: {message}")]
    assert kinds(records)["good.md"] == "OKRs"


def test_thirty_megabytes_are_refused_in_round_figures(folder: Callable[[Files], Path]) -> None:
    root = folder({})
    with (root / "x.md").open("wb") as stream:
        stream.truncate(30_000_000)
    assert problems(everything(root)) == [
        (
            "error",
            "x.md: 'x.md' is 30.0 MB; the limit is 20 MB. Split it, or raise OKR_MAX_INPUT_MB.",
        )
    ]


@pytest.mark.parametrize("name", ["bomb.docx", "bomb.xlsx"])
def test_an_archive_that_unpacks_to_too_much_is_refused(
    folder: Callable[[Files], Path], name: str
) -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 3_000_000)
    records = everything(folder({name: stream.getvalue()}), max_mb=0.2)
    assert problems(records) == [
        (
            "error",
            f"{name}: '{name}' unpacks to 3.0 MB; the limit is 2 MB. Split it, or raise "
            "OKR_MAX_INPUT_MB.",
        )
    ]


def test_links_are_followed_only_within_the_folder(folder: Callable[[Files], Path]) -> None:
    root = folder({"a.md": OKR, ".store/b.md": OKR, "sub/c.md": OKR})
    outside = root.parent / "secret.md"
    outside.write_text(OKR)
    (root / "again.md").symlink_to("a.md")
    (root / "hidden.md").symlink_to(".store/b.md")
    (root / "leaves.md").symlink_to(outside)
    (root / "nothing.md").symlink_to("nowhere.md")
    (root / "loop.md").symlink_to("loop.md")
    (root / "up").symlink_to("..", target_is_directory=True)
    (root / "same").symlink_to("sub", target_is_directory=True)
    (root / "store").symlink_to(".store", target_is_directory=True)
    records = everything(root)
    assert problems(records) == [
        ("info", "leaves.md: 'leaves.md' is a link that leaves the folder and is not followed."),
        ("info", "loop.md: 'loop.md' is a link to nothing and is not followed."),
        ("info", "nothing.md: 'nothing.md' is a link to nothing and is not followed."),
        ("info", "store: 'store' is a link to a hidden folder and is not followed."),
        ("info", "up: 'up' is a link that leaves the folder and is not followed."),
    ]
    objectives = [r.location.file for r in records if isinstance(r, ObjectiveRecord)]
    assert objectives == ["a.md", "hidden.md", "sub/c.md"]


def test_what_is_no_file_is_not_opened(folder: Callable[[Files], Path]) -> None:
    root = folder({})
    os.mkfifo(root / "pipe.md")
    assert problems(everything(root)) == [
        ("info", "pipe.md: 'pipe.md' is no ordinary file and is not read.")
    ]


def test_a_name_that_is_no_text_is_shown_with_question_marks(
    folder: Callable[[Files], Path],
) -> None:
    root = folder({})
    (Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.md"))).write_text("")
    assert problems(everything(root)) == [("warning", "caf?.md: 'caf?.md' is empty.")]


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder, and for the time of the test a user whom permissions bind."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    before = os.geteuid()
    try:
        yield root
    finally:
        if before == 0:
            os.seteuid(0)
        for path in root.rglob("*"):
            path.chmod(0o755)
        shutil.rmtree(root)


def test_what_may_not_be_opened_costs_only_itself(as_nobody: Path) -> None:
    root = as_nobody
    (root / "closed").mkdir()
    (root / "closed" / "a.md").write_text(OKR)
    (root / "locked.md").write_text(OKR)
    (root / "open.md").write_text(OKR)
    (root / "locked.md").chmod(0)
    (root / "closed").chmod(0)
    if os.geteuid() == 0:
        os.seteuid(65534)
    records = everything(root)
    assert problems(records) == [
        ("error", "locked.md: 'locked.md' cannot be read: permission denied."),
        ("error", "closed: The folder 'closed' cannot be opened: permission denied."),
    ]
    assert kinds(records)["open.md"] == "OKRs"
    with pytest.raises(InputError) as caught:
        read_draft_file(root / "locked.md", max_mb=20)
    assert str(caught.value) == f"'{root}/locked.md' cannot be read: permission denied."


def test_a_reader_that_fails_costs_only_its_file(
    folder: Callable[[Files], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.sources.documents import html

    def fail(*_: Any) -> Iterator[Record]:
        raise KeyError("no such glyph")

    monkeypatch.setattr(html, "read_html", fail)
    records = everything(folder({"a.html": "<p>x</p>", "b.md": OKR}))
    assert problems(records) == [
        (
            "error",
            "a.html: 'a.html' could not be read to its end (KeyError: 'no such glyph'). Save or "
            "export it again; if that does not help, please report it with the file.",
        )
    ]
    assert kinds(records)["b.md"] == "OKRs"


def test_an_interruption_is_not_swallowed(
    folder: Callable[[Files], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.sources.documents import html

    def interrupt(*_: Any) -> Iterator[Record]:
        raise KeyboardInterrupt

    monkeypatch.setattr(html, "read_html", interrupt)
    with pytest.raises(KeyboardInterrupt):
        everything(folder({"a.html": "<p>x</p>"}))


def test_a_missing_folder_or_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_folder(tmp_path / "no", max_mb=20)
    assert str(caught.value) == (
        f"There is no folder '{tmp_path}/no'. Name one that holds OKRs and documents."
    )
    with pytest.raises(InputError) as caught:
        read_path(tmp_path / "no.md", max_mb=20)
    assert str(caught.value) == f"There is no file or folder '{tmp_path}/no.md'."


def test_each_file_is_announced_before_it_is_read(folder: Callable[[Files], Path]) -> None:
    root = folder({"b.md": OKR, "a/c.md": OKR, "a.md": OKR, "README.md": "x"})
    seen: list[str] = []
    records = read_folder(
        root, max_mb=20, on_file=lambda path: seen.append(path.relative_to(root).as_posix())
    )
    assert seen == []
    next(records)
    assert seen == ["a.md"]
    list(records)
    assert seen == ["a.md", "b.md", "a/c.md"]


# --- who may see it ---------------------------------------------------------------------------

BROKEN = "plan.pdf:\n  audience: [a, b]\n"


def test_a_broken_manifest_keeps_the_documents_of_its_folder_back(
    folder: Callable[[Files], Path],
) -> None:
    root = folder(
        {
            "s/documents.yaml": BROKEN,
            "s/plan.pdf": printed("Secret."),
            "s/page.html": "<p>Secret.</p>",
            "s/notes.md": OKR,
            "s/ours.md": f"---\nkind: okrs\n---\n{OKR}",
            "s/rows.csv": OKR_CSV,
            "t/page.html": "<p>Open.</p>",
        }
    )
    records = everything(root)
    reason = (
        "s/documents.yaml:2: 'documents.yaml' cannot be used: at 'plan.pdf', 'audience' is not one "
        "plain value. The documents of this folder are not read, because this file decides who may "
        "see them. Mend it and read the folder again."
    )
    assert problems(records) == [
        ("error", reason),
        ("error", f"s/notes.md: {UNTRUSTED.format('notes.md')}"),
        ("error", f"s/page.html: {UNTRUSTED.format('page.html')}"),
        ("error", f"s/plan.pdf: {UNTRUSTED.format('plan.pdf')}"),
    ]
    assert {f for f, kind in kinds(records).items() if kind != "problem"} == {
        "s/ours.md",
        "s/rows.csv",
        "t/page.html",
    }


def test_a_single_file_obeys_the_manifest_beside_it(folder: Callable[[Files], Path]) -> None:
    root = folder({"documents.yaml": "p.html: {audience: board}", "p.html": "<p>Secret.</p>"})
    document = next(read_path(root / "p.html", max_mb=20))
    assert isinstance(document, StrategyDocument)
    assert document.audience == "board"
    (root / "documents.yaml").write_text(BROKEN)
    refusal, problem = read_path(root / "p.html", max_mb=20)
    assert "cannot be used: at 'plan.pdf'" in str(refusal)
    assert str(problem) == f"{root}/p.html: {UNTRUSTED.format('p.html')}"


@pytest.mark.parametrize(
    "manifest, reason",
    [
        pytest.param("", "'documents.yaml' is empty", id="empty"),
        pytest.param(b"a\x00b", "it holds binary data", id="binary"),
        pytest.param("x" * 300_000, "it is longer than 256000 characters", id="long"),
    ],
)
def test_a_manifest_that_is_no_manifest_is_refused(
    folder: Callable[[Files], Path], manifest: str | bytes, reason: str
) -> None:
    records = everything(folder({"documents.yaml": manifest, "p.html": "<p>x</p>"}))
    assert [text for _, text in problems(records)] == [
        f"documents.yaml: 'documents.yaml' cannot be used: {reason}. The documents of this folder "
        "are not read, because this file decides who may see them. Mend it and read the folder "
        "again.",
        f"p.html: {UNTRUSTED.format('p.html')}",
    ]


def test_two_manifests_are_one_too_many(folder: Callable[[Files], Path]) -> None:
    manifest = "p.html: {audience: everyone}"
    files: Files = {"Documents.yml": manifest, "documents.yaml": manifest, "p.html": "<p>x</p>"}
    first, *_ = problems(everything(folder(files)))
    assert first[1].startswith(
        "Documents.yml: 'Documents.yml' cannot be used: 'documents.yaml' stands beside it."
    )


def test_a_manifest_that_is_a_link_to_elsewhere_is_refused(
    folder: Callable[[Files], Path],
) -> None:
    root = folder({"p.html": "<p>x</p>"})
    (root.parent / "m.yaml").write_text("p.html: {audience: everyone}")
    (root / "documents.yaml").symlink_to(root.parent / "m.yaml")
    found = problems(everything(root))
    assert ("error", f"p.html: {UNTRUSTED.format('p.html')}") in found
    assert "it is a link that leaves the folder" in str(found)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {"documents.yaml": "audience: board", "a.csv": OKR_CSV}, id="a limited folder"
        ),
        pytest.param(
            {"documents.yaml": "a.csv: {audience: board}", "a.csv": OKR_CSV}, id="a listed table"
        ),
        pytest.param({"a.md": f"---\nkind: okrs\naudience: board\n---\n{OKR}"}, id="front matter"),
    ],
)
def test_okrs_that_someone_wants_to_limit_are_not_read(
    folder: Callable[[Files], Path], files: Files
) -> None:
    records = everything(folder(files))
    name = next(name for name in files if name.startswith("a."))
    assert problems(records) == [
        (
            "error",
            f"{name}: '{name}' is not read: it is declared like a document with an audience, but "
            "it would be read as OKRs, which everyone may see; take it out of documents.yaml, or "
            "move it to another folder.",
        )
    ]


def test_prose_in_a_limited_folder_is_a_document_for_that_audience(
    folder: Callable[[Files], Path],
) -> None:
    records = everything(folder({"documents.yaml": "audience: board", "a.md": PROSE}))
    assert [r.audience for r in records if isinstance(r, StrategyDocument)] == ["board"]


def test_a_renamed_document_does_not_lose_its_limits(folder: Callable[[Files], Path]) -> None:
    root = folder({"documents.yaml": "memo.html: {audience: board}", "memo2.html": "<p>x</p>"})
    assert kinds(everything(root)) == {"documents.yaml": "problem", "memo2.html": "problem"}


def test_a_document_whose_front_matter_is_broken_is_not_read(
    folder: Callable[[Files], Path],
) -> None:
    records = everything(folder({"a.md": f"---\naudience: board\n\n{PROSE}"}))
    assert problems(records) == [
        ("error", "a.md:1: 'a.md' is not read: its front matter has no closing '---' line.")
    ]


# --- encodings --------------------------------------------------------------------------------

WORDS = "Größere Flotten – schneller"


@pytest.mark.parametrize(
    "encoding, guessed",
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", None),
        ("utf-16-be", None),
        ("utf-32", None),
        ("cp1252", "cp1252"),
    ],
)
def test_okrs_are_read_in_any_encoding(
    folder: Callable[[Files], Path], encoding: str, guessed: str | None
) -> None:
    text = f"Objective,Key result\r\n{WORDS},Zeit von 9 auf 5 Tage\r\n"
    records = everything(folder({"a.csv": text.encode(encoding)}))
    assert [r.text for r in records if isinstance(r, ObjectiveRecord)] == [WORDS]
    note = f"a.csv: 'a.csv' is not UTF-8 and was read as {guessed}. If letters look wrong, save it "
    assert problems(records) == ([("info", f"{note}as UTF-8.")] if guessed else [])


@pytest.mark.parametrize(
    "encoding, text",
    [
        ("cp1251", "Снизить отток клиентов с 12 до 8 процентов к концу года"),
        ("cp932", "顧客の解約率を十二から八に下げる。新しい市場には参入しない。"),
        ("cp1252", "It’s €5 – naïve"),
    ],
)
def test_other_scripts_are_recognised(encoding: str, text: str) -> None:
    many = f"{text}\n" * 3000
    assert decode(many.encode(encoding)) == (many, encoding, True)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1))
def test_utf_8_is_always_read_as_it_was_written(text: str) -> None:
    if text[0] == "\ufeff":
        text = text[1:]
    assert decode(text.encode()).text == text
    assert decode(text.encode("utf-8-sig")).text == text


@pytest.mark.parametrize("data", [b"\x80\x81\x90\x01\x02", b"a\x00b", b"\xff\xfe\x00"])
def test_what_is_no_text_is_not_made_into_some(data: bytes) -> None:
    with pytest.raises(NotText):
        decode(data)


# --- any bytes at all -------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(str.encode),
        st.binary(max_size=200).map(lambda tail: b"---\naudience: x\n---\n" + tail),
        st.binary(max_size=200).map(lambda tail: b"%PDF-1.4\n1 0 obj\n" + tail),
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
    )
)
def test_arbitrary_bytes_never_raise(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / f"fuzz{suffix}"
    path.write_bytes(data)
    for record in read_path(path, max_mb=20):
        assert record.location is not None
        assert record.location.file == path.as_posix()
    try:
        for record in read_draft_file(path, max_mb=20):
            assert not isinstance(record, StrategyDocument)
    except InputError as error:
        assert str(error).startswith(f"'{path}' ")


# --- drafts -----------------------------------------------------------------------------------


def objectives(records: Iterator[Record]) -> list[ObjectiveRecord]:
    return [record for record in records if isinstance(record, ObjectiveRecord)]


DRAFTS: dict[str, str | bytes] = {
    "draft.md": OKR,
    "draft": OKR,
    "strategy/draft.md": f"---\nkind: strategy\naudience: board\n---\n{OKR}",
    "plain.md": OKR_TEXT,
    "draft.txt": OKR_TEXT,
    "draft.yaml": OKR_YAML,
    "draft.json": OKR_JSON,
    "draft.csv": OKR_CSV,
    "draft.xlsx": workbook(),
    "draft.docx": word(
        ("Normal", "Draft of the service team"),
        ("Normal", "Objective: Hauliers get one repair date"),
        ("Normal", "KR1: Repairs on the promised day from 64 % to 82 %"),
    ),
    "draft.pdf": printed("Objective: Hauliers get one repair date", "KR1: Repair time to 5 days"),
    "draft.html": "<p>Objective: Hauliers get one date</p>\n\n<p>KR1: Repair time to 5 days</p>",
}


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_is_read_as_okrs_in_every_format(
    folder: Callable[[Files], Path], name: str
) -> None:
    path = folder({name: DRAFTS[name]}) / name
    (objective,) = objectives(read_draft_file(path, max_mb=20))
    assert objective.text.startswith("Hauliers get one")
    assert objective.location.file == path.as_posix()


def test_a_draft_in_word_keeps_its_places(folder: Callable[[Files], Path]) -> None:
    path = folder({"draft.docx": DRAFTS["draft.docx"]}) / "draft.docx"
    (objective,) = objectives(read_draft_file(path, max_mb=20))
    file = path.as_posix()
    assert objective.location == Location(file=file, line=2)
    assert [item.location for item in objective.key_results] == [Location(file=file, line=3)]


def test_a_draft_in_a_pdf_keeps_its_page(folder: Callable[[Files], Path]) -> None:
    path = folder({"draft.pdf": DRAFTS["draft.pdf"]}) / "draft.pdf"
    (objective,) = objectives(read_draft_file(path, max_mb=20))
    assert objective.location == Location(file=path.as_posix(), page=1)


def test_pasted_text_may_be_markdown_or_plain() -> None:
    for text in (OKR, OKR_TEXT, OKR.replace("\n", "\r\n"), "\ufeff" + OKR):
        (objective,) = objectives(read_draft_text(text, "draft"))
        assert (objective.text, objective.location) == (
            "Hauliers get one repair date",
            Location(file="draft", line=1),
        )


@pytest.mark.parametrize(
    "name, content, message",
    [
        pytest.param("d.md", None, "There is no file '{0}'.", id="missing"),
        pytest.param("", None, "'{0}' is a folder. Name one file with the draft.", id="folder"),
        pytest.param("d.md", "", "'{0}' is empty: there is nothing to review.", id="empty"),
        pytest.param("d.md", " \n", "'{0}' is empty: there is nothing to review.", id="blank"),
        pytest.param(
            "d.csv",
            b"\x00\x01\x02\xff",
            "'{0}' is named .csv but holds binary data. Export it as text, or give it the name "
            "that fits.",
            id="binary",
        ),
        pytest.param(
            "d.md",
            "a" * 300_000,
            "'{0}' is 0.3 MB; the limit is 0.2 MB. Split it, or raise OKR_MAX_INPUT_MB.",
            id="too large",
        ),
        pytest.param("d.odt", "x", LISTED, id="another format"),
    ],
)
def test_a_draft_that_cannot_be_read_is_an_input_error(
    folder: Callable[[Files], Path], name: str, content: str | bytes | None, message: str
) -> None:
    path = folder({} if content is None else {name: content}) / name
    with pytest.raises(InputError) as caught:
        read_draft_file(path, max_mb=0.2)
    assert str(caught.value) == message.format(path)


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "'draft.md' is empty: there is nothing to review."),
        (" \n\t", "'draft.md' is empty: there is nothing to review."),
        (
            "a\x00b",
            "'draft.md' is named .md but holds binary data. Export it as text, or give it the name "
            "that fits.",
        ),
    ],
)
def test_pasted_text_that_is_nothing_is_an_input_error(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_draft_text(text)
    assert str(caught.value) == message


def test_a_damaged_draft_says_what_to_do(folder: Callable[[Files], Path]) -> None:
    path = folder({"d.docx": b"PK\x03\x04"}) / "d.docx"
    assert problems(list(read_draft_file(path, max_mb=20))) == [
        (
            "error",
            f"{path}: 'd.docx' is not read: it is not a complete Word file; open it in a word "
            "processor and save it again.",
        )
    ]
