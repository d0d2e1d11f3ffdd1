"""The first use case: one draft in, an evidence-backed review out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.analyse.draft import checked, undecided
from assistant.analyse.legible import disguised, legible, unjudged
from assistant.analyse.rewrites import Checked, proven
from assistant.errors import IndexUnavailable, InputError, ModelUnavailable
from assistant.models import (
    Finding,
    LlmUse,
    NotChecked,
    Noun,
    Objective,
    ObjectiveReview,
    Organisation,
    Problem,
    Review,
    shortened,
)
from assistant.profiles import Profile
from assistant.profiles import load as load_profile
from assistant.rules.base import Limits, Rule, Subject
from assistant.sources.assemble import assemble_draft
from assistant.sources.read import read_draft_file, read_draft_text
from assistant.triage import Looked, triage

if TYPE_CHECKING:
    from assistant.critique.critic import CritiqueOutcome
    from assistant.index import Index
    from assistant.learned.scores import Scores
    from assistant.settings import Settings
    from assistant.sources.records import Record
    from assistant.triage import Triaged

Tell = Callable[[str], None]
"""Takes one sentence about what happens now."""

_SetKey = tuple[str | None, str | None]
"""Team and cycle: the objectives that share both are siblings."""


class ReviewOptions(Noun):
    """What the person asks of one review.

    Attributes:
        team: name of the team, where the draft does not say it.
        cycle: name of the cycle, where the draft does not say it.
        parent: key, id or text of the objective that is served, where the draft does not say it.
        context: whether parents, peers and strategy are looked up.
        llm: whether the language model is asked, if one is configured.
    """

    team: str | None = None
    cycle: str | None = None
    parent: str | None = None
    context: bool = True
    llm: bool = True


def review_file(
    path: Path, settings: Settings, options: ReviewOptions | None = None, tell: Tell | None = None
) -> Review:
    """Review the draft in a file.

    Raises:
        InputError: the file cannot be read, or holds no objective.
        ConfigurationError: the profile does not exist or cannot be used.
    """
    records = read_draft_file(path, max_mb=settings.max_input_mb)
    return _review(records, settings, options or ReviewOptions(), tell or _silent)


def review_text(
    text: str,
    settings: Settings,
    options: ReviewOptions | None = None,
    tell: Tell | None = None,
    file: str = "draft",
) -> Review:
    """Review a draft given as text.

    Args:
        text: Markdown or plain text as people paste it.
        file: what the locations call it.

    Raises:
        InputError: the text holds no objective.
        ConfigurationError: the profile does not exist or cannot be used.
    """
    return _review(
        read_draft_text(text, file), settings, options or ReviewOptions(), tell or _silent
    )


def _silent(_: str) -> None:
    return None


def _review(
    records: Iterable[Record], settings: Settings, options: ReviewOptions, tell: Tell
) -> Review:
    profile = load_profile(settings.profile)
    with ExitStack() as stack:
        organisation, index, unavailable = _open(settings, options)
        if index is not None:
            stack.enter_context(index)
        written = tuple(_with_defaults(records, options))
        objectives, problems = assemble_draft(written, organisation)
        if index is None:
            problems = tuple(item for item in written if isinstance(item, Problem))
        else:
            problems = (*problems, *_unknown_cycles(objectives, organisation))
        if not objectives:
            raise InputError(_nothing_found(problems))
        rules = {item.id: profile.rules(item.kind) for item in objectives}
        scores, without_heads = _ask_heads(objectives)
        sets = _sets(objectives)
        drafts = tuple(
            _checked(
                item,
                sets[_set_of(item)],
                organisation,
                profile.limits,
                rules[item.id],
                scores.get(item.id),
            )
            for item in objectives
        )
        reviews = tuple(_with_proven_rewrites(drafts))
        if index is not None:
            tell("Looking for parents, peers and strategy")
            try:
                index.warm()
                reviews = tuple(
                    _with_context(item, organisation, index, settings) for item in reviews
                )
            except (IndexUnavailable, ModelUnavailable) as error:
                unavailable = (_no_context("the index cannot be searched", str(error)),)
    reviews, use, not_asked = _with_critique(
        reviews, organisation, profile, settings, options, tell
    )
    without_parent = _without_parent(reviews) if index is not None else ()
    found = (finding for review in reviews for finding in review.findings)
    looked = Looked(
        objectives=objectives,
        applied={
            key: frozenset(rule.code for rule in on if rule.detect) for key, on in rules.items()
        },
        teams=_team_names(written, objectives, organisation),
    )
    triaged = triage(found, looked, settings)
    return Review(
        reviews=tuple(_with_findings(reviews, triaged)),
        suppressed=triaged.suppressed,
        problems=(*problems, *disguised(objectives), *triaged.problems),
        not_checked=(
            *unavailable,
            *without_heads,
            *unjudged(objectives, profile.rules),
            *_switched_off(reviews, profile),
            *without_parent,
            *not_asked,
        ),
        llm=use,
        profile=profile.name,
    )


def _team_names(
    records: Iterable[Record], objectives: tuple[Objective, ...], organisation: Organisation
) -> dict[str, str]:
    """The names of teams by id; a team that only the draft knows is called as the draft does."""
    from assistant.sources.records import ObjectiveRecord

    written = (record for record in records if isinstance(record, ObjectiveRecord))
    names = {
        objective.team_id: record.team
        for record, objective in zip(written, objectives, strict=True)
        if record.team and objective.team_id
    }
    return names | {team.id: team.name for team in organisation.teams}


def _with_findings(
    reviews: tuple[ObjectiveReview, ...], triaged: Triaged
) -> Iterator[ObjectiveReview]:
    own: dict[str, list[Finding]] = {}
    for finding in triaged.findings:
        own.setdefault(finding.objective_id, []).append(finding)
    for review in reviews:
        findings = tuple(own.get(review.objective.id, ()))
        yield review.model_copy(update={"findings": findings})


def _open(
    settings: Settings, options: ReviewOptions
) -> tuple[Organisation, Index | None, tuple[NotChecked, ...]]:
    if not options.context:
        off = _no_context("the review ran without context", "Leave out --no-context.")
        return Organisation(), None, (off,)
    from assistant.index import Index

    try:
        index = Index.open(settings, writable=False)
    except IndexUnavailable as error:
        return Organisation(), None, (_no_context("no index can be read", str(error)),)
    return index.organisation(), index, ()


def _no_context(why: str, how: str) -> NotChecked:
    return NotChecked(what="Parents, peers and strategy", why=why, how=how)


def _with_defaults(records: Iterable[Record], options: ReviewOptions) -> Iterator[Record]:
    from assistant.sources.records import ObjectiveRecord

    for record in records:
        if not isinstance(record, ObjectiveRecord):
            yield record
            continue
        defaults = {
            "team": record.team or options.team,
            "cycle": record.cycle or options.cycle,
            "parents": record.parents or ((options.parent,) if options.parent else ()),
        }
        yield record.model_copy(update=defaults)


def _nothing_found(problems: tuple[Problem, ...]) -> str:
    if problems:
        return "No objective could be read.\n" + "\n".join(str(problem) for problem in problems)
    return (
        "No objective was found in the draft. Put each objective on a line of its own, "
        "with its key results as a list below it."
    )


def _checked(
    objective: Objective,
    siblings: tuple[Objective, ...],
    organisation: Organisation,
    limits: Limits,
    rules: Iterable[Rule],
    scores: Scores | None,
) -> Checked:
    subject = Subject(
        objective=objective,
        siblings=siblings,
        cycle=organisation.cycle(objective.cycle_id),
        is_top=_is_top(objective, organisation),
        limits=limits,
        scores=scores,
    )
    return checked(subject, rules)


def _with_proven_rewrites(
    drafts: tuple[Checked, ...],
) -> Iterator[ObjectiveReview]:
    """The drafts with their findings, and of the rewrites those that the trained heads accept."""
    from assistant.learned.scores import scores_of_elements

    found = proven(drafts, scores_of_elements)
    for draft, findings in zip(drafts, found, strict=True):
        yield ObjectiveReview(objective=draft.subject.objective, findings=findings)


def _unknown_cycles(
    objectives: tuple[Objective, ...], organisation: Organisation
) -> Iterator[Problem]:
    known = {item.cycle_id for item in organisation.objectives}
    names = ", ".join(item.name for item in organisation.cycles if item.id in known)
    for cycle_id in dict.fromkeys(item.cycle_id for item in objectives):
        if cycle_id is None or cycle_id in known or not names:
            continue
        yield Problem(
            message=f"Nothing in the index is in the cycle {cycle_id!r}, so no peers were found. "
            f"There are: {names}.",
            severity="info",
        )


def _ask_heads(
    objectives: tuple[Objective, ...],
) -> tuple[dict[str, Scores], tuple[NotChecked, ...]]:
    from assistant.learned.scores import scores_of

    english = legible(objectives)
    try:
        found = scores_of(english)
    except ModelUnavailable as error:
        missing = NotChecked(
            what="Rules that rest on a trained model",
            why="it cannot be used; O1, O3, O4 and K1 fell back on word lists",
            how=str(error),
        )
        return {}, (missing,)
    return {item.id: scores for item, scores in zip(english, found, strict=True)}, ()


def _switched_off(reviews: tuple[ObjectiveReview, ...], profile: Profile) -> Iterator[NotChecked]:
    kinds = {review.objective.kind for review in reviews}
    for kind in sorted(kinds, key=str):
        codes = ", ".join(rule.code for rule in profile.off(kind))
        if codes:
            yield NotChecked(
                what=f"{codes} on {kind or 'undeclared'} objectives",
                why=f"the profile {profile.name!r} switches it off",
                how="Choose another one with --profile; `okr profiles` lists them.",
            )


def _sets(objectives: Iterable[Objective]) -> dict[_SetKey, tuple[Objective, ...]]:
    sets: dict[_SetKey, list[Objective]] = {}
    for item in objectives:
        sets.setdefault(_set_of(item), []).append(item)
    return {key: tuple(items) for key, items in sets.items()}


def _set_of(objective: Objective) -> _SetKey:
    return objective.team_id, objective.cycle_id


def _is_top(objective: Objective, organisation: Organisation) -> bool:
    team = organisation.team(objective.team_id)
    return team is not None and team.parent_id is None and len(organisation.teams) > 1


def _with_context(
    review: ObjectiveReview, organisation: Organisation, index: Index, settings: Settings
) -> ObjectiveReview:
    from assistant.surroundings import look_around

    found = look_around(review.objective, organisation, index, settings.audiences)
    return review.model_copy(
        update={"parents": found.parents, "peers": found.peers, "passages": found.passages}
    )


def _without_parent(reviews: tuple[ObjectiveReview, ...]) -> Iterator[NotChecked]:
    for review in reviews:
        if any(relation.declared for relation in review.parents):
            continue
        stated = review.objective.parents
        why = "it names no parent"
        how = "Name one with a line such as 'Parent: ...' or with --parent."
        if stated:
            why = f"the parent it names, {shortened(stated[0].stated, 80)!r}, is not in the index"
            how = "Check the words against the parent's own, or index it first."
        name = shortened(review.objective.text, 80)
        yield NotChecked(what=f"Distance of {name!r} to its parent", why=why, how=how)


def _with_critique(
    reviews: tuple[ObjectiveReview, ...],
    organisation: Organisation,
    profile: Profile,
    settings: Settings,
    options: ReviewOptions,
    tell: Tell,
) -> tuple[tuple[ObjectiveReview, ...], LlmUse | None, tuple[NotChecked, ...]]:
    if not options.llm or not settings.llm_configured:
        return reviews, None, (_no_llm(settings), *_undecided(reviews, profile, {}))
    from assistant.critique.context import pack
    from assistant.critique.critic import critique
    from assistant.critique.llm import LlmClient
    from assistant.prompts import load

    client, prompt = LlmClient.from_settings(settings), load(settings.llm_prompt)
    criticised: list[ObjectiveReview] = []
    outcomes: list[CritiqueOutcome] = []
    for number, review in enumerate(reviews, start=1):
        tell(f"Asking {settings.llm_model} about objective {number} of {len(reviews)}")
        team = organisation.team(review.objective.team_id)
        cycle = organisation.cycle(review.objective.cycle_id)
        around = pack(review, team=team, cycle=cycle)
        rules = profile.rules(review.objective.kind)
        outcome = critique(review.objective, around, rules, client, prompt)
        outcomes.append(outcome)
        findings = (*review.findings, *outcome.findings)
        criticised.append(review.model_copy(update={"findings": findings}))
    asked = {
        review.objective.id: outcome.asked
        for review, outcome in zip(reviews, outcomes, strict=True)
    }
    not_checked = (
        *(item for outcome in outcomes for item in outcome.not_checked),
        *_undecided(reviews, profile, asked),
    )
    return tuple(criticised), _summed([outcome.use for outcome in outcomes]), not_checked


def _undecided(
    reviews: tuple[ObjectiveReview, ...], profile: Profile, asked: Mapping[str, tuple[str, ...]]
) -> Iterator[NotChecked]:
    """The rules that compare a draft with others and that nobody was asked about."""
    left: dict[str, list[Objective]] = {}
    for review in reviews:
        objective = review.objective
        codes = ", ".join(undecided(profile.rules(objective.kind), asked.get(objective.id, ())))
        left.setdefault(codes, []).append(objective)
    for codes, objectives in left.items():
        if not codes:
            continue
        names = "; ".join(repr(shortened(item.text, 80)) for item in objectives)
        yield NotChecked(
            what=codes if len(left) == 1 else f"{codes} on {names}",
            why="they compare the draft with its parent, peers, strategy or sources of figures, and "
            "no rule on the draft decides that",
            how="With an index and a language model, the critic is asked about those whose other "
            "side it is shown; `okr explain CODE` has the question for the rest.",
        )


def _no_llm(settings: Settings) -> NotChecked:
    what = "LLM critique"
    if settings.llm_configured:
        return NotChecked(what=what, why="the review ran without it", how="Leave out --no-llm.")
    why = "no language model is configured"
    if settings.llm_base_url or settings.llm_model:
        missing = "OKR_LLM_MODEL" if settings.llm_base_url else "OKR_LLM_BASE_URL"
        why = f"{missing} is not set"
    return NotChecked(
        what=what,
        why=why,
        how="Set OKR_LLM_BASE_URL and OKR_LLM_MODEL, and OKR_LLM_API_KEY if the endpoint wants one.",
    )


def _summed(uses: list[LlmUse]) -> LlmUse:
    def total(counts: list[int | None]) -> int | None:
        return None if None in counts else sum(count or 0 for count in counts)

    return uses[0].model_copy(
        update={
            "model": next((use.model for use in uses if use.model), ""),
            "calls": sum(use.calls for use in uses),
            "input_tokens": total([use.input_tokens for use in uses]),
            "output_tokens": total([use.output_tokens for use in uses]),
            "seconds": sum(use.seconds for use in uses),
            "dropped_quotes": sum(use.dropped_quotes for use in uses),
        }
    )
