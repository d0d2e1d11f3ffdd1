"""Other words for an element, and summaries for leadership, as Markdown. Texts are escaped."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.critique.rewriting import Proposal, Reworking
from assistant.critique.summary import LeadershipSummary
from assistant.models import NotChecked
from assistant.report.markdown import escape
from assistant.report.words import element_name, llm_line


def render_reworking(reworking: Reworking) -> str:
    """The proposals with what each settles, leaves and asks of the team."""
    lines = [f"## Other words for the {element_name(reworking.on)}", ""]
    lines += [f"As it stands: {escape(reworking.original)}", ""]
    for number, proposal in enumerate(reworking.proposals, start=1):
        lines.extend(_proposal(number, proposal))
    if not reworking.proposals:
        lines += ["There is no proposal.", ""]
    if reworking.invented:
        lines += [f"Invented numbers that were taken out: {reworking.invented}.", ""]
    lines.extend(_not_checked(reworking.not_checked))
    if reworking.use:
        lines.append(escape(llm_line(reworking.use)))
    return "\n".join(lines).rstrip() + "\n"


def render_summary(summary: LeadershipSummary) -> str:
    """The summary; each point with the findings that it rests on."""
    lines = [f"# {escape(summary.headline)}", ""] if summary.headline else []
    for point in summary.points:
        lines.append(f"- {escape(point.text)}")
        for finding in point.findings:
            where = f", {finding.location}" if finding.location else ""
            about = f"{finding.rule} {finding.slug}{where}, {finding.fingerprint}"
            lines.append(f"  - {escape(about)}")
    if summary.points:
        lines.append("")
    if summary.question:
        lines += [f"**For you to decide:** {escape(summary.question)}", ""]
    if summary.left_out:
        lines += [f"{summary.left_out} lighter findings were left out for space.", ""]
    if summary.dropped:
        lines += [f"{summary.dropped} points were dropped, as they rest on no finding.", ""]
    lines.extend(_not_checked(summary.not_checked))
    if summary.use:
        lines.append(escape(llm_line(summary.use)))
    return "\n".join(lines).rstrip() + "\n"


def _proposal(number: int, proposal: Proposal) -> Iterator[str]:
    by = "local critic" if proposal.source == "rule" else "language model"
    yield f"{number}. **{escape(proposal.text)}** ({by})"
    if proposal.because:
        yield f"   - {escape(proposal.because)}"
    if proposal.settles:
        yield f"   - The local critic no longer remarks {', '.join(proposal.settles)}."
    if proposal.claims:
        yield f"   - The model says that it settles {', '.join(proposal.claims)}."
    if proposal.leaves:
        yield f"   - The local critic still remarks {', '.join(proposal.leaves)}."
    if proposal.blanks:
        blanks = "one blank" if proposal.blanks == 1 else f"{proposal.blanks} blanks"
        yield f"   - You fill in {blanks}."
    yield ""


def _not_checked(items: tuple[NotChecked, ...]) -> Iterator[str]:
    if not items:
        return
    yield "### Not done"
    yield ""
    yield from (f"- {escape(f'{item.what}: {item.why}. {item.how}')}" for item in items)
    yield ""
