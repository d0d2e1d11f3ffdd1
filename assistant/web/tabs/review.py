"""The review tab: write, see the words marked, ask why, mend, see the remark go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import OkrError
from assistant.sources.read import FORMATS
from assistant.web import choices, drafts
from assistant.web.acts import ACTS, other_draft
from assistant.web.desk import Done, State, refused, remembered
from assistant.web.following import followed, reviewed
from assistant.web.panel import admitted, panel, told
from assistant.web.reviewing import Form, Kept, Session, organisation_of

if TYPE_CHECKING:
    from assistant.people import Permission
    from assistant.web.page import Page
    from assistant.web.services import Services

NAME, TITLE = "review", "Review"
NEEDS: Permission = "review"

_ASSETS = Path(__file__).parent.parent / "assets"
_HINT = "What the draft itself says about team, cycle and parent comes first."
_EMPTY = "Objective: …\n- a key result\n- another key result"
_QUICK: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "concurrency_limit": 8,
}
"""Events that show on the panel themselves what happens."""

_EACH: dict[str, Any] = {**_QUICK, "trigger_mode": "multiple"}
"""Buttons of which each press counts, whatever is still under way: Stop above all."""

_LONG: dict[str, Any] = {**_EACH, "concurrency_limit": None}
"""What waits for the language model: many may, and a later one takes the place of an earlier."""


def add(page: Page) -> None:
    """Lay out the tab and wire it."""
    form = page.kept("draft", Form().model_dump())
    kept = page.kept("review", Kept().model_dump(mode="json"))
    session = gr.State(Session())
    screen = _lay_out(form, kept, session)
    _wire(page, screen, _Handlers(screen, page.services))


@dataclass(frozen=True)
class _Screen:
    """The components of the tab. ``given`` is what every handler hears."""

    start: gr.Dropdown
    upload: gr.UploadButton
    draft: gr.Textbox
    team: gr.Dropdown
    cycle: gr.Dropdown
    parent: gr.Dropdown
    profile: gr.Dropdown
    review: gr.Button
    outcome: gr.HTML
    source: gr.HTML
    parcel: gr.Textbox
    form: gr.BrowserState
    kept: gr.BrowserState
    session: gr.State

    @property
    def fields(self) -> list[Any]:
        """What the visitor fills in, in the order of :class:`Form`."""
        return [self.draft, self.team, self.cycle, self.parent, self.profile]

    @property
    def given(self) -> list[Any]:
        """The fields, and what browser and server remember."""
        return [*self.fields, self.kept, self.session]

    def named(self, done: Done) -> dict[Any, Any]:
        """New values by component instead of by name."""
        return {getattr(self, part): value for part, value in done.items()}


def _lay_out(form: gr.BrowserState, kept: gr.BrowserState, session: gr.State) -> _Screen:
    def choose(label: str, **more: Any) -> gr.Dropdown:
        name = more.pop("name", label.lower())
        return gr.Dropdown(
            [("", "")], value="", label=label, elem_id=name, **{"min_width": 140, **more}
        )

    with gr.Row(elem_classes=["desk"]):
        with gr.Column(scale=5, min_width=300, elem_classes=["writing"]):
            with gr.Row(elem_classes=["beginning"]):
                start = choose("Start from", name="start", scale=2)
                upload = gr.UploadButton(
                    "Upload a file", file_types=sorted(FORMATS), elem_id="upload", scale=1
                )
            draft = gr.Textbox(
                label="Your draft", elem_id="draft", lines=11, max_lines=40, placeholder=_EMPTY
            )
            with gr.Row():
                team = choose("Team", allow_custom_value=True)
                cycle = choose("Cycle", allow_custom_value=True)
            with gr.Row():
                parent = choose("Serves", name="parent", scale=2, min_width=260)
                profile = choose("Profile")
            gr.HTML(f'<p class="soft small">{_HINT}</p>', apply_default_css=False)
            review = gr.Button("Review", variant="primary", elem_id="review")
        with gr.Column(scale=7, min_width=300, elem_classes=["reading"]):
            outcome = panel(elem_id="outcome", label="Review")
            source = panel(elem_id="source", label="Source")
            parcel = gr.Textbox(visible=False, elem_id="parcel")
    return _Screen(
        start=start,
        upload=upload,
        draft=draft,
        team=team,
        cycle=cycle,
        parent=parent,
        profile=profile,
        review=review,
        outcome=outcome,
        source=source,
        parcel=parcel,
        form=form,
        kept=kept,
        session=session,
    )


def _wire(page: Page, screen: _Screen, on: _Handlers) -> None:
    given, fields, outcome, kept = screen.given, screen.fields, screen.outcome, screen.kept
    changed = [screen.draft, outcome, screen.source, screen.parcel, kept]
    anew = [screen.start, screen.draft, outcome, kept]
    page.blocks.load(
        on.load,
        [screen.form, kept, screen.session],
        [screen.start, *fields, outcome, kept],
        **_QUICK,
    )
    for place in (outcome, screen.source):
        acted = place.act(on.act, given, changed, **_EACH)
        acted.then(None, screen.parcel, screen.parcel, js=_script("parcel.js"))
    read = screen.review.click(on.review, given, [outcome, kept], **_QUICK)
    asked = outcome.ask(on.act, given, changed, **_EACH)
    if page.settings.llm_configured:
        for begun in (read, asked):
            begun.then(on.follow, given, [outcome, kept], **_LONG)
    screen.start.input(on.start, [screen.start, *given], anew, **_QUICK)
    screen.upload.upload(on.upload, [screen.upload, *given], anew, **_QUICK)
    where = [screen.team.change, screen.cycle.change]
    gr.on(where, on.where, fields, [screen.start, screen.parent], **_QUICK)
    keep = _script("keep.js")
    # Pasting is no input to Gradio, so the draft is kept on every change.
    changes = [screen.draft.change, *(item.input for item in fields[1:])]
    gr.on(changes, None, fields, screen.form, js=keep)


class _Handlers:
    """What the tab does when something happens on it."""

    def __init__(self, screen: _Screen, services: Services) -> None:
        self._screen = screen
        self._services = services

    def load(
        self, request: gr.Request, written: Any, browser: Any, session: Session
    ) -> dict[Any, Any]:
        """Fill the page with what the browser remembers; a new visitor's own team is chosen."""
        form, mine = Form.read(written), self._mine(request, session)
        if not form.text and not form.team:
            form = form.model_copy(update={"team": mine.person.team or ""})
        screen, known = self._screen, organisation_of(mine)
        parents = choices.parents(known, form.team)
        parent = form.parent if any(form.parent == key for _, key in parents) else ""
        profiles = choices.profiles(mine.settings)
        known_profile = any(form.profile == key for _, key in profiles)
        profile = form.profile if known_profile else profiles[0][1]
        state = State(form, Kept.read(browser), session, mine, {})
        return {
            screen.start: gr.Dropdown(choices.starts(known, form), value=""),
            screen.team: gr.Dropdown(choices.teams(known), value=form.team),
            screen.cycle: gr.Dropdown(choices.cycles(known), value=form.cycle),
            screen.parent: gr.Dropdown(parents, value=parent),
            screen.profile: gr.Dropdown(profiles, value=profile),
            **screen.named(remembered(state)),
        }

    def review(self, request: gr.Request, *given: Any) -> Iterator[dict[Any, Any]]:
        """Show what is found at once."""
        for done in reviewed(self._state(request, given)):
            yield self._screen.named(done)

    async def follow(self, request: gr.Request, *given: Any) -> AsyncIterator[dict[Any, Any]]:
        """Show what the language model adds, where something is wanted of it."""
        async for done in followed(self._state(request, given)):
            yield self._screen.named(done)

    def act(self, event: gr.EventData, request: gr.Request, *given: Any) -> dict[Any, Any]:
        """Do what a button on the review says."""
        state = self._state(request, given, told(event))
        act = ACTS.get(state.said.get("act", ""))
        if act is None:
            return {self._screen.outcome: gr.skip()}
        try:
            return self._screen.named(act(state))
        except OkrError as error:
            return self._screen.named(refused(state, str(error)))

    def start(self, request: gr.Request, choice: str | None, *given: Any) -> dict[Any, Any]:
        """Begin with a template, an example or the OKRs of the cycle before."""
        if not choice:
            return {self._screen.start: ""}
        state = self._state(request, given)
        text = choices.begun(choice, state.form, organisation_of(state.services))
        done = other_draft(state, text) if text else refused(state, choices.NO_TEAM)
        return {self._screen.start: "", **self._screen.named(done)}

    def upload(self, request: gr.Request, file: str, *given: Any) -> dict[Any, Any]:
        """Begin with a file, which is not kept."""
        path, state = Path(file), self._state(request, given)
        try:
            draft = drafts.read_upload(path, max_mb=state.services.settings.max_input_mb)
        except OkrError as error:
            sentence = str(error).replace(f"{path.parent}/", "")
            return self._screen.named(refused(state, sentence))
        finally:
            with suppress(OSError):
                path.unlink()
        said = [str(problem) for problem in draft.problems]
        return self._screen.named(other_draft(state, draft.text, said))

    def where(self, request: gr.Request, *given: Any) -> dict[Any, Any]:
        """Offer what fits the team and the cycle."""
        mine = admitted(self._services, request, NEEDS)
        form, known = _form(given), organisation_of(mine)
        parents = choices.parents(known, form.team)
        parent = form.parent if any(form.parent == key for _, key in parents) else ""
        return {
            self._screen.start: gr.Dropdown(choices.starts(known, form), value=""),
            self._screen.parent: gr.Dropdown(parents, value=parent),
        }

    def _state(
        self, request: gr.Request, given: tuple[Any, ...], said: dict[str, str] | None = None
    ) -> State:
        *values, browser, session = given
        mine = self._mine(request, session)
        return State(_form(tuple(values)), Kept.read(browser), session, mine, said or {})

    def _mine(self, request: gr.Request, session: Session) -> Services:
        mine = admitted(self._services, request, NEEDS)
        session.belong_to(mine.person)
        return mine


def _form(values: tuple[Any, ...]) -> Form:
    text, team, cycle, parent, profile = (str(value or "") for value in values)
    return Form(text=text, team=team, cycle=cycle, parent=parent, profile=profile)


def _script(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")
