"""The first use case: one draft in, an evidence-backed review out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assistant.analyse.addressed import addressed_around
from assistant.analyse.draft import checked
from assistant.analyse.gaps import missing_parents
from assistant.analyse.legible import disguised, legible, unjudged
from assistant.analyse.rewrites import Checked, codes_after, proven
from assistant.errors import IndexUnavailable, InputError, ModelUnavailable
from assistant.models import (
    Finding,
    NotChecked,
    Noun,
    Objective,
    ObjectiveReview,
    Organisation,
    Problem,
    Review,
)
from assistant.profiles import Profile
from assistant.profiles import load as load_profile
from assistant.rules.base import Limits, Rule, Subject
from assistant.sources.assemble import assemble_draft
from assistant.sources.read import read_draft_file, read_draft_text
from assistant.triage import Looked, triage

if TYPE_CHECKING:
    from assistant.critique.asking import Asker
    from assistant.critique.consult import Consulted
    from assistant.critique.rewriting import Reworking
    from assistant.history import TeamAnswer
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
        self_check: whether it looks at the findings once more; None means as the settings say.
        prompts: other versions than the latest, such as ``critique@1``, each for its own task.
        remember: whether the history notes what is shown.
    """

    team: str | None = None
    cycle: str | None = None
    parent: str | None = None
    context: bool = True
    llm: bool = True
    self_check: bool | None = None
    prompts: tuple[str, ...] = ()
    remember: bool = True


def review_file(
    path: Path,
    settings: Settings,
    options: ReviewOptions | None = None,
    tell: Tell | None = None,
    asker: Asker | None = None,
) -> Review:
    """Review the draft in a file.

    Args:
        path: the file.
        settings: names the index, the language model and the profile.
        options: what the person asks of this review.
        tell: told what happens now.
        asker: whom to ask instead of the configured language model.

    Raises:
        InputError: the file cannot be read, or holds no objective.
        ConfigurationError: the profile does not exist or cannot be used.
    """
    records = read_draft_file(path, max_mb=settings.max_input_mb)
    return _review(records, settings, options or ReviewOptions(), tell or _silent, asker=asker)


def review_text(
    text: str,
    settings: Settings,
    options: ReviewOptions | None = None,
    tell: Tell | None = None,
    file: str = "draft",
    index: Index | None = None,
    asker: Asker | None = None,
    early: Callable[[Review], None] | None = None,
) -> Review:
    """Review a draft given as text.

    Args:
        text: Markdown or plain text as people paste it.
        settings: names the index, the language model and the profile.
        options: what the person asks of this review.
        tell: told what happens now.
        file: what the locations call it.
        index: an open index to use and to leave open; by default the settings' own is opened.
        asker: whom to ask instead of the configured language model.
        early: if a language model is asked, given the review as far as it has come: as the local
            critic leaves it, then again whenever the model has read an objective.

    Raises:
        InputError: the text holds no objective.
        ConfigurationError: the profile does not exist or cannot be used.
    """
    records = read_draft_text(text, file)
    chosen = options or ReviewOptions()
    return _review(records, settings, chosen, tell or _silent, index, asker, early)


def rewrite(
    draft: Path | str,
    on: str,
    settings: Settings,
    options: ReviewOptions | None = None,
    *,
    number: int = 1,
    tell: Tell | None = None,
    asker: Asker | None = None,
    index: Index | None = None,
) -> Reworking:
    """Propose other words for one element of a draft; each proposal is tried out on the rules.

    The draft is reviewed first, so that the proposals answer its findings. Without a language model
    there are the local critic's own proposals.

    Args:
        draft: the file, or the text itself.
        on: ``objective`` or ``kr:N``.
        settings: as for a review.
        options: likewise.
        number: which objective of the draft, from 1.
        tell: told what happens now.
        asker: whom to ask instead of the configured language model.
        index: an open index to use and to leave open; by default the settings' own is opened.

    Raises:
        InputError: the draft cannot be read, or has no such element.
        ConfigurationError: the profile does not exist or cannot be used.
    """
    from assistant.critique.context import pack
    from assistant.critique.drafts import prompt_for, without_client
    from assistant.critique.rewriting import local_proposals, reword

    chosen, say = options or ReviewOptions(), tell or _silent
    records = (
        read_draft_text(draft, "draft")
        if isinstance(draft, str)
        else read_draft_file(draft, max_mb=settings.max_input_mb)
    )
    local = _look(records, settings, chosen, say, index)
    _check_element(local.objectives, number, on)
    client = asker or _client(settings, chosen)
    consulted = _consulted(local, settings, chosen, say, client)
    review = _finished(local, consulted, settings, chosen.remember)
    item, draft_checked = review.reviews[number - 1], local.drafts[number - 1]
    proposed = local_proposals(item.objective, on, item.findings)
    if client is None:
        return proposed.model_copy(update={"not_checked": (without_client(settings),)})
    say(f"Asking {client.model} for other words")
    made = reword(
        item.objective,
        on,
        pack(item, local.organisation, budget=settings.llm_context_tokens),
        item.findings,
        team_answers(settings),
        lambda text: _left_after(draft_checked, on, text),
        client,
        prompt_for("rewrite", chosen.prompts),
    )
    return made.model_copy(update={"proposals": (*made.proposals, *proposed.proposals)})


def _silent(_: str) -> None:
    return None


@dataclass(frozen=True)
class _Local:
    """A draft as the local critic leaves it."""

    organisation: Organisation
    profile: Profile
    written: tuple[Record, ...]
    objectives: tuple[Objective, ...]
    drafts: tuple[Checked, ...]
    reviews: tuple[ObjectiveReview, ...]
    problems: tuple[Problem, ...]
    not_checked: tuple[NotChecked, ...]


def _review(
    records: Iterable[Record],
    settings: Settings,
    options: ReviewOptions,
    tell: Tell,
    opened: Index | None = None,
    asker: Asker | None = None,
    early: Callable[[Review], None] | None = None,
) -> Review:
    local = _look(records, settings, options, tell, opened)
    client = asker or _client(settings, options)
    heard = _heard(local, settings, options, early) if early and client else None
    consulted = _consulted(local, settings, options, tell, client, heard)
    return _finished(local, consulted, settings, options.remember)


def _heard(
    local: _Local, settings: Settings, options: ReviewOptions, early: Callable[[Review], None]
) -> Callable[[int, ObjectiveReview], None]:
    """Passes on what there is by now, once at the start and with each objective."""
    alone = _consulted(local, settings, options, _silent, None)
    so_far, lock = list(alone.reviews), Lock()

    def pass_on() -> None:
        partly = alone.model_copy(update={"reviews": tuple(so_far)})
        early(_finished(local, partly, settings, remember=False))

    def heard(position: int, review: ObjectiveReview) -> None:
        with lock:
            so_far[position] = review
            pass_on()

    pass_on()
    return heard


def _look(
    records: Iterable[Record],
    settings: Settings,
    options: ReviewOptions,
    tell: Tell,
    opened: Index | None = None,
) -> _Local:
    profile = load_profile(settings.profile)
    with ExitStack() as stack:
        organisation, index, unavailable = _open(settings, options, opened)
        if index is not None and index is not opened:
            stack.enter_context(index)
        written = tuple(_with_defaults(records, options))
        objectives, problems = assemble_draft(written, organisation)
        if index is None:
            problems = tuple(item for item in written if isinstance(item, Problem))
        else:
            problems = (*problems, *_unknown_cycles(objectives, organisation))
        if not objectives:
            raise InputError(_nothing_found(problems))
        scores, without_heads = _ask_heads(objectives)
        sets = _sets(objectives)
        drafts = tuple(
            _checked(
                item,
                sets[_set_of(item)],
                organisation,
                profile.limits,
                profile.rules(item.kind),
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
    without_parent = missing_parents(reviews) if index is not None else ()
    return _Local(
        organisation=organisation,
        profile=profile,
        written=written,
        objectives=objectives,
        drafts=drafts,
        reviews=reviews,
        problems=(*problems, *disguised(objectives), *addressed_around(reviews)),
        not_checked=(
            *unavailable,
            *without_heads,
            *unjudged(objectives, profile.rules),
            *_switched_off(reviews, profile),
            *without_parent,
        ),
    )


def _finished(local: _Local, consulted: Consulted, settings: Settings, remember: bool) -> Review:
    found = (finding for review in consulted.reviews for finding in review.findings)
    looked = Looked(
        objectives=local.objectives,
        applied={
            item.id: frozenset(rule.code for rule in local.profile.rules(item.kind) if rule.detect)
            for item in local.objectives
        },
        teams=_team_names(local.written, local.objectives, local.organisation),
    )
    triaged = triage(found, looked, settings, remember=remember)
    return Review(
        reviews=tuple(_with_findings(consulted.reviews, triaged)),
        suppressed=(*triaged.suppressed, *consulted.withdrawn),
        problems=(*local.problems, *triaged.problems),
        not_checked=(*local.not_checked, *consulted.not_checked),
        llm=consulted.use,
        profile=local.profile.name,
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
    settings: Settings, options: ReviewOptions, opened: Index | None
) -> tuple[Organisation, Index | None, tuple[NotChecked, ...]]:
    if not options.context:
        off = _no_context("the review ran without context", "Leave out --no-context.")
        return Organisation(), None, (off,)
    from assistant.index import Index

    try:
        index = opened or Index.open(settings, writable=False)
    except IndexUnavailable as error:
        return Organisation(), None, (_no_context("no index can be read", str(error)),)
    return index.organisation(settings.audiences), index, ()


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


def _consulted(
    local: _Local,
    settings: Settings,
    options: ReviewOptions,
    tell: Tell,
    client: Asker | None,
    heard: Callable[[int, ObjectiveReview], None] | None = None,
) -> Consulted:
    from assistant.critique.drafts import critique_drafts, prompts_of

    return critique_drafts(
        local.reviews,
        local.organisation,
        local.profile,
        settings,
        client,
        lambda: prompts_of(settings, options.prompts, options.self_check),
        answers=team_answers(settings),
        tell=tell,
        heard=heard,
    )


def _client(settings: Settings, options: ReviewOptions) -> Asker | None:
    from assistant.critique.drafts import client_of

    return client_of(settings) if options.llm else None


def _check_element(objectives: tuple[Objective, ...], number: int, on: str) -> None:
    if not 1 <= number <= len(objectives):
        raise InputError(
            f"The draft has {len(objectives)} objectives; there is no number {number}."
        )
    if objectives[number - 1].element(on) is None:
        results = len(objectives[number - 1].key_results)
        there = f"objective, kr:1 to kr:{results}" if results else "objective"
        raise InputError(f"Objective {number} has no element {on!r}. There are: {there}.")


def _left_after(checked: Checked, on: str, text: str) -> frozenset[str]:
    """The rules that the local critic sees on an element once it reads like that."""
    from assistant.learned.scores import scores_of_elements

    try:
        return codes_after(checked, on, text, scores_of_elements)
    except ModelUnavailable:
        return codes_after(checked, on, text, lambda drafts: [{} for _ in drafts])


def team_answers(settings: Settings) -> tuple[TeamAnswer, ...]:
    """What the team has answered to findings so far, oldest first; nothing without a history."""
    from assistant.history import HistoryUnavailable, opened

    if not settings.history:
        return ()
    try:
        with opened(settings.home) as history:
            return history.answers()
    except HistoryUnavailable:
        return ()  # the same failure is told where dismissals are looked up
