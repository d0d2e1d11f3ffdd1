"""Synthetic organisations of any size: the same ones every time, no two texts alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from assistant.language.parse import parse_measure
from assistant.models import (
    Cycle,
    KeyResult,
    Location,
    Objective,
    Organisation,
    ParentLink,
    Passage,
    StrategyDocument,
    Team,
    stable_id,
)

SEED = 11
KEY_RESULTS = 3
PER_TEAM = 3
BRANCHING = 6
DOCUMENTS = 12

YEAR = Cycle(id="fy26", name="FY26", start=date(2026, 1, 1), end=date(2026, 12, 31))
QUARTER = Cycle(id="2026-q4", name="2026-Q4", start=date(2026, 10, 1), end=date(2026, 12, 31))


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


_WHO = _words(
    "new tenants, mid-size bakeries, night nurses, first-time sellers, hauliers, school kitchens, "
    "returning students, field engineers, small vineyards, freelance designers, family doctors, "
    "hotel owners, ferry passengers, beekeepers, apprentices, museum visitors, tram drivers, "
    "insured farmers, parents of toddlers, volunteer fire crews, campers, booksellers, shipyards, "
    "dentists, orchestra subscribers, growers under glass, flat owners, wholesale florists, "
    "ground crews, language learners, carers at home, bicycle couriers, translators, pharmacists"
)
_DO = _words(
    "find what they need, come back without being asked, trust our figures, get an answer at once, "
    "keep their dates, choose us first, finish what they began, recommend us, pay on time, "
    "stay for a second year, see the price before they ask, repair it themselves, plan a week "
    "ahead, lose no hour to us, hear of a delay before it hurts, learn without a trainer, order "
    "from the phone, feel safe after dark, get it right the first time, leave with one visit"
)
_WHAT = _words(
    "onboarding, invoicing, claims, stock counts, checkout, repairs, hiring, energy use, deliveries, "
    "returns, appointments, safety checks, renewals, course places, spare parts, water quality, "
    "night shifts, price lists, maintenance, donations, permits, menus, warranty cases, data entry, "
    "shift plans, loans, tickets, harvest forecasts, audits, rentals, translations, prescriptions"
)
_WHERE = _words(
    "in the north, in the coastal towns, on the phone, in pilot branches, in every depot, in the old "
    "town, on weekends, in rural districts, at the border crossings, in the two largest plants, on "
    "night trains, in the southern valleys, in the web shop, at the airport, in shared houses, in "
    "the first year, during the harvest, in winter, at small stations, in the islands, in leased "
    "buildings, on the eastern line, in partner shops, at the service desk, in the test market"
)
_METRIC = _words(
    "median wait, share of repeat orders, error rate, renewal rate, cost per case, complaints, "
    "days to the first answer, unplanned stops, satisfaction, no-shows, share solved at first "
    "contact, hours lost, overdue cases, conversion, margin, idle time, defects found by customers, "
    "dropouts, emissions per order, share paid on time, staff turnover, fill rate, rework"
)
_OUTPUT = _words(
    "launch the portal for, publish the handbook for, train the desk for, roll out the app to, sign "
    "the contract for, finish the study of, move the data of, redesign the form for"
)
_CHOICE = _words(
    "win by speed, win by trust, win by the lowest running cost, win by being close, serve fewer and "
    "serve them well, charge for outcomes, build nothing that a partner has, put safety before volume"
)


def synthetic(size: int, seed: int = SEED) -> Organisation:
    """An organisation with so many objectives, each with three key results, and its strategy.

    Teams form a tree; every objective but those at the top names one of the team above as its
    parent, and one in twenty a second one.
    """
    dice = random.Random(f"{seed} {size}")
    teams = tuple(_teams(max(2, size // PER_TEAM)))
    texts = _distinct_texts(dice)
    objectives: list[Objective] = []
    of_team: dict[str, list[Objective]] = {}
    for number in range(size):
        team = teams[number % len(teams)]
        above = of_team.get(team.parent_id or "", [])
        item = _objective(dice, next(texts), team, above)
        objectives.append(item)
        of_team.setdefault(team.id, []).append(item)
    documents = tuple(_document(dice, number) for number in range(DOCUMENTS))
    return Organisation(
        name=f"Benchmark of {size}",
        teams=teams,
        cycles=(YEAR, QUARTER),
        objectives=tuple(objectives),
        documents=documents,
    )


def edited(organisation: Organisation, share: float = 0.01, seed: int = SEED) -> Organisation:
    """The organisation with the text of so many of its objectives, evenly spread, changed."""
    objectives = list(organisation.objectives)
    count = max(1, round(share * len(objectives)))
    dice = random.Random(f"{seed} edit")
    for at in sorted(dice.sample(range(len(objectives)), count)):
        old = objectives[at]
        text = f"{old.text}, {dice.choice(_WHERE)} and {dice.choice(_WHERE)}"
        first, *rest = old.key_results
        changed = _key_result(old.id, f"{first.text}, counted weekly")
        objectives[at] = old.model_copy(update={"text": text, "key_results": (changed, *rest)})
    return organisation.model_copy(update={"objectives": tuple(objectives)})


def _teams(count: int) -> Iterator[Team]:
    for number in range(count):
        parent = f"team-{(number - 1) // BRANCHING}" if number else None
        name = f"{_WHAT[number % len(_WHAT)].capitalize()} {number}"
        yield Team(
            id=f"team-{number}",
            name=name,
            parent_id=parent,
            people=5 + number % 40,
            location=Location(file="organisation.yaml", line=number + 1),
        )


def _distinct_texts(dice: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        text = _goal(dice)
        if text in seen:
            text = f"{text} {dice.choice(_WHERE)}, {dice.choice(_WHAT)} included"
        if text not in seen:
            seen.add(text)
            yield text


def _goal(dice: random.Random) -> str:
    who, what, where = dice.choice(_WHO), dice.choice(_WHAT), dice.choice(_WHERE)
    shapes = (
        f"{who.capitalize()} {dice.choice(_DO)} {where}",
        f"{what.capitalize()} for {who} {where} that work the first time",
        f"Fewer troubles with {what} for {who} {where}",
        f"{who.capitalize()} {dice.choice(_DO)}, from {what} to {dice.choice(_WHAT)}",
    )
    return dice.choice(shapes)


def _result(dice: random.Random) -> str:
    start = dice.randint(2, 90)
    target = max(1, start + dice.choice((-1, 1)) * dice.randint(1, 40))
    if dice.random() < 0.15:
        return f"{dice.choice(_OUTPUT).capitalize()} {dice.choice(_WHO)} {dice.choice(_WHERE)}"
    unit = dice.choice((" %", "", " days", " hours"))
    return (
        f"{dice.choice(_METRIC).capitalize()} of {dice.choice(_WHAT)} for {dice.choice(_WHO)} "
        f"from {start}{unit} to {target}{unit}"
    )


def _objective(dice: random.Random, text: str, team: Team, above: list[Objective]) -> Objective:
    key = stable_id("obj", team.id, text)
    count = 0 if not above else 2 if dice.random() < 0.05 and len(above) > 1 else 1
    parents = dice.sample(above, count)
    return Objective(
        id=key,
        text=text,
        team_id=team.id,
        cycle_id=(QUARTER if team.parent_id else YEAR).id,
        key_results=tuple(_key_result(key, _result(dice)) for _ in range(KEY_RESULTS)),
        parents=tuple(ParentLink(stated=one.text, objective_id=one.id) for one in parents),
        owner=f"owner {dice.randrange(5000)}",
        location=Location(file=f"{team.id}.md", line=dice.randrange(1, 200)),
    )


def _key_result(owner: str, text: str) -> KeyResult:
    return KeyResult(
        id=stable_id("kr", owner, text), text=text, measure=parse_measure(text, QUARTER)
    )


def _document(dice: random.Random, number: int) -> StrategyDocument:
    file = f"strategy-{number}.md"
    passages = tuple(
        Passage(
            id=stable_id("psg", file, str(position)),
            document_id=f"doc-{number}",
            heading="What we choose" if position < len(_CHOICE) // 2 else "Background",
            text=_statement(dice, position),
            location=Location(file=file, line=position + 1),
        )
        for position in range(len(_CHOICE))
    )
    return StrategyDocument(
        id=f"doc-{number}",
        title=f"Strategy of division {number}",
        published=date(2026, 1 + number % 9, 1),
        passages=passages,
        location=Location(file=file),
    )


def _statement(dice: random.Random, position: int) -> str:
    if position < len(_CHOICE) // 2:
        return (
            f"Choice {position + 1}. We {dice.choice(_CHOICE)} for {dice.choice(_WHO)} "
            f"{dice.choice(_WHERE)}. We will not compete for {dice.choice(_WHO)} "
            f"{dice.choice(_WHERE)}."
        )
    return (
        f"{dice.choice(_WHAT).capitalize()} {dice.choice(_WHERE)} cost us {dice.randint(2, 90)} "
        f"days last year, most of them with {dice.choice(_WHO)}."
    )
