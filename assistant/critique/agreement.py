"""Brings together what the local critic and the language model say about one draft.

Pure. Nothing that the local critic has found is taken away here. Where both found the same, one
finding remains and says so; where one was silent although it was asked, the finding says that too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from assistant.models import Evidence, Finding, SecondOpinion


def brought_together(
    local: Sequence[Finding],
    said: Sequence[Finding],
    *,
    asked: Collection[str],
    decided: Collection[str],
    full: bool = False,
) -> tuple[Finding, ...]:
    """The findings of both, each rule on each element once.

    Args:
        local: findings of the local critic.
        said: verified findings of the language model.
        asked: codes of the rules that the model was asked about and has answered.
        decided: codes of the rules that the local critic has applied to this draft.
        full: whether the model made as many remarks as it may, so that its silence means nothing.

    Returns:
        The local findings in their order, then what the model alone has found.
    """
    theirs: dict[tuple[str, str], Finding] = {}
    for item in said:
        theirs.setdefault((item.rule, item.on), item)
    silent = () if full else asked
    ours = {(item.rule, item.on) for item in local}
    return (
        *(_with_theirs(item, theirs.get((item.rule, item.on)), silent) for item in local),
        *(_alone(item, decided) for item in said if (item.rule, item.on) not in ours),
    )


def _with_theirs(own: Finding, theirs: Finding | None, silent: Collection[str]) -> Finding:
    if theirs is None:
        if own.rule not in silent:
            return own
        return _with(own, SecondOpinion(by="llm", says="silent"))
    agreed = _with(own, SecondOpinion(by="llm", says="agrees", words=theirs.message))
    return agreed.model_copy(
        update={
            "rewrite": own.rewrite or theirs.rewrite,
            "evidence": tuple(_distinct((*own.evidence, *theirs.evidence))),
        }
    )


def _alone(theirs: Finding, decided: Collection[str]) -> Finding:
    if theirs.rule not in decided:
        return theirs
    return _with(theirs, SecondOpinion(by="rule", says="silent"))


def _with(finding: Finding, opinion: SecondOpinion) -> Finding:
    return finding.model_copy(update={"opinions": (*finding.opinions, opinion)})


def _distinct(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    return {(item.kind, item.id, item.quote): item for item in evidence}.values()
