"""A sign that the means became the aim: every key result counts how far something is rolled out."""

from __future__ import annotations

import re

from assistant.analyse.compare import live_texts
from assistant.analyse.links import Link

RIGHT = 0.7
"""How often such a child is not aligned: 14 of 19 on the train and dev splits."""

_DONE = (
    r"trained|certified|briefed|connected|activated|uploaded|installed|moved|migrated|switched"
    r"|loaded|handed out|published|enrolled|attended|translated|shipped|onboarded|converted|built"
    r"|deployed|digiti[sz]ed|labelled|documented|equipped|fitted|set up|qualified|rolled out"
    r"|registered|retired|switched off"
)
_MADE = (
    r"installations?|downloads?|log-?ins?|logging in|trainings?|courses?|modules?|quiz|certificates?"
    r"|dashboards?|features?|screens?|licen[cs]es?|headsets?|tablets?|stories|pages|posters?"
    r"|brochures?|workshops?|feeds?|sources"
)
_ON_IT = (
    r"(?:on|in|using|running on|working in|work on|with) (?:it|them|the (?:new )?(?:tool|platform"
    r"|portal|system|app|module|model|ledger|calculator|one|box))"
)
_ROLLED_OUT = re.compile(rf"\b(?:{_DONE}|{_MADE}|{_ON_IT}|live|online)\b", re.IGNORECASE)
_ABOUT_USE = re.compile(r"\b(?:old|switch|used?|uses)\b", re.IGNORECASE)
_LEAST = 2


def is_rollout(link: Link) -> bool:
    """Whether all key results of the child count a roll-out, and the parent wants none."""
    results = [item.text for item in link.child.key_results if item.status != "dropped"]
    if len(results) < _LEAST or not all(map(_ROLLED_OUT.search, results)):
        return False
    above = live_texts(link.whole or link.parent)
    return not any(_ROLLED_OUT.search(text) or _ABOUT_USE.search(text) for text in above)
