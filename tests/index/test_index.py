"""Opening an index: none yet, locked, unfinished, damaged, of another model, read-only."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from assistant.errors import ConfigurationError, IndexUnavailable
from assistant.index import Index
from assistant.index import index as index_module
from assistant.index.entries import entries
from assistant.index.scope import Scope
from assistant.models import Objective, Organisation
from assistant.settings import Settings

Open = Callable[..., Index]
REBUILD = "Run `okr index --rebuild FOLDER` to make it anew."

ALL = Scope(frozenset({"everyone", "leadership"}))


@pytest.fixture
def filled(open_index: Open, organisation: Organisation) -> Path:
    """The folder of an index that holds the organisation."""
    with open_index() as index:
        index.sync(organisation)
    return Path(".okr/index")


def refusal(run: Callable[[], object]) -> str:
    """The sentence with which the index refuses."""
    with pytest.raises(IndexUnavailable) as raised:
        run()
    return str(raised.value)


def test_there_is_none_yet(open_index: Open) -> None:
    assert refusal(lambda: open_index(writable=False)) == (
        "There is no index in '.okr' yet. Run `okr index FOLDER` first."
    )
    assert not Path(".okr").exists()


def test_opening_loads_neither_chroma_nor_the_model(filled: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from assistant.index import Index;"
        "from assistant.settings import Settings;"
        "index = Index.open(Settings(home=Path('.okr')), writable=True); index.close();"
        "print(sorted({'chromadb', 'onnxruntime', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_second_writer_is_kept_out(
    filled: Path, open_index: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "_PATIENCE", 0.05)
    with open_index():
        sentence = refusal(open_index)
    assert sentence == (
        "The index in '.okr' is being written by another process. Try again when it has finished."
    )


def test_a_writer_in_another_process_is_kept_out(
    filled: Path, open_index: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "_PATIENCE", 0.05)
    holder = (
        "from filelock import FileLock; lock = FileLock('.okr/index/lock'); lock.acquire();"
        "print('held', flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert "is being written by another process" in refusal(open_index)
    finally:
        process.kill()
        process.communicate()
    with open_index() as index:
        assert index.summary().embedder == "letters"


def test_the_lock_is_let_go_when_opening_fails(filled: Path, open_index: Open) -> None:
    (filled / "records.sqlite").write_bytes(b"garbage" * 1000)
    for _ in range(2):
        assert "is damaged" in refusal(open_index)


def test_readers_do_not_disturb_each_other(filled: Path, open_index: Open, letters: Any) -> None:
    with open_index(writable=False) as one, open_index(writable=False) as other:
        query = letters.embed(["Tickets bought online from 30 % to 55 %"])
        assert one.nearest(query, ALL, 1) == other.nearest(query, ALL, 1)
        assert one.nearest(query, ALL, 1)[0][0][0] == "kr-online"


def test_threads_may_share_a_reader(filled: Path, open_index: Open, letters: Any) -> None:
    found: list[str] = []

    def ask(index: Index) -> None:
        for _ in range(20):
            query = letters.embed(["Late departures before nine from 14 % to 4 %"])
            found.append(index.nearest(query, ALL, 1)[0][0][0])
            found.extend(index.matching("departures", ALL, 1))

    with open_index(writable=False) as index:
        threads = [Thread(target=ask, args=(index,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["kr-late"] * 160


def test_an_open_reader_sees_what_another_process_writes(
    filled: Path, letters: Any, tmp_path: Path, minilm: Any, organisation: Organisation
) -> None:
    settings = Settings(home=Path(".okr"))
    with Index.open(settings, writable=True, embedder=minilm) as index:
        index.sync(organisation)
    smaller = organisation.model_copy(
        update={"objectives": (Objective(id="obj-new", text="Skippers train at sea"),)}
    )
    (tmp_path / "smaller.json").write_text(smaller.model_dump_json())
    script = (
        "from pathlib import Path; from assistant.index import Index;"
        "from assistant.models import Organisation; from assistant.settings import Settings\n"
        "with Index.open(Settings(home=Path('.okr')), writable=True) as index:\n"
        "    index.sync(Organisation.model_validate_json(Path('smaller.json').read_text()))"
    )
    with Index.open(settings, writable=False, embedder=minilm) as reader:
        query = minilm.embed(["Skippers train at sea"])
        before = reader.nearest(query, ALL, 20)[0]
        subprocess.run([sys.executable, "-c", script], check=True)
        after = reader.nearest(query, ALL, 20)[0]
    assert "obj-new" not in dict(before)
    assert after[0][0] == "obj-new"
    assert "obj-ticket" not in dict(after)


def test_a_run_that_did_not_end_is_not_read(
    open_index: Open, letters: Any, organisation: Organisation
) -> None:
    letters.embed = lambda _: (_ for _ in ()).throw(KeyboardInterrupt)
    with open_index() as index, pytest.raises(KeyboardInterrupt):
        index.sync(organisation)
    assert refusal(lambda: open_index(writable=False)) == (
        "The index in '.okr' is unfinished, because the last run was interrupted. "
        "Run `okr index FOLDER` again: it goes on where it stopped."
    )
    with open_index():
        assert "is being written" in refusal(lambda: open_index(writable=False))


def test_another_model_than_the_one_it_was_made_with(
    filled: Path, open_index: Open, make_letters: Callable[..., Any]
) -> None:
    other = make_letters("runes")
    assert refusal(lambda: open_index(writable=False, embedder=other)) == (
        "The index in '.okr' was made with the embedder 'letters', but 'runes' is configured. "
        "Run `okr index FOLDER` to embed it again, or change OKR_EMBEDDER back."
    )


def test_another_chroma_than_the_one_that_holds_the_vectors(filled: Path, letters: Any) -> None:
    settings = Settings(home=Path(".okr"), chroma_url="http://localhost:8000/")
    assert refusal(lambda: Index.open(settings, writable=False, embedder=letters)) == (
        "The vectors of the index in '.okr' lie in its own folder, but the Chroma server at "
        "http://localhost:8000 is configured. Run `okr index FOLDER` to move them, "
        "or change OKR_CHROMA_URL back."
    )


def test_an_index_of_another_version(filled: Path, open_index: Open) -> None:
    connection = sqlite3.connect(filled / "records.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for writable in (False, True):
        assert refusal(lambda writable=writable: open_index(writable=writable)) == (
            f"The index in '.okr' was made by another version of okr. {REBUILD}"
        )


def test_a_run_that_died_before_its_first_table(
    open_index: Open, organisation: Organisation
) -> None:
    Path(".okr/index").mkdir(parents=True)
    Path(".okr/index/records.sqlite").touch()
    assert "is unfinished" in refusal(lambda: open_index(writable=False))
    with open_index() as index:
        assert index.sync(organisation).added == 8


def test_garbage_in_the_records(filled: Path, open_index: Open, organisation: Organisation) -> None:
    (filled / "records.sqlite").write_bytes(b"garbage" * 1000)
    for writable in (False, True):
        assert refusal(lambda writable=writable: open_index(writable=writable)) == (
            f"The index in '.okr' is damaged (file is not a database). {REBUILD}"
        )
    with open_index(rebuild=True) as index:
        assert index.sync(organisation).added == 8
        assert index.vectors(["kr-late"]).shape == (1, 24)


def test_garbage_in_chroma(
    filled: Path, open_index: Open, letters: Any, organisation: Organisation
) -> None:
    (found,) = filled.glob("chroma-*/chroma.sqlite3")
    found.write_bytes(b"garbage" * 5000)
    with open_index(writable=False) as index:
        sentence = refusal(lambda: index.nearest(letters.embed(["x"]), ALL, 3))
    assert sentence == (
        "The index in '.okr' is damaged (error returned from database: (code: 26) "
        f"file is not a database). {REBUILD}"
    )
    with open_index(rebuild=True) as index:
        index.sync(organisation)
        assert len(index.nearest(letters.embed(["x"]), ALL, 3)[0]) == 3
    assert len([*filled.glob("chroma-*")]) == 1


def test_a_chroma_folder_that_is_gone(filled: Path, open_index: Open, letters: Any) -> None:
    (found,) = filled.glob("chroma-*")
    shutil.rmtree(found)
    with open_index(writable=False) as index:
        assert REBUILD in refusal(lambda: index.nearest(letters.embed(["x"]), ALL, 3))


def test_lost_vectors_are_noticed_although_chroma_does_not_complain(
    open_index: Open, letters: Any
) -> None:
    many = Organisation(
        objectives=tuple(Objective(id=f"obj-{at}", text=f"Goal {at}") for at in range(1200))
    )
    with open_index() as index:
        index.sync(many)
    for folder in Path(".okr/index").glob("chroma-*/*/"):
        shutil.rmtree(folder)
    with open_index(writable=False) as index:
        sentence = refusal(lambda: index.nearest(letters.embed(["x"]), ALL, 300))
    assert sentence.startswith("The index in '.okr' is damaged (")


def test_a_rebuild_makes_everything_anew(
    filled: Path, open_index: Open, letters: Any, organisation: Organisation
) -> None:
    letters.asked.clear()
    with open_index(rebuild=True) as index:
        assert index.sync(organisation).added == 8
    assert letters.asked == ["a first text", *(item.embedded for item in entries(organisation))]


def test_a_reader_cannot_write(filled: Path, open_index: Open, organisation: Organisation) -> None:
    with open_index(writable=False) as index:
        sentence = refusal(lambda: index.sync(organisation))
    assert sentence == (
        "The index in '.okr' cannot be written (it was opened for reading). "
        "Name a folder where you may write with OKR_HOME."
    )


def test_a_home_that_cannot_be_a_folder(settings: Settings, letters: Any) -> None:
    Path(".okr").write_text("a file is in the way")
    assert refusal(lambda: Index.open(settings, writable=True, embedder=letters)) == (
        "The index in '.okr' cannot be written (Not a directory). "
        "Name a folder where you may write with OKR_HOME."
    )


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://me:secret@host:1"])
@pytest.mark.parametrize("writable", [True, False], ids=["writer", "reader"])
def test_an_address_that_is_none(filled: Path, letters: Any, url: str, writable: bool) -> None:
    wrong = Settings(home=Path(".okr"), chroma_url=url)
    with pytest.raises(ConfigurationError) as raised:
        Index.open(wrong, writable=writable, embedder=letters)
    assert str(raised.value) == (
        "OKR_CHROMA_URL is no address of a Chroma server. "
        "It should look like http://localhost:8000."
    )


READ_ONLY = """
import os, sys
from pathlib import Path
from assistant.index import Index
from assistant.models import Objective, Organisation
from assistant.retrieve import search
from assistant.settings import Settings

home = Path(sys.argv[1])
settings = Settings(home=home)
everyone = frozenset({"everyone"})
whole = Organisation(name="Larkmoor", objectives=(Objective(id="obj-1", text="Ferries sail"),))
with Index.open(settings, writable=True) as index:
    index.sync(whole)
    assert search(index, "ferries", audiences=everyone)
for path in sorted(home.rglob("*"), reverse=True):
    path.chmod(0o555 if path.is_dir() else 0o444)
home.chmod(0o555)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
with Index.open(settings, writable=False) as index:
    print(index.organisation().name)
    try:
        search(index, "ferries", audiences=everyone)
    except Exception as error:
        print(str(error).replace(str(home), "HOME"))
try:
    Index.open(settings, writable=True)
except Exception as error:
    print(str(error).replace(str(home), "HOME"))
"""


def test_a_read_only_folder_shows_its_nouns_and_explains_the_rest() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        try:
            done = subprocess.run(
                [sys.executable, "-c", READ_ONLY, home], capture_output=True, text=True, check=True
            )
        finally:
            for path in (home, *home.rglob("*")):
                path.chmod(0o755)
    assert done.stdout.splitlines() == [
        "Larkmoor",
        "The index in 'HOME' cannot be searched because its folder is read-only: Chroma writes "
        "there even to read. Copy the folder to where you may write and name it with OKR_HOME, "
        "or keep the vectors in a Chroma server (OKR_CHROMA_URL).",
        "The index in 'HOME' cannot be written (Permission denied). "
        "Name a folder where you may write with OKR_HOME.",
    ]


def test_the_exact_answer_stands_in_where_the_approximate_one_is_short(
    filled: Path, open_index: Open, letters: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_index(writable=False) as index:
        query = letters.embed(["Cancelled winter crossings from 22 to 10"])
        full = index.nearest(query, ALL, 8)
        vectors = index._fresh_vectors()
        monkeypatch.setattr(vectors, "nearest", lambda *_: [[]])
        exact = index.nearest(query, ALL, 8)
    assert [key for key, _ in exact[0]] == [key for key, _ in full[0]]
    np.testing.assert_allclose(
        [cosine for _, cosine in exact[0]], [cosine for _, cosine in full[0]], atol=1e-5
    )


def test_a_file_named_env_does_not_steer_chroma(filled: Path, open_index: Open) -> None:
    Path(".env").write_text("CHROMA_API_IMPL=elsewhere\n")
    with open_index(writable=False) as index:
        assert index.vectors(["kr-late"]).shape == (1, 24)
