"""Synthetic organisations of any size: the same ones every time, no two texts alike."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.models import Location, Passage, StrategyDocument, stable_id
from assistant.sources.records import (
    CycleRecord,
    KeyResultRecord,
    ObjectiveRecord,
    Record,
    TeamRecord,
)

SEED = 11
KEY_RESULTS = 3
PER_TEAM = 3
BRANCHING = 6
DOCUMENTS = 12

YEAR = CycleRecord(
    name="FY26",
    start=date(2026, 1, 1),
    end=date(2026, 12, 31),
    location=Location(file="organisation.yaml", line=1),
)
QUARTER = CycleRecord(
    name="2026-Q4",
    start=date(2026, 10, 1),
    end=date(2026, 12, 31),
    location=Location(file="organisation.yaml", line=2),
)
CYCLES = (YEAR, QUARTER)

_OUTPUTS = 0.15
_SECOND_PARENTS = 0.05


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
_METRIC = {
    " %": _words(
        "share of repeat orders, error rate, renewal rate, no-shows, share solved at first contact, "
        "conversion, margin, dropouts, share paid on time, staff turnover, fill rate, rework"
    ),
    "": _words("complaints, unplanned stops, overdue cases, defects found by customers"),
    " days": _words("median wait, days to the first answer, lead time"),
    " hours": _words("hours lost, idle time, handling time"),
}
"""Names of measures by the unit that they are stated in."""

_OUTPUT = _words(
    "launch the portal for, publish the handbook for, train the desk for, roll out the app to, sign "
    "the contract for, finish the study of, move the data of, redesign the form for"
)
_CHOICE = _words(
    "win by speed, win by trust, win by the lowest running cost, win by being close, serve fewer and "
    "serve them well, charge for outcomes, build nothing that a partner has, put safety before volume"
)


def synthetic(size: int, seed: int = SEED) -> list[Record]:
    """What a reader would yield of so many objectives, each with three key results, and of a strategy.

    Teams form a tree; every objective but those at the top names one of the team above as its
    parent, and one in twenty a second one.
    """
    dice = random.Random(f"{seed} {size}")
    teams = tuple(_teams(max(2, size // PER_TEAM)))
    texts = _distinct_texts(dice)
    keys: dict[str, list[str]] = defaultdict(list)
    objectives = []
    for number in range(size):
        team = teams[number % len(teams)]
        item = _objective(dice, next(texts), f"GOAL-{number:06}", team, keys[team.parent or ""])
        objectives.append(item)
        keys[team.name].append(f"GOAL-{number:06}")
    documents = [_document(dice, number) for number in range(DOCUMENTS)]
    return [*CYCLES, *teams, *objectives, *documents]


def edited(records: Sequence[Record], share: float = 0.01, seed: int = SEED) -> list[Record]:
    """The records with the text of so many of the objectives, evenly spread, changed."""
    changed = list(records)
    places = [at for at, item in enumerate(changed) if isinstance(item, ObjectiveRecord)]
    dice = random.Random(f"{seed} edit")
    for at in sorted(dice.sample(places, max(1, round(share * len(places))))):
        old = changed[at]
        if isinstance(old, ObjectiveRecord):
            first, *rest = old.key_results
            result = first.model_copy(update={"text": f"{first.text}, counted weekly"})
            text = f"{old.text}, {dice.choice(_WHERE)} and {dice.choice(_WHERE)}"
            changed[at] = old.model_copy(update={"text": text, "key_results": (result, *rest)})
    return changed


def _teams(count: int) -> Iterator[TeamRecord]:
    for number in range(count):
        yield TeamRecord(
            name=_team_name(number),
            parent=_team_name((number - 1) // BRANCHING) if number else None,
            people=5 + number % 40,
            location=Location(file="organisation.yaml", line=number + 1),
        )


def _team_name(number: int) -> str:
    return f"{_WHAT[number % len(_WHAT)].capitalize()} {number}"


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
    if dice.random() < _OUTPUTS:
        return f"{dice.choice(_OUTPUT).capitalize()} {dice.choice(_WHO)} {dice.choice(_WHERE)}"
    unit = dice.choice(tuple(_METRIC))
    return (
        f"{dice.choice(_METRIC[unit]).capitalize()} of {dice.choice(_WHAT)} for {dice.choice(_WHO)} "
        f"from {start}{unit} to {target}{unit}"
    )


def _objective(
    dice: random.Random, text: str, key: str, team: TeamRecord, above: Sequence[str]
) -> ObjectiveRecord:
    second = len(above) > 1 and dice.random() < _SECOND_PARENTS
    place = Location(file=f"{team.name}.md", line=dice.randrange(1, 200))
    return ObjectiveRecord(
        text=text,
        key=key,
        team=team.name,
        cycle=(QUARTER if team.parent else YEAR).name,
        key_results=tuple(
            KeyResultRecord(text=_result(dice), location=place) for _ in range(KEY_RESULTS)
        ),
        parents=tuple(dice.sample(above, min(len(above), 2 if second else 1))),
        owner=f"owner {dice.randrange(5000)}",
        location=place,
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
