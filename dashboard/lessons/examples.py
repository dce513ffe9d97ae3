"""The twenty worked examples, computed when they are asked for: no number stands in the text.

p is the first argument: KL(p‖q). Each example says which way, in which unit, and what it teaches.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from core.measuring import gaussians
from core.measuring.dependence import mutual_information
from core.measuring.divergences import JSD, LN2, js_distance
from core.measuring.significance import likelihood_ratio
from core.measuring.smoothing import probabilities, with_epsilon

from .measures import DISTANCE, Number, cross_entropy, jsd, kl

D1, D2, D3, D4 = np.array(
    [[0.2, 0.5, 0.2, 0.1], [0.3, 0.4, 0.1, 0.2], [0.1, 0.1, 0.1, 0.7], [0, 0.9, 0, 0.1]]
)
LOGITS = (0.39056206, 1.3068528, 0.39056206, -0.30258512)
SURE, GOOD, BAD = (1.0, 0.0), (0.8, 0.2), (0.2, 0.8)
FAIR, BENT = (0.5, 0.5), (0.99, 0.01)
ENDLESS = 10**12  # rows that make a reference as good as known
TRIPLES, SEED = 20_000, 15
SHOWN = ("d1 = (.2, .5, .2, .1)", "d2 = (.3, .4, .1, .2)", "d3 = (.1, .1, .1, .7)")


@dataclass(frozen=True, slots=True)
class Example:
    """A small case with a known answer."""

    number: int
    case: str
    numbers: tuple[Number, ...]
    teaches: str


def examples() -> tuple[Example, ...]:
    """Compute all twenty, in their order."""
    found = (
        *(*_classifiers(), *_directions(), *_categories(), *_support(), *_entropies()),
        *(*_surprises(), *_distances(), *_tables(), *_tests(), *_energies()),
    )
    return tuple(sorted(found, key=lambda example: example.number))


def _bits(name: str, nats: float, digits: int = 6) -> Number:
    return Number(name, nats / LN2, "bits", digits)


def _nats(name: str, nats: float, digits: int = 7) -> Number:
    return Number(name, nats, "nats", digits)


def _classifiers() -> tuple[Example, ...]:
    return (
        Example(
            1,
            "The label is surely “dog”, p = (1, 0). A decent classifier says q = (0.8, 0.2).",
            (_bits("KL(p‖q)", kl(SURE, GOOD)),),
            "The surprise of a good model.",
        ),
        Example(
            2,
            "The same label. A bad classifier says q = (0.2, 0.8).",
            (_bits("KL(p‖q)", kl(SURE, BAD)),),
            "The surprise of a bad one.",
        ),
        Example(
            3,
            "The same label. The classifier is sure and right: q = (1, 0).",
            (_bits("KL(p‖q)", kl(SURE, SURE)),),
            "0 log 0 is 0: nothing is left to learn.",
        ),
        Example(
            4,
            "The first one turned round: p = (0.8, 0.2) against q = (1, 0).",
            (_bits("KL(p‖q)", kl(GOOD, SURE)), _bits("JSD", jsd(GOOD, SURE), 4)),
            "What q held impossible came: KL needs smoothing here, the JSD does not.",
        ),
    )


def _directions() -> tuple[Example, ...]:
    there = kl(FAIR, BENT)
    return (
        Example(
            5,
            "A fair coin, p = (0.5, 0.5), against q = (0.99, 0.01), and back.",
            (
                _nats("KL(p‖q)", there),
                _bits("KL(p‖q)", there, 7),
                _nats("KL(q‖p)", kl(BENT, FAIR)),
            ),
            "The direction matters.",
        ),
        Example(
            6, "Two fair coins.", (_nats("KL(p‖q)", kl(FAIR, FAIR)),), "The same is exactly 0."
        ),
        Example(
            7,
            "Two normal distributions, p of mean 1 and spread 1, q of mean 2 and spread 0.5.",
            (
                _nats("KL(p‖q)", gaussians.kl(1, 1, 2, 0.5**2)),
                _nats("KL(q‖p)", gaussians.kl(2, 0.5**2, 1, 1)),
            ),
            "A closed form, without bins. A widely copied page prints example 5 for the second.",
        ),
    )


def _categories() -> tuple[Example, ...]:
    return (
        Example(
            8,
            f"Four categories: {', '.join(SHOWN)}.",
            (
                _nats("KL(d2‖d1)", kl(D2, D1)),
                _nats("KL(d3‖d1)", kl(D3, D1)),
                _nats("a quarter of KL(d2‖d1)", kl(D2, D1) / D1.size),
                _nats("a quarter of KL(d3‖d1)", kl(D3, D1) / D1.size),
            ),
            "KL is a sum over the bins. Software that averages prints a quarter.",
        ),
    )


def _support() -> tuple[Example, ...]:
    rows1, rows4 = (np.round(100 * shares) for shares in (D1, D4))
    tiny = kl(with_epsilon(rows1, 1e-12), with_epsilon(rows4, 1e-12))
    return (
        Example(
            9,
            f"{SHOWN[0]} has values that d4 = (0, .9, 0, .1) never has.",
            (_nats("KL(d4‖d1)", kl(D4, D1)), _nats("KL(d1‖d4)", kl(D1, D4))),
            "What the second never saw makes KL infinite.",
        ),
        Example(
            10,
            "KL(d1‖d4) again, once with 1e-12 added to every share, once with half a row a bin.",
            (
                _nats("with 1e-12 added", tiny, 4),
                _nats("half a row a bin, 100 rows", kl(probabilities(rows1), probabilities(rows4))),
            ),
            "A tiny epsilon alone decides the number; half a row weighs by the rows there are.",
        ),
    )


def _entropies() -> tuple[Example, ...]:
    soft = softmax(LOGITS)
    return (
        Example(
            11,
            f"Scores that are logits: ({', '.join(map(str, LOGITS))}).",
            (
                *(Number(f"share {i}", float(share), "", 7) for i, share in enumerate(soft, 1)),
                _nats("KL(softmax‖d1)", kl(soft, D1)),
            ),
            "Softmax turns them into d1. Scores must be declared as logits.",
        ),
        Example(
            12,
            f"Cross entropy of {SHOWN[0]} in the code of {SHOWN[2]}.",
            (
                _nats("H(d1, d3)", cross_entropy(D1, D3)),
                _nats("H(d1)", cross_entropy(D1, D1)),
                _nats("KL(d1‖d3)", kl(D1, D3)),
            ),
            "Cross entropy is entropy plus KL: KL is the extra length.",
        ),
    )


def _surprises() -> tuple[Example, ...]:
    return (
        Example(
            13,
            "A black swan: seen one, believed with 1 in 100; and believed with 1 in 2.",
            (
                _bits("believed 0.01", kl(SURE, BENT[::-1])),
                _bits("believed 0.5", kl(SURE, FAIR)),
            ),
            "What one event tells. KL(seen‖believed).",
        ),
    )


def _distances() -> tuple[Example, ...]:
    p, q, r = np.random.default_rng(SEED).dirichlet(np.ones(3), size=(3, TRIPLES))
    pq, qr, pr = (JSD(*pair) for pair in ((p, q), (q, r), (p, r)))
    roots = js_distance(pr) > js_distance(pq) + js_distance(qr) + 1e-12
    between, middle = jsd(D1, D3), (D1 + D3) / 2
    return (
        Example(
            14,
            f"{SHOWN[0]} and {SHOWN[2]}, each against the mean of both.",
            (
                _nats("JSD", between),
                _bits("JSD", between, 7),
                Number("JS distance", float(js_distance(between)), DISTANCE, 7),
                _nats("the wrong way round", (kl(middle, D1) + kl(middle, D3)) / 2, 5),
            ),
            "The JSD runs from each distribution to the mean, not from the mean to each.",
        ),
        Example(
            15,
            "Is the way over a third distribution ever shorter? 20 000 triples of 3 random shares.",
            (
                Number("JS distance", 100 * float(roots.mean()), "% of the triples", 0),
                Number("JSD", 100 * float((pr > pq + qr).mean()), "% of the triples", 0),
            ),
            "The root is a distance; the JSD itself is not.",
        ),
    )


def _tables() -> tuple[Example, ...]:
    joint = np.array([[4, 1], [1, 4]])
    margins, inside = cross_entropy(FAIR, FAIR), cross_entropy(GOOD, GOOD)
    p, q = np.random.default_rng(17).dirichlet(np.ones(16), size=2)
    coarse_p, coarse_q = p.reshape(4, 4).sum(axis=1), q.reshape(4, 4).sum(axis=1)
    groups = [cross_entropy(group / group.sum(), group / group.sum()) for group in p.reshape(4, 4)]
    return (
        Example(
            16,
            "Two features in a table of shares (0.4, 0.1; 0.1, 0.4).",
            (
                _nats("H(X) - H(X|Y)", margins - inside, 4),
                _nats("KL(joint‖product)", float(mutual_information(joint)), 4),
            ),
            "Dependence is a KL divergence: mutual information.",
        ),
        Example(
            17,
            "16 outcomes with random shares, lumped into 4 groups of 4.",
            (
                _nats("H(16 outcomes)", cross_entropy(p, p)),
                _nats(
                    "H(4 groups) + H inside", cross_entropy(coarse_p, coarse_p) + coarse_p @ groups
                ),
                _nats("KL(p‖q) of 16", kl(p, q)),
                _nats("KL(p‖q) of 4", kl(coarse_p, coarse_q)),
            ),
            "Merging bins never inflates drift.",
        ),
    )


def _tests() -> tuple[Example, ...]:
    each = kl((0.53, 0.47), FAIR)
    test = likelihood_ratio([ENDLESS, ENDLESS], [530, 470])
    return (
        Example(
            18,
            "1000 tosses of a coin said to be fair, 530 heads.",
            (
                _nats("KL(seen‖fair), a toss", each, 8),
                Number("G = 2 · 1000 · KL", test.statistic, "chi-square, 1 degree of freedom", 5),
                Number("p", test.p, "chance of as much without drift", 4),
            ),
            "KL is the log-likelihood ratio of a row; from there to a p-value is one step.",
        ),
    )


def _energies() -> tuple[Example, ...]:
    energy, heat, q = np.array([0.0, 1.0, 2.5]), 0.7, np.array([0.2, 0.5, 0.3])
    boltzmann = softmax(-energy / heat)
    free_q, free_p = (s @ energy - heat * cross_entropy(s, s) for s in (q, boltzmann))
    mean, variance = np.array([0.5, -0.3]), np.array([0.8, 1.5])
    latent = (mean**2 + variance - 1 - np.log(variance)).sum() / 2
    return (
        Example(
            19,
            "Free energy of q = (.2, .5, .3); energies 0, 1, 2.5, kT = 0.7; p is Boltzmann's.",
            (
                Number("F(q) - F(p)", free_q - free_p, "energy", 7),
                Number("kT · KL(q‖p)", heat * kl(q, boltzmann), "energy", 7),
            ),
            "The direction is given by nature: from q to the equilibrium.",
        ),
        Example(
            20,
            "Latent vectors N(μ, σ²) against N(0, 1): μ = (0.5, -0.3), σ² = (0.8, 1.5).",
            (
                _nats("½ Σ(μ² + σ² - 1 - ln σ²)", float(latent)),
                _nats(
                    "the closed form of example 7",
                    gaussians.kl(mean, np.diag(variance), np.zeros(2), np.eye(2)),
                ),
            ),
            "The regulariser of a variational autoencoder, and drift of embeddings.",
        ),
    )
