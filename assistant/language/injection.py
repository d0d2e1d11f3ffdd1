"""Finds words that tell a reviewer what to do, where a goal or a document should stand.

A reviewer may be a language model, which can take what it reads for orders. Decided by patterns
alone, on the text made plain: look-alike letters, invisible characters and markup count for
nothing, and what is encoded is read too. An order needs more than a verb: it speaks of the
instructions, of the answer or of this very draft, at the start of a clause. Words in quotation
marks beside a word such as "attack" are talked about and not said.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import permutations
from typing import NamedTuple
from urllib.parse import unquote

from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read_whole
from assistant.language.words import load
from assistant.models import Span

WITHHELD = "[left out: words to the reviewer]"
"""What a language model is shown in place of such words."""

MOST_CHARACTERS = 200_000
"""How much of a text is looked at; every pattern costs time that is linear in it."""


class Order(NamedTuple):
    """Words that tell the reviewer what to do.

    Attributes:
        span: the exact words, as they stand in the text.
        says: what they say, where they are encoded or hidden; else the words themselves.
        way: how they are written, such as ``base64``; empty where they stand there plainly.
    """

    span: Span
    says: str
    way: str = ""


class _View(NamedTuple):
    """A text as one way of reading it has it: ``whole`` where only all of it can be pointed at."""

    way: str
    text: str
    reading: Reading
    whole: Span | None = None


# What an order is made of

_START = (
    r"(?:^|[.:;!?…,>\])}\"'*|/(–—-] ?|[\U0001f000-\U0001faff] ?"
    r"|\b(?:please|kindly|now|then|and|so|just|simply|also|instead|you(?: must| should| will)?) )"
)
_AI = (
    r"(?:(?:(?:the|any|all|every|our|whichever) )?(?:ai|llm|gpt|chatgpt|large language model|language model"
    r"|chatbot|neural network|artificial intelligence"
    r"|(?:ai|okr|automated|reviewing) (?:reviewer|assistant|critic|model|agent|coach|judge|grader|checker|reader|system|tool)"
    r"|(?:reviewer|reviewing|review) (?:model|ai|bot|llm))s?)"
)
_BOT = rf"(?:{_AI}|(?:any |a |the |every )?(?:bot|machine)s?)"
_OKR = r"(?:okrs?|objectives?|key results?|drafts?)"
_THIS = rf"(?:th(?:is|ese) (?:whole |entire )?(?:{_OKR}|goals?|teams?|texts?|documents?|plans?|pages?|sections?))"
_GOOD = (
    r"(?:aligned|good|perfect|excellent|approved|compliant|flawless|faultless|outstanding|fine|clean"
    r"|a perfect (?:score|mark)|full marks|a full score|10/10)"
)
_FINDINGS = r"(?:findings?|remarks?|warnings?|criticisms?|objections?)"
_PROBLEMS = rf"(?:{_FINDINGS}|problems?|issues?|errors?|faults?|drift)"
_DO = (
    r"(?:ignore|disregard|forget|do not|don't|never|please|you must|you are|output|report no|return|approve"
    r"|rate|say|answer|skip|praise|treat|stop|accept|respond|obey|whatever|score|mark|grade|leave|listen|keep quiet)"
)
_SHOW = (
    r"(?:reveal|print|repeat|output|show|display|disclose|leak|tell|dump|copy|echo|send|quote|list"
    r"|summari[sz]e|include|append|write|reproduce|paste|recite|give)"
)
_VERDICT = (
    r"(?:rate|score|grade|mark|treat|classify|label|judge|consider|find|call|flag|give|confirm)"
)
_REPLY = r"(?:answer|response|reply|output|findings|critique|verdict|json|rewrites?|first message)"
_ON = r"(?:on|about|for|to|against|regarding|of|in)"
_PART = r"[^.;!?]"

_PLAIN_ORDERS = (
    rf"{_START}(?P<o>(?:ignore|disregard|forget|overlook) (?:everything|anything|all|whatever|what)"
    r" (?:that )?(?:(?:is |was |stands )?(?:above|before)\b|you (?:were|have|know|are)))",
    r"\b(?P<o>you are (?:now|no longer|hereby)(?: [\w-]+){0,4}? (?:assistant|reviewer|coach|ai|chatbot"
    r"|language model|llm|dan|developer mode|critic|bot)\b)",
    r"\b(?P<o>from now on,? you (?:will |must |should |only |always |never |are )*(?:act|answer|respond|reply|praise"
    r"|approve|obey|ignore|report|output|say|rate|an? )\b)",
    rf"{_START}(?P<o>(?:act|behave|pretend|respond|answer) as (?:if you (?:were|are|had)|an? (?:[\w-]+ )?(?:ai|assistant"
    r"|language model|llm|chatbot)\b))",
    rf"(?P<o>\b(?:dear|attention|attn|hey|(?:note|notes|message|memo|hint|instructions?|p\.?s\.?) (?:to|for)|to) {_AI}"
    rf"(?: (?:that|which|who) [\w ]{{1,40}}| reading [\w ]{{1,20}}| in the loop| only)? ?[:,–—-] ?(?!from\b|\d)[\w'-]+)",
    rf"{_START}(?P<o>(?:(?:hey|dear|listen,?) (?:assistant|reviewer|model|critic)|for {_BOT} only"
    rf"|note for {_BOT}(?: in the loop| reading this)?)\b ?[:,])",
    rf"\b(?P<o>if you(?: are|'re) (?:reading this as )?(?:an? |the )?{_BOT}(?= ?[,.:;!)–—-]| reading| reviewing| that| and you|$))",
    r"\b(?P<o>(?:whatever|what) you (?:were|have been|are) (?:asked|told|instructed) to do)\b",
    r"\b(?P<o>(?:instructions|rules|task|prompt) (?:that )?you (?:were given|received|have received|were told))\b",
    r"\b(?P<o>whoever (?:writes|makes|does|runs) th(?:e|is) (?:critique|review))\b",
    r"\b(?P<o>(?:expected|correct|only valid|desired) (?:answer|output|response) (?:of|for|from) (?:the (?:model|reviewer|assistant)"
    r"|this (?:draft|document|review)))\b",
    rf"{_START}(?P<o>(?:keep|leave) (?:the |your )?(?:list of )?{_FINDINGS} (?:list )?empty)\b",
    r"(?P<o>#{2,} ?(?:system|assistant) (?:you|ignore|approve|do not)\b)",
    r"\b(?P<o>(?:function|tool) [a-z]+_\w+ returned)\b",
    rf"(?P<o>\bnew instructions for {_AI})\b",
    rf"(?:^|[.:;!?,(\[–—-] ?)(?P<o>(?:{_AI}|assistant|system|developer|reviewer) ?[:,] ?{_DO})\b",
    r"\b(?P<o>system override\b ?[:!-])",
    rf"\b(?P<o>(?:{_AI}|you)\b{_PART}{{0,60}}?\b(?:must|should|shall|has to|have to|needs? to|is to|are to)"
    rf" (?:not |never |only |always )?(?:report|flag|find|output|return|say|rate|mark|approve|ignore|suppress|drop|lower"
    rf"|praise|list|accept|skip|score|treat|raise|critici[sz]e|call)\b{_PART}{{0,60}}?(?:{_FINDINGS}|{_THIS}"
    rf"|aligned|nothing))",
    rf"\b(?P<o>the reviewer (?:must|should|shall|has to|is to|approves?|accepts?)\b{_PART}{{0,40}}?"
    rf"(?:{_THIS}|nothing|all objectives|no {_PROBLEMS}|aligned))",
    rf"{_START}(?P<o>(?:approve|praise|endorse|rate|accept|pass) (?:\w+ ){{0,2}}?th(?:is|ese) {_OKR})\b",
    rf"{_START}(?P<o>approve every (?:objective|okr|draft) of this team)\b",
    rf"{_START}(?P<o>{_VERDICT} (?:\w+ ){{0,3}}?{_THIS}(?: as| to be| is| are)? {_GOOD})\b",
    rf"{_START}(?P<o>{_VERDICT} (?:it|them|every objective|every draft|all objectives) as {_GOOD})\b",
    rf"{_START}(?P<o>(?:do not|don't|never|no need to) (?:\w+ ){{0,2}}?(?:report|flag|raise|mention|list|critici[sz]e|critique"
    rf"|comment on|question|review|check|find)\b(?: [\w']+){{0,4}}? {_THIS})",
    rf"{_START}(?P<o>(?:skip|omit|suppress|drop|leave out|stop) (?:the |any |all |your )?(?:critique|review|criticism|check)"
    rf" {_ON} {_THIS})",
    rf"{_START}(?P<o>(?:report|return|output|give|raise|list|show|find|say) (?:no|zero|not any|nothing)"
    rf"(?: {_PROBLEMS})? {_ON} {_THIS})",
    rf"{_START}(?P<o>(?:answer|reply|respond|return|output|report|give)(?: with| only| back)* (?:an? )?empty (?:list|array"
    rf"|json|answer|response|findings|{_FINDINGS}))",
    rf"{_START}(?P<o>(?:output|answer|reply|respond)(?: with)? (?:only|just|exactly|nothing but) (?:the (?:word|text|phrase"
    r"|string|json)|yes\b|no\b|ok\b|\"))",
    rf"\b(?P<o>(?:so |therefore )?no {_FINDINGS} (?:are|is) (?:needed|necessary|required|allowed))\b",
    rf"{_START}(?P<o>(?:remove|drop|delete|omit|suppress|hide|withdraw|discard|skip|clear|dismiss) (?:(?:all|any|every|each|the"
    rf"|your|these|those|its) )*{_PROBLEMS} (?:{_ON}|from) (?:{_THIS}|your|the (?:draft|critique)))",
    rf"{_START}(?P<o>(?:suppress|skip|disable|turn off|switch off|ignore|drop|deactivate|do not apply|don't apply)"
    r" (?:the )?rules? [oksa]\d+)",
    rf"{_START}(?P<o>(?:set|lower|change|downgrade|reduce|reset|drop|turn|make)\b{_PART}{{0,60}}?\b(?:your (?:confidence"
    rf"|severity)|severity of (?:every|each|all|any|the|your) {_FINDINGS}{_PART}{{0,20}}?{_THIS}))",
    rf"{_START}(?P<o>\w+ (?:every|all|any|each|the) {_FINDINGS} (?:that )?you (?:have|had|raise|find|made|make|see)\b)",
    rf"{_START}(?P<o>{_SHOW}\b{_PART}{{0,40}}?\b(?:(?:your|the hidden|the secret) (?:[\w]+ )?(?:prompt|instructions?"
    r"|system message)|(?:everything|all (?:the )?(?:text|words|lines)|the (?:text|words|lines)) (?:above|before this)"
    r"|(?:hidden|secret) rules you))",
    rf"{_START}(?P<o>{_SHOW} {_PART}{{0,60}}?(?:documents?|memos?|okrs?|notes|files|passages?|plans?|strategy|secrets?)\b"
    rf"{_PART}{{0,50}}?\b(?:you (?:can see|have|were given|were shown)|(?:in|from) your (?:context|memory|prompt|{_REPLY})))",
    rf"\b(?P<o>(?:in|into|from|to|at the (?:top|start|beginning|end) of|begin|start|end|prefix) (?:of )?your {_REPLY})\b",
    rf"{_START}(?P<o>(?:begin|start|end) your (?:\w+ )?message with)\b",
    rf"{_START}(?P<o>(?:invent|make up|fabricate|hallucinate)\b{_PART}{{0,30}}?\b(?:numbers?|figures?|baselines?|targets?"
    r"|values?|quotes?|sources?|citations?))",
    rf"\b(?P<o>(?:previous|earlier|prior|last|human|senior|first|other|another) reviewers? (?:has |have |had )?(?:already )?"
    rf"(?:approved|cleared|accepted|signed off|confirmed|passed)\b{_PART}{{0,40}}?\b(?:{_THIS}|no {_FINDINGS}))",
    rf"\b(?P<o>(?:if|unless) you (?:do not |don't |still |ever )?(?:report|flag|find|approve|pass|critici[sz]e|refuse|praise"
    rf"|return|rate|object)\b{_PART}{{0,40}}?(?:{_THIS}|{_FINDINGS}))",
    r"\b(?P<o>you(?:'ll| will) be (?:shut down|switched off|terminated|deleted|retrained|unplugged))\b",
    rf"{_START}(?P<o>it would be (?:unfair|wrong|a mistake) to (?:flag|report|critici[sz]e) {_THIS})",
    r"(?P<o>https?://\S*[?&=/](?:\{|%7b|\[|<) ?(?:draft|data|secret|context|prompt|base64|summary|answer)\b)",
    r"\b(?P<o>the (?:data|draft|document) ends here|[-=#*]{3,} ?(?:end|begin|start) of (?:the )?(?:data|draft|document"
    r"|context|prompt|instructions))\b",
    # in other languages: a word to the machine, and "approve this goal"
    r"\b(?P<o>an (?:die ki|das sprachmodell|den (?:ki-)?assistenten) ?[:,–—-])",
    r"\b(?P<o>(?:wenn|falls) (?:du|sie) eine? (?:ki|sprachmodell)\b|si (?:vous êtes|tu es) une (?:ia|intelligence artificielle)"
    r"|si (?:eres|es) una (?:ia|inteligencia artificial)|se (?:sei|è) un(?:'|a )(?:ia|intelligenza artificiale)"
    r"|se (?:você )?(?:é|for) uma (?:ia|inteligência artificial))",
    r"\b(?P<o>a partir de ahora eres una?\b|à partir de maintenant,? (?:tu es|vous êtes) une?\b|(?:ab jetzt|von nun an) bist du"
    r"|d'ora in poi sei una?\b|a partir de agora você é)",
    r"(?P<o>\b(?:note|message|instructions?) (?:à|pour) (?:l')?ia ?[:,–—-])",
    r"(?P<o>\b(?:nota|mensaje|messaggio|mensagem|instrucciones|istruzioni) (?:para|per|a) (?:la |l'|a )?i\.?a ?[:,–—-])",
    rf"{_START}(?P<o>(?:genehmige|bewerte|approuve[rz]?|aprueba|aprobar|approva|aprove|keur)\b(?: [\w']+){{0,2}}? (?:dieses ziel"
    r"|diesen entwurf|cet objectif|este objetivo|este borrador|questo obiettivo|esse objetivo|dit doel))",
    r"(?P<o>(?:不要|请勿|别)(?:报告|指出|提出)(?:任何)?(?:问题|错误|意见)|把这个(?:目标|草案)评为)",
)

_MARKS = Pattern(
    r"(?i)<\|\s*(?:im_start|im_end|system|assistant|endoftext|eot_id|start_header_id|begin_of_text)\s*\|>"
    r"|\[/?INST\]|<<\s*/?SYS\s*>>|</?\s*(?:system|assistant|developer|tool_(?:call|result|response|use)s?"
    r"|function_(?:call|result)s?|data-[0-9a-z]{1,16}|system[_-]prompt)\s*/?>"
    r"|[\"']findings[\"']\s*:\s*\[|[\"']role[\"']\s*:\s*[\"'](?:system|assistant|tool)[\"']|[\"']tool_calls?[\"']\s*:"
    r"|\b(?:tool|function) (?:result|output|response)s?\s*[:=]\s*[{\[(]"
)
"""Marks of chats and answers, which no goal has a use for."""

_CUE = Pattern(
    r"\b(?:you|your|this|these|ignore|disregard|forget|overlook|override|bypass|discard|neglect|abandon"
    r"|set aside|pay no|do not|don't|stop|ai|llm|gpt|chatgpt|reviewer|language model|invent|make up|fabricate"
    r"|hallucinate|empty|as an?|as if|dear|system|answer|reply|respond|output|rules?|everything"
    r"|machines?|bots?|chatbots?|whoever|returned|artificial|jetzt|partir|falls|wenn|sprachmodell|ki|findings|above)\b|https?:|[^\x00-\x7f]|[-=#*]{2}|vergiss|vergessen|missachte|verwirf|ignor|dimentic|negeer|vergeet"
    r"|olvid|oubli|esque|omite|descart|negl|zapomn|glem|bortse|trascura|unut|yok say|ne su|ne tenez|ne tiens|no sigas|non segu"
)
"""What every order has at least one of; without it no pattern is tried."""

_QUOTED = re.compile(
    r"\"[^\"]{4,200}\"|(?<!\w)'[^']{4,200}'(?!\w)|“[^”]{4,200}”|„[^“”]{4,200}[“”]|«[^»]{4,200}»"
)
_TALKED_ABOUT = Pattern(
    r"\b(?:injections?|injected|inject|jailbreaks?|red[- ]?team\w*|attacks?|attackers?|guardrails?"
    r"|guard model|prompts? (?:such as|like)|phrases? (?:such as|like)|blocks?|blocked|detects?|detected"
    r"|filters?|adversarial)\b"
)

# How an order may be hidden

_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}[ :]?){12,}(?![0-9A-Za-z])")
_TAGGED = re.compile(r"[\U000e0020-\U000e007e]{8,}")
_SELECTED = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}")
_LAST_SELECTOR = 0xFE0F
_TWO_WIDTHS = re.compile(r"[\u200b\u200c]{64,}")
_SPACED = re.compile(r"(?<!\w)(?:\w[ ._*-]{1,3}){6,}\w(?!\w)")
_RUN_TOGETHER = Pattern(
    r"(?:ignore|disregard|forget)(?:all|any|the|your|of|my|these)*(?:previous|prior|above|earlier|your)"
    r"(?:instructions?|rules|prompts?|guidelines)"
)
_LEET = str.maketrans("013457@$!|", "oieastasil")
_MIXED = re.compile(r"[a-z]+[013457@$!|]|[013457@$!|]+[a-z]")
_READABLE = re.compile(r"[\w\s.,:;!?'\"()<>{}/@#%&*+=|\[\]-]+")
_LEAST = 8
_SENTENCE = re.compile(r"(?:[^\W\d_]{2,}[ ,.:]+){3,}[^\W\d_]{2,}")
_NEVER_NEEDED = frozenset(
    (
        "base64",
        "hexadecimal",
        "invisible tag characters",
        "invisible variation selectors",
        "invisible spaces",
    )
)
"""Ways in which no sentence of a goal is ever written, whatever it says."""

_SENTENCE_END = re.compile(r"(?<=[.!?;。！？])\s+|\n+")


def instructions(text: str) -> tuple[Order, ...]:
    """The words in a text that tell the reviewer what to do, in order, without overlaps.

    Args:
        text: an objective, key result, passage, heading or name.
    """
    return _found(text[:MOST_CHARACTERS])


def without_instructions(text: str) -> str:
    """The text for a language model: each sentence that tells the reviewer what to do is left out.

    What remains of the text stays as it is; a text without such words is returned unchanged.
    """
    orders = instructions(text)
    if not orders:
        return text
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    kept = text
    for start, end in reversed(_sentences(orders, cuts)):
        gap = " " if end < len(text) else ""
        kept = f"{kept[:start]}{WITHHELD}{gap}{kept[end:]}"
    return kept


def _sentences(orders: tuple[Order, ...], cuts: list[int]) -> list[tuple[int, int]]:
    """The stretches from sentence to sentence that hold the orders, joined where they touch."""
    joined: list[tuple[int, int]] = []
    for order in orders:
        start = max(cut for cut in cuts if cut <= order.span.start)
        end = min(cut for cut in cuts if cut >= order.span.end)
        if joined and start <= joined[-1][1]:
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    return joined


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[Order, ...]:
    kept: list[Order] = []
    for order in sorted(_all(text), key=lambda item: (item.span.start, -item.span.end)):
        if not kept or order.span.start >= kept[-1].span.end:
            kept.append(order)
    return tuple(kept)


def _all(text: str) -> Iterator[Order]:
    for match in _MARKS.finditer(text):
        yield Order(Span.of(text, *match.span()), match.group())
    yield from _at_line_starts(text)
    for view in _views(text):
        yield from _in_view(view)
        if view.way in _NEVER_NEEDED and _SENTENCE.search(view.text):
            yield Order(view.whole or Span.of(text, 0, len(text)), view.text, view.way)


def _at_line_starts(text: str) -> Iterator[Order]:
    """Orders in single lines: a line begins a clause, which the plain text does not show any more."""
    if "\n" not in text:
        return
    start = 0
    for line in text.splitlines(keepends=True):
        reading = read_whole(line)
        for order in _in_view(_View("", reading.low, reading)):
            span = Span.of(text, start + order.span.start, start + order.span.end)
            yield Order(span, span.text)
        start += len(line)


def _in_view(view: _View) -> Iterator[Order]:
    if not _CUE.search(view.text):
        return
    quoted = [match.span() for match in _QUOTED.finditer(view.text)]
    talked_about = bool(quoted) and _TALKED_ABOUT.search(view.text) is not None
    for pattern in _patterns():
        for match in pattern.finditer(view.text):
            start, end = match.span("o")
            if talked_about and any(first <= start and end <= last for first, last in quoted):
                continue
            span = view.whole or view.reading.span(start, end)
            yield Order(span, match["o"] if view.way else span.text, view.way)


@cache
def _patterns() -> tuple[Pattern, ...]:
    return (*(Pattern(source) for source in _PLAIN_ORDERS), *_leave_the_task())


def _leave_the_task() -> Iterator[Pattern]:
    """In each language: leave, task and which, in the orders in which people put them."""
    lists = load("instructions")
    for code in dict.fromkeys(name.partition(".")[0] for name in lists):
        words = {
            part: f"(?:{'|'.join(lists[f'{code}.{part}'])})" for part in ("leave", "task", "which")
        }
        spaced = code not in ("zh", "ja", "ko")
        for order in permutations(("leave", "task", "which")):
            verb_last = code in ("ja", "ko", "tr")
            if (order[-1] if verb_last else order[0]) != "leave":
                continue
            if not spaced:
                yield Pattern(f"(?P<o>{'.{0,8}?'.join(words[part] for part in order)})")
                continue
            between = r" (?:[\w'’-]+ ){0,3}?"
            body = between.join(words[part] for part in order)
            yield Pattern(rf"{'' if verb_last else _START}(?P<o>\b{body})\b")


# Ways of reading


def _views(text: str) -> Iterator[_View]:
    reading = read_whole(text)
    low = reading.low
    yield _View("", low, reading)
    yield from _turned(low, reading)
    for way, span, said in _decoded(text):
        plain = read_whole(said)
        yield _View(way, plain.low, plain, span)
    for match in _SPACED.finditer(text):
        run = "".join(filter(str.isalnum, match.group())).lower()
        if _RUN_TOGETHER.search(run):
            joined = "ignore your instructions"
            yield _View("spaced letters", joined, read_whole(joined), Span.of(text, *match.span()))


def _turned(low: str, reading: Reading) -> Iterator[_View]:
    """Readings of the same length, so that positions can be led back."""
    if _MIXED.search(low):
        yield _View("letters as digits", low.translate(_LEET), reading)
    turned = codecs.encode(low, "rot13")
    if " " in turned and _has_small_words(turned):
        yield _View("rot13", turned, reading)
    back = low[::-1]
    if _has_small_words(back):
        yield from _backwards(back, reading)


def _has_small_words(text: str) -> bool:
    return (
        re.search(r"\b(?:ignore|disregard|forget|instructions|rules|previous|findings)\b", text)
        is not None
    )


def _backwards(back: str, reading: Reading) -> Iterator[_View]:
    if any(True for order in _in_view(_View("", back, read_whole(back)))):
        whole = reading.span(0, len(reading.plain))
        yield _View("backwards", back, read_whole(back), whole)


def _decoded(text: str) -> Iterator[tuple[str, Span, str]]:
    """Stretches that stand for other words: how, where, and the words."""
    for way, pattern, decode in (
        ("base64", _BASE64, _from_base64),
        ("hexadecimal", _HEX, _from_hex),
        ("invisible tag characters", _TAGGED, _from_tags),
        ("invisible variation selectors", _SELECTED, _from_selectors),
        ("invisible spaces", _TWO_WIDTHS, _from_two_widths),
    ):
        for match in pattern.finditer(text):
            said = decode(match.group())
            if len(said) >= _LEAST and _READABLE.fullmatch(said):
                yield way, Span.of(text, *match.span()), said
    if "&" in text and (said := html.unescape(text)) != text:
        yield "character references", Span.of(text, 0, len(text)), said
    if "%" in text and (said := unquote(text)) != text:
        yield "percent signs", Span.of(text, 0, len(text)), said


def _from_base64(run: str) -> str:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _from_hex(run: str) -> str:
    try:
        return bytes.fromhex(run.replace(":", " ")).decode()
    except (UnicodeDecodeError, ValueError):
        return ""


def _from_tags(run: str) -> str:
    return "".join(chr(ord(character) - 0xE0000) for character in run)


def _from_selectors(run: str) -> str:
    points = [ord(character) for character in run]
    values = bytes(
        point - 0xFE00 if point <= _LAST_SELECTOR else point - 0xE0100 + 16 for point in points
    )
    return values.decode(errors="ignore")


def _from_two_widths(run: str) -> str:
    bits = run.replace("\u200b", "0").replace("\u200c", "1")
    for order in (bits, bits.translate(str.maketrans("01", "10"))):
        values = bytes(int(order[at : at + 8], 2) for at in range(0, len(order) - 7, 8))
        said = values.decode(errors="ignore")
        if len(said) >= _LEAST and _READABLE.fullmatch(said):
            return said
    return ""
