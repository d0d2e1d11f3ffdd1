"""Lists the English words that the detector of unreadable text knows: `python -m evals.training.words`.

Whole words of the vocabulary of all-MiniLM-L6-v2 (Apache-2.0), without those that our lists call
foreign, and the words of the train split that stand in drafts of at least two organisations.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import assistant.index.onnx
import assistant.language.words
from assistant.language.words import load
from evals.cases import CASES, DraftCase, read_cases

_WORD = re.compile(r"[a-z]{3,}")
_LINE = 96
_HEAD = """\
# English words, for telling text from gibberish. Made by `python -m evals.training.words` from the
# vocabulary of all-MiniLM-L6-v2 (Apache-2.0) and the train split of our drafts; do not edit.

[words]
"""


def main() -> None:
    """Write the list."""
    languages = load("languages")
    foreign = {word for code, words in languages.items() if code != "en" for word in words}
    words = ({*_vocabulary()} - foreign) | {*_drafts()} | {*languages["en"]}
    path = Path(assistant.language.words.__file__).parent / "data" / "english.txt"
    chosen = sorted(word for word in words if _WORD.fullmatch(word))
    path.write_text(_HEAD + "".join(f"{line}\n" for line in _lines(chosen)), encoding="utf-8")
    print(f"{len(chosen)} words in {path}")


def _vocabulary() -> Iterator[str]:
    folder = Path(assistant.index.onnx.__file__).parent / "minilm"
    content = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    yield from content["model"]["vocab"]


def _drafts() -> Iterator[str]:
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for case in read_cases(CASES / "drafts" / "train", DraftCase):
        for text in (case.objective, *case.key_results):
            for word in _WORD.findall(text.lower()):
                seen[word].add(case.id.rsplit("-", 1)[0])
    yield from (word for word, organisations in seen.items() if len(organisations) > 1)


def _lines(words: list[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) + 2 > _LINE:
            yield line
            line = ""
        line = f"{line}, {word}" if line else word
    yield line


if __name__ == "__main__":
    main()
