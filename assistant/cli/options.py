"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How an outcome is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    SARIF = "sarif"


class FailOn(StrEnum):
    """From which severity on the exit status is 1."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    NEVER = "never"


Home = Annotated[
    Path | None, typer.Option(help="Folder of the index and the history [default: .okr].")
]
Audience = Annotated[
    str | None, typer.Option(help="Audiences whose documents you may see, comma-separated.")
]
Team = Annotated[str | None, typer.Option(help="Team, where the draft names none.")]
Cycle = Annotated[str | None, typer.Option(help="Cycle, where the draft names none.")]
Parent = Annotated[
    str | None, typer.Option(help="Objective it serves, where the draft names none.")
]
Context = Annotated[
    bool, typer.Option("--context/--no-context", help="Look up parents, peers, strategy.")
]
Llm = Annotated[bool, typer.Option("--llm/--no-llm", help="Ask the language model, if configured.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")]
Fail = Annotated[FailOn, typer.Option(help="Exit with 1 from this severity on.")]
Profile = Annotated[
    str | None, typer.Option(help="Which rules are on: a name from `okr profiles`, or a file.")
]
Baseline = Annotated[
    Path | None, typer.Option(help="Findings in this file are known and do not count.")
]
WriteBaseline = Annotated[
    Path | None, typer.Option(help="Put the findings into this file, and exit with 0.")
]
Form = Annotated[Format, typer.Option("--format", "-f", help="How to write the outcome.")]
OfflineAnswers = Annotated[
    list[Path] | None,
    typer.Option(
        "--offline-answer",
        help="Take a model's answer from this file; once for each question, in their order.",
    ),
]
