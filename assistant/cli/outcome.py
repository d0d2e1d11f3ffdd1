"""What commands do with an outcome: write it, hold it against a baseline, choose the exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from assistant.cli.console import make_console
from assistant.cli.options import FailOn, Format
from assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import RenderableType

    from assistant.models import Finding, Problem, Review, Scan
    from assistant.triage.baseline import Outcome


def write_outcome(
    form: Format,
    output: Path | None,
    as_text: Callable[[], RenderableType],
    as_document: Callable[[Format], str],
) -> None:
    """Print an outcome, or write it to a file.

    Args:
        form: how.
        output: where; None is standard output.
        as_text: makes what a terminal shows.
        as_document: makes any other form.

    Raises:
        InputError: the file cannot be written.
    """
    if form is Format.TEXT and output is None:
        make_console().print(as_text())
        return
    content = _captured(as_text()) if form is Format.TEXT else as_document(form)
    if output is None:
        sys.stdout.write(content if content.endswith("\n") else content + "\n")
        return
    write_file(output, content)


def _captured(shown: RenderableType) -> str:
    from rich.console import Console

    console = Console(width=100, color_system=None)
    with console.capture() as captured:
        console.print(shown)
    return captured.get()


def expect_folder(output: Path | None) -> None:
    """Refuse a file that cannot be written before the work for it begins.

    Raises:
        InputError: its folder does not exist, or it is a folder itself.
    """
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        reason = "it is a folder" if output.is_dir() else "its folder does not exist"
        raise InputError(f"'{output}' cannot be written: {reason}. Choose another --output.")


def write_file(path: Path, content: str) -> None:
    """Write a whole file.

    Raises:
        InputError: it cannot be written.
    """
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"'{path}' cannot be written: {error.strerror}. Choose another --output."
        ) from None


def known_in(outcome: Outcome, path: Path | None, *, everything: bool = False) -> Outcome:
    """The outcome with those findings marked that a baseline file knows."""
    if path is None:
        return outcome
    from assistant.triage.baseline import compare, read_baseline

    return compare(outcome, read_baseline(path), path, everything=everything)


def keep_baseline(outcome: Review | Scan, path: Path, *, everything: bool = False) -> None:
    """Put the findings into a baseline file; ``everything`` if all was looked at."""
    from assistant.triage.baseline import write_baseline

    number = write_baseline(path, outcome, everything=everything)
    make_console(stderr=True).print(
        f"{number} findings are known now: {path}.", markup=False, highlight=False, soft_wrap=True
    )


def exit_on_problems(problems: tuple[Problem, ...]) -> None:
    """Exit with 2 if something could not be read."""
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(2)


def exit_on_findings(findings: tuple[Finding, ...], fail_on: FailOn) -> None:
    """Exit with 1 if a finding that is not known is at least so grave."""
    from assistant.report.words import at_or_above

    new = [finding for finding in findings if not finding.known]
    if fail_on is not FailOn.NEVER and at_or_above(new, fail_on.value):  # type: ignore[arg-type]
        raise typer.Exit(1)
