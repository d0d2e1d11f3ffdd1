"""What the page calls things, where people write OKRs and do not administer rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.analyse.worklist import WorkItem
from assistant.errors import InputError
from assistant.models import NotChecked, Severity
from assistant.report.words import SEVERITY_MARKS
from assistant.rules import find_rule

SIGNS: Mapping[Severity, str] = SEVERITY_MARKS
"""A sign beside the colour, so that no meaning hangs on colour alone."""

LABELS: Mapping[Severity, str] = {"error": "Fix first", "warning": "Look again", "info": "Note"}
"""How grave a finding is, in words."""


_HERE: Mapping[str, str] = {
    "or with --parent": "or choose it under Serves",
    "Choose another one with --profile; `okr profiles` lists them.": "Choose another one above; "
    "the Method tab says what is in each.",
    "`okr explain CODE` has the question for the rest": "the Method tab has the question for the "
    "rest",
    "dismiss the finding with `okr dismiss`": "set the remark aside",
    "`okr explain CODE` has the question to ask": "the Method tab has the question to ask",
    "scan with --llm-budget 200, so that the language model reads": "allow it questions beside "
    "Scan, so that the language model reads",
    "Scan team by team with --team.": "Choose a team beside Scan, and scan team by team.",
    "Put the documents into the folder and run `okr index`, or name your --audience.": "Add the "
    "documents on the Strategy tab and index again.",
}
"""What a sentence says of commands, and what it says on the page."""

_FOLDERS = re.compile(r"'[^']*/(?=[^'/]+\.ya?ml')")
"""What stands before the name of a profile's file; folders of the server are not for visitors."""


def rule_title(code: str) -> str:
    """The title of a rule; its code where the catalogue has no such rule."""
    try:
        return find_rule(code).title
    except InputError:
        return code


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 finding``, ``2 findings``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def gaps(
    not_checked: Iterable[NotChecked], model: str | None, *, reading: bool
) -> Iterator[NotChecked]:
    """What was not checked, with what helps on this page in place of commands.

    Args:
        not_checked: as the review has it.
        model: the language model, if one is configured.
        reading: whether it is at work.
    """
    for item in not_checked:
        if item.what == "LLM critique" and model:
            if not reading:
                why, how = f"{model} has not read the draft as it is now", "Press Review."
                yield item.model_copy(update={"why": why, "how": how})
            continue
        why, how = without_folders(item.why), here(item.how)
        if how.startswith("There is no index in"):
            how = "Files are added on the Strategy tab and indexed there."
        yield item.model_copy(update={"why": why, "how": how})


def here(how: str) -> str:
    """What to do, in a sentence, by means of the page where it names a command."""
    for command, instead in _HERE.items():
        how = how.replace(command, instead)
    return how[:1].upper() + how[1:]


def without_folders(sentence: str) -> str:
    """The sentence, naming the file of a profile without the folders of the server."""
    return _FOLDERS.sub("'", sentence)


def task_title(item: WorkItem) -> str:
    """What a line of the worklist is about: ``Drift``, ``2 remarks on the wording: …``."""
    titles = list(dict.fromkeys(rule_title(finding.rule) for finding in item.findings))
    if item.wording and len(item.findings) > 1:
        remarks = counted(len(item.findings), "remark")
        return f"{remarks} on the wording: {', '.join(titles)}"
    return titles[0] if len(item.findings) == 1 else f"{titles[0]}, {len(item.findings)} findings"
