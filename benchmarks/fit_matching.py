"""Fit the weights of the ranking on the dev half of a labelled set: python -m benchmarks.fit_matching FILE [--semantic]

Rows are the predictions looked at for each item, the background of that half included. Round what it prints,
write it into forecasts/evidence/ranking.py, and choose the threshold from the last lines.
"""

import argparse
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from forecasts.evidence import ranking
from forecasts.evidence.evaluate import seen_in
from forecasts.evidence.labelled import read_labelled
from forecasts.evidence.ranking import Ranked
from forecasts.evidence.semantic import vector

RECALLS = (0.8, 0.9)


def main(file: Path, semantic: bool) -> None:
    data = read_labelled(file.read_text(encoding="utf-8").splitlines())
    if not semantic:
        ranking.HOPELESS = 0.0  # nothing is left out while the weights are not known
    index = ranking.Index((case.subject for case in data.cases), seen_in(data), vector if semantic else None)
    rows = [
        (_values(hit), item.is_relevant and hit.id == case.subject.id, item.is_resolving)
        for case, item in data.items_of("dev")
        for hit in index.rank(item.report)
    ]
    rows += [(_values(hit), False, False) for report in data.background_of("dev") for hit in index.rank(report)]
    values, relevant, resolving = (np.array(column) for column in zip(*rows, strict=True))
    model = LogisticRegression(C=3, max_iter=1000).fit(values, relevant)
    print("INTERCEPT", np.round(model.intercept_, 1), "WEIGHTS", np.round(model.coef_[0], 1))
    scores = model.predict_proba(values[relevant & resolving])[:, 1]
    for recall in RECALLS:
        print(f"threshold for {recall:.0%} of the resolving items looked at", np.quantile(scores, 1 - recall))


def _values(hit: Ranked) -> tuple[float, ...]:
    return hit.features if hit.likeness is None else (*hit.features, hit.likeness)


parser = argparse.ArgumentParser()
parser.add_argument("file", type=Path)
parser.add_argument("--semantic", action="store_true")
main(**vars(parser.parse_args()))
