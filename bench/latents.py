# ruff: noqa: INP001 (a script: its folder is no package)
"""Train two small autoencoders on the digits of scikit-learn; write where they put each digit.

    pip install scikit-learn && python bench/latents.py [OUT]

One has the KL term of a variational autoencoder (Kingma and Welling 2014), which draws the latent
means towards N(0, I); the other is the same net without it. OUT (tests/data/digits_latents.parquet)
has a row a digit: `digit`, and the means of both nets as fixed-size lists, `vae` and `plain`.
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

_OUT = Path(__file__).parents[1] / "tests" / "data" / "digits_latents.parquet"
_SEED, _LATENT, _HIDDEN = 20261127, 4, 64
_EPOCHS, _BATCH, _RATE = 300, 64, 2e-3
_BRIGHTEST = 16.0  # of a pixel
Net = dict[str, np.ndarray]


def _digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits  # noqa: PLC0415 (this script alone needs it)

    found = load_digits()
    return found.data / _BRIGHTEST, found.target


def _fresh(rng: np.random.Generator, pixels: int) -> Net:
    sizes = {
        "in": (pixels, _HIDDEN),
        "mean": (_HIDDEN, _LATENT),
        "log": (_HIDDEN, _LATENT),
        "back": (_LATENT, _HIDDEN),
        "out": (_HIDDEN, pixels),
    }
    net = {name: rng.normal(0, 1 / np.sqrt(size[0]), size) for name, size in sizes.items()}
    return net | {f"{name}+": np.zeros(size[1]) for name, size in sizes.items()}


def _slopes(net: Net, rows: np.ndarray, noise: np.ndarray, weight: float) -> Net:
    """Give the slope of the loss: cross entropy of the pixels, and `weight` times the KL term."""
    hidden = np.tanh(rows @ net["in"] + net["in+"])
    mean, log = hidden @ net["mean"] + net["mean+"], hidden @ net["log"] + net["log+"]
    spread = np.exp(log / 2) * noise * weight  # without the KL term nothing is drawn at random
    inner = np.tanh((mean + spread) @ net["back"] + net["back+"])
    drawn = 1 / (1 + np.exp(-(inner @ net["out"] + net["out+"])))
    to_out = (drawn - rows) / len(rows)
    to_inner = (to_out @ net["out"].T) * (1 - inner**2)
    to_latent = to_inner @ net["back"].T
    to_mean = to_latent + weight * mean / len(rows)
    to_log = to_latent * spread / 2 + weight * (np.exp(log) - 1) / 2 / len(rows)
    to_hidden = (to_mean @ net["mean"].T + to_log @ net["log"].T) * (1 - hidden**2)
    pairs = {
        "in": (rows, to_hidden),
        "mean": (hidden, to_mean),
        "log": (hidden, to_log),
        "back": (mean + spread, to_inner),
        "out": (inner, to_out),
    }
    slopes = {name: before.T @ after for name, (before, after) in pairs.items()}
    return slopes | {f"{name}+": after.sum(axis=0) for name, (_, after) in pairs.items()}


def _trained(rows: np.ndarray, weight: float) -> Net:
    """Descend by Adam (Kingma and Ba 2015)."""
    rng = np.random.default_rng(_SEED)
    net = _fresh(rng, rows.shape[1])
    first, second = ({name: np.zeros_like(part) for name, part in net.items()} for _ in range(2))
    step = 0
    for _ in range(_EPOCHS):
        order = rng.permutation(len(rows))
        for start in range(0, len(rows), _BATCH):
            batch = rows[order[start : start + _BATCH]]
            slopes = _slopes(net, batch, rng.normal(size=(len(batch), _LATENT)), weight)
            step += 1
            for name, slope in slopes.items():
                first[name] = 0.9 * first[name] + 0.1 * slope
                second[name] = 0.999 * second[name] + 0.001 * slope**2
                way = first[name] / (1 - 0.9**step)
                net[name] -= _RATE * way / (np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
    return net


def _means(net: Net, rows: np.ndarray) -> pa.Array:
    means = np.tanh(rows @ net["in"] + net["in+"]) @ net["mean"] + net["mean+"]
    return pa.FixedSizeListArray.from_arrays(pa.array(means.astype(np.float32).ravel()), _LATENT)


def main() -> None:
    """Train both nets and write their latent means."""
    rows, digits = _digits()
    columns = {name: _means(_trained(rows, weight), rows) for name, weight in _NETS.items()}
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else _OUT
    parquet.write_table(pa.table({"digit": pa.array(digits, pa.int8()), **columns}), out)


_NETS = {"vae": 1.0, "plain": 0.0}

if __name__ == "__main__":
    main()
