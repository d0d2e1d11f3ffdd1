"""The plainest reader of text: a logistic regression on single words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


def fit_words(texts: Sequence[str], labels: Any) -> Pipeline:
    """Train on single words alone.

    Args:
        texts: what to learn from.
        labels: one a text; classes are weighted alike, however rare.

    Returns:
        A classifier of texts.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = LogisticRegression(class_weight="balanced", max_iter=2000)
    return make_pipeline(TfidfVectorizer(), model).fit(texts, labels)


def likely(model: Pipeline, texts: Sequence[str]) -> list[Mapping[str, float]]:
    """How likely each label is, for each text."""
    names = model.classes_.tolist()
    return [dict(zip(names, row, strict=True)) for row in model.predict_proba(texts).tolist()]
