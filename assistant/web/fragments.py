"""Renders the templates of the web app; everything that is filled in is escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from assistant.language.blanks import find_blanks
from assistant.models import shortened
from assistant.report import words
from assistant.report.pictures.marks import HOP_WORDS, MARKS, ROOT_WORDS
from assistant.report.templating import open_templates
from assistant.web.words import LABELS, SIGNS, counted, rule_title, task_title, without_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

    from assistant.models import Finding


def fragment(name: str, **values: object) -> str:
    """The template ``NAME.html.j2``, filled in.

    Args:
        name: of the template, without its suffix.
        values: what it is filled with; a name that the template needs and lacks is an error.
    """
    return _environment().get_template(f"{name}.html.j2").render(values).strip()


def notice(sentence: str, *, tone: str = "plain") -> str:
    """One sentence for whoever looks at the page; ``tone`` is ``plain`` or ``error``."""
    return fragment("notice", sentence=without_folders(sentence), tone=tone)


def around_blanks(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a blank that the team fills in."""
    at = 0
    for blank in find_blanks(text):
        yield text[at : blank.start], False
        yield blank.text, True
        at = blank.end
    yield text[at:], False


def agreed(finding: Finding) -> bool:
    """Whether a language model agrees with what the rules found."""
    return any(item.by == "llm" and item.says == "agrees" for item in finding.opinions)


@cache
def _environment() -> Environment:
    environment = open_templates("assistant.web")
    environment.globals.update(
        signs=SIGNS,
        labels=LABELS,
        rule_title=rule_title,
        around_blanks=around_blanks,
        agreed=agreed,
        agreement_line=words.agreement_line,
        counted=counted,
        task_title=task_title,
        marks=MARKS,
        hop_words=HOP_WORDS,
        root_words=ROOT_WORDS,
        slot_marks=words.SLOT_MARKS,
        citation_line=words.citation_line,
        edge_line=words.edge_line,
        element_name=words.element_name,
        llm_line=words.llm_line,
        opinion_lines=words.opinion_lines,
        outcome_line=words.outcome_line,
        peer_line=words.peer_line,
        reach_line=words.reach_line,
        scope_line=words.scope_line,
        side=words.side,
        suppressed_line=words.suppressed_line,
        shortened=shortened,
    )
    return environment
