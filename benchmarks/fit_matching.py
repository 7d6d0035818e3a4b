"""Fit the weights of the ranking on the dev half of a labelled set: python -m benchmarks.fit_matching FILE

Rows are the predictions looked at for each item, the background of that half included. Round what it prints,
write it into forecasts/evidence/ranking.py, and choose the threshold from the last line.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from forecasts.evidence import ranking
from forecasts.evidence.evaluate import RECALL_WANTED, seen_in
from forecasts.evidence.labelled import read_labelled


def main(file: str) -> None:
    data = read_labelled(Path(file).read_text(encoding="utf-8").splitlines())
    ranking.HOPELESS = 0.0  # nothing is left out while the weights are not known
    index = ranking.Index((case.subject for case in data.cases), seen_in(data))
    rows = [
        (hit.features, item.is_relevant and hit.id == case.subject.id, item.is_resolving)
        for case, item in data.items_of("dev")
        for hit in index.rank(item.report)
    ]
    rows += [(hit.features, False, False) for report in data.background_of("dev") for hit in index.rank(report)]
    values, relevant, resolving = (np.array(column) for column in zip(*rows, strict=True))
    model = LogisticRegression(C=3, max_iter=1000).fit(values, relevant)
    print("INTERCEPT", np.round(model.intercept_, 1), "WEIGHTS", np.round(model.coef_[0], 1))
    scores = model.predict_proba(values[relevant & resolving])[:, 1]
    print(f"threshold for {RECALL_WANTED:.0%} of the resolving items looked at", np.quantile(scores, 1 - RECALL_WANTED))


main(*sys.argv[1:])
