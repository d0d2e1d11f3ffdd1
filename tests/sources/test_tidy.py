from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.sources.tidy import clean, normalise, read_progress, read_score

CASES = [
    ("Cut p95 from 3 s to 1 s", "Cut p95 from 3 s to 1 s", {}),
    ("O1. Make paying effortless", "Make paying effortless", {"role": "objective", "key": "O1"}),
    ("Objective #2: Fly", "Fly", {"role": "objective", "key": "O2"}),
    ("🎯 Objective 2: Fly", "Fly", {"role": "objective", "key": "O2"}),
    ("Team objective – Fly", "Fly", {"role": "objective"}),
    ("O2 saturation above 92 % for all", "O2 saturation above 92 % for all", {}),
    ("Objective 1 (Committed): Fly", "Fly", {"role": "objective", "key": "O1", "kind": "committed"}),
    ("Objective (new): Fly", "Fly", {"role": "objective", "tags": ("new",)}),
    ("KR2 (0.3): Fly", "Fly", {"role": "key_result", "key": "KR2", "score": 0.3}),
    ("Paint all trucks, red", "Paint all trucks, red", {}),
    ("Paint all trucks, done", "Paint all trucks", {"status": "done", "notes": ("done",)}),
    ("KR1.2 Ship it", "Ship it", {"role": "key_result", "key": "KR1.2"}),
    ("Key Result 3 - Ship it", "Ship it", {"role": "key_result", "key": "KR3"}),
    ("O1KR2: Ship it", "Ship it", {"role": "key_result", "key": "O1.KR2"}),
    ("PAY-12: Ship it", "Ship it", {"key": "PAY-12"}),
    ("[PAY-12] Ship it [DE]", "Ship it", {"key": "PAY-12", "tags": ("DE",)}),
    ("2) Ship it", "Ship it", {}),
    ("[P0] KR1: Ship [growth] it", "Ship [growth] it", {"role": "key_result", "key": "KR1", "tags": ("P0",)}),
    ("Ship it [P1] [growth] #mobile #web", "Ship it", {"tags": ("P1", "growth", "mobile", "web")}),
    ("Ship it (P0)", "Ship it", {"tags": ("P0",)}),
    ("Become #1 in Austria", "Become #1 in Austria", {}),
    ("Improve #growth of the shop", "Improve #growth of the shop", {}),
    ("Raise NPS from [X] to [Y]", "Raise NPS from [X] to [Y]", {}),
    ("Cut churn to [target]", "Cut churn to [target]", {}),
    ("Cut churn [baseline?]", "Cut churn [baseline?]", {}),
    ("Ship it (owner: Mia Sorg)", "Ship it", {"owner": "Mia Sorg"}),
    ("Ship it (DRI - Mia)", "Ship it (DRI - Mia)", {}),
    ("Ship it @mia @tom", "Ship it", {"owner": "mia, tom"}),
    ("@mia: Ship it", "Ship it", {"owner": "mia"}),
    ("Keep precision@5 above 0.9", "Keep precision@5 above 0.9", {}),
    ("Write to help@acme.example less", "Write to help@acme.example less", {}),
    ("Ship it | Owner: Mia | Status: at risk", "Ship it", {"owner": "Mia", "notes": ("at risk",)}),
    ("Ship it, owner: Mia", "Ship it", {"owner": "Mia"}),
    ("Ship it => done", "Ship it", {"status": "done", "notes": ("done",)}),
    ("Ship it → 70 % achieved", "Ship it", {"notes": ("70 % achieved",)}),
    ("Ship it ==> not done, no budget", "Ship it", {"notes": ("not done, no budget",)}),
    ("Ship it -> dropped in May", "Ship it", {"status": "dropped", "notes": ("dropped in May",)}),
    ("Ship it (done)", "Ship it", {"status": "done", "notes": ("done",)}),
    ("Ship it - on track", "Ship it", {"notes": ("on track",)}),
    ("DONE: Ship it", "Ship it", {"status": "done"}),
    ("Ship it ✅", "Ship it", {"status": "done"}),
    ("☑ Ship it", "Ship it", {"status": "done"}),
    ("[x] Ship it", "Ship it", {"status": "done"}),
    ("☐ Ship it", "Ship it", {}),
    ("Ship it 🟡", "Ship it", {"notes": ("🟡",)}),
    ("Activation 40 → 55 %", "Activation 40 → 55 %", {}),
    ("NPS 30 -> 45", "NPS 30 -> 45", {}),
    ("NPS 30 -> 45 => 41", "NPS 30 -> 45", {"notes": ("41",)}),
    ("Reach an NPS of 45 => 70%", "Reach an NPS of 45", {"notes": ("70%",)}),
    ("Renewals from 71 % to 85 % => 79 %", "Renewals from 71 % to 85 %", {"notes": ("79 %",)}),
    ("Loans 31 a month -> 48", "Loans 31 a month -> 48", {}),
    ("Lost keys: 12 per week => 4", "Lost keys: 12 per week => 4", {}),
    ("Members who vote 18 -> 30 % of all", "Members who vote 18 -> 30 % of all", {}),
    ("Rate of replies 44 % -> 60 %, letters not under 900", "Rate of replies 44 % -> 60 %, letters not under 900", {}),
    ("Waits over 20 min 75 -> 10", "Waits over 20 min 75 -> 10", {}),
    ("Seats empty above row 30 -> 5 %", "Seats empty above row 30 -> 5 %", {}),
    ("Margin 12 % last year → 15 % this year", "Margin 12 % last year → 15 % this year", {}),
    ("Late 9 % -> 4 % and lost 3 % -> 1 %", "Late 9 % -> 4 % and lost 3 % -> 1 %", {}),
    ("Weight per crate 1.2 -> 0.7", "Weight per crate 1.2 -> 0.7", {}),
    ("Open cases none -> 5", "Open cases none -> 5", {}),
    ("Late 9 % -> 4 % => 6 %, two lines missing", "Late 9 % -> 4 %", {"notes": ("6 %, two lines missing",)}),
    ("Waits over 20 min => 9 %", "Waits over 20 min", {"notes": ("9 %",)}),
    ("Hold 8 classes => 60 %", "Hold 8 classes", {"notes": ("60 %",)}),
    ("Hold 8 classes => 0.6", "Hold 8 classes", {"score": 0.6, "notes": ("0.6",)}),
    ("Sails mended 12 -> 30 (/cc @lena)", "Sails mended 12 -> 30", {"owner": "lena"}),
    ("Crates packed by the second team: 400 of 900", "Crates packed by the second team: 400 of 900", {}),
    ("Purse is with the owner: four of five", "Purse is with the owner: four of five", {}),
    ("Launch it => tickets fall by a fifth", "Launch it => tickets fall by a fifth", {}),
    ("Share of calls (reached within 2 days)", "Share of calls (reached within 2 days)", {}),
    ("Onboarding rate (70%)", "Onboarding rate (70%)", {}),
    ("Onboard 40 firms (70%)", "Onboard 40 firms", {"notes": ("70%",)}),
    ("Ship it [0.7]", "Ship it", {"score": 0.7}),
    ("Ship it (score: 0,4)", "Ship it", {"score": 0.4}),
    ("Ship it (grade: 7/10)", "Ship it", {"score": 0.7}),
    ("Ship it => 0.7", "Ship it", {"score": 0.7, "notes": ("0.7",)}),
    ("Raise CSAT to 0.7", "Raise CSAT to 0.7", {}),
    ("Ship it (stretch)", "Ship it", {"kind": "aspirational"}),
    ("Ship it (supports KR1.2)", "Ship it", {"fields": (("parent", "KR1.2"),)}),
    ("Ship it (Team: Billing) (confidence: 0.5)", "Ship it", {"fields": (("team", "Billing"), ("confidence", "0.5"))}),
    ("~~Ship it~~", "Ship it", {"status": "dropped"}),
    ("[x] ~~Ship it~~", "Ship it", {"status": "dropped"}),
    ("KR2: ~~Ship it~~", "Ship it", {"role": "key_result", "key": "KR2", "status": "dropped"}),
    ("[ ] **KR1:** ~~Ship it~~ @mia", "Ship it", {"role": "key_result", "key": "KR1", "status": "dropped", "owner": "mia"}),
    ("~~Ship it~~ (moved to Q4).", "Ship it (moved to Q4).", {"status": "dropped"}),
    ("KR1: ~~Ship it~~ Sail it", "Sail it", {"role": "key_result", "key": "KR1", "notes": ("Struck out: Ship it",)}),
    ("~~Ship it~~ [x] Sail it", "Sail it", {"status": "done", "notes": ("Struck out: Ship it",)}),
    ("From ~~20~~ 25 to 40", "From 25 to 40", {"notes": ("Struck out: 20",)}),
    ("**Ship** [it](https://x.example/a) `now`", "Ship it `now`", {}),
    ("3. Quartal: Umsatz verdoppeln", "3. Quartal: Umsatz verdoppeln", {}),
    ("  Ship\u00a0it \t soon \u200b", "Ship it soon", {}),
    ("👩\u200d🚀 Ship it", "👩\u200d🚀 Ship it", {}),
    ("", "", {}),
    ("   ", "", {}),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "text", "around"), CASES, ids=[case[0] or "-" for case in CASES])
def test_the_words_are_parted_from_what_stands_around_them(raw, text, around):
    found = clean(raw)
    names = ("role", "key", "owner", "status", "score", "kind", "tags", "notes", "fields")
    assert found.text == text
    assert {name: value for name in names if (value := getattr(found, name))} == around


PIECES = st.sampled_from(
    ["[P0] ", "O1: ", "KR2 - ", "(owner: Mia)", " => done", "→ 4 %", " @mia", " #x", "~~", "**", "](", "[", "0.7", "(0.7)",
     " ", "\t", "\u00a0", "\u200b", "\u200d", "\n", "é", "́", "🎯", "done", "Ship it", "5 %", "|", "-", "Status: x", "✅"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join))


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_every_character_knows_where_it_stood(raw):
    found = clean(raw)
    assert len(found.offsets) == len(found.text)
    assert list(found.offsets) == sorted(found.offsets)
    for character, offset in zip(found.text, found.offsets, strict=True):
        assert raw[offset] == character or (character == " " and offset < len(raw))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_cleaned_text_has_no_loose_white_space(raw):
    text = clean(raw).text
    assert text == " ".join(text.split())


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_lines_keep_their_number(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert len(normalise(text).split("\n")) == len(lines)


@pytest.mark.parametrize(
    ("words", "score"),
    [("0.7", 0.7), (".7", 0.7), ("70 %", 0.7), ("7/10", 0.7), ("1", 1.0), ("7", None), ("170 %", None), ("good", None), ("", None), ("0,25", 0.25)],
)  # fmt: skip
def test_a_score_lies_between_0_and_1(words, score):
    assert read_score(words) == score


@pytest.mark.parametrize(
    ("words", "status"),
    [("done", "done"), ("100 % achieved", "done"), ("70 % achieved", None), ("not done", None), ("cancelled: no budget", "dropped"), ("at risk", None), ("Reached in May", "done")],
)  # fmt: skip
def test_progress_is_done_dropped_or_open(words, status):
    assert read_progress(words) == status


@pytest.mark.parametrize(
    "sign", ["**", "~~", "[a](/b)", "(", "=> ", "--- ", "@a ", "[x] ", "O1: ", "| Owner: a "]
)
def test_ten_thousand_characters_are_cleaned(sign):
    raw = sign * (10_000 // len(sign))
    assert len(clean(raw + "end").text) <= len(raw) + 3
