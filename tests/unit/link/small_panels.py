"""Small panels and chains that a test can draw in its own lines."""

from dataclasses import replace

import numpy as np

from anello.link.look import look
from anello.model.chain import Chain, Construct, Item, Link, Measure, Side, Source, Worth
from anello.model.evidence import Level
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words
from anello.store.panel import Panel

SAID = Worth(0.2, standardised=True)
WORD = Words("word", "parola")
MANY = Plural(WORD, WORD)


def panel_of(waves=None, **measures):
    """Return a panel from units x waves tables, one for each measure; None is a missing cell."""
    mean = {k: np.array(v, dtype=float) for k, v in measures.items()}
    units, times = next(iter(mean.values())).shape
    keys = tuple(waves or (str(2001 + t) for t in range(times)))
    unknown = {k: np.full((units, times), np.nan) for k in mean}
    return Panel(tuple(f"u{j:03d}" for j in range(units)), keys, mean, unknown)


def measure(key, **more):
    return Measure(key, key, WORD, more.pop("source", "s"), (Item(key),), **more)


def chain_of(*links, measures=None, peers=None, seed=1):
    """Return a chain of links between measures called by one word each."""
    named = {k for link in links for k in (link.source, link.target, *link.controls)}
    known = {m.key: m for m in measures or ()}
    listed = tuple(known.values()) + tuple(measure(k) for k in sorted(named - known.keys()))
    return Chain(
        "test",
        WORD,
        tuple(Construct(m.key, WORD, Side.EMPLOYEE) for m in listed),
        listed,
        links,
        tuple(Source(k, "-") for k in sorted({m.source for m in listed})),
        Units("unit", MANY, peers=peers),
        Waves("wave", MANY),
        seed=seed,
    )


def said(source, target, **more):
    """Return a link whose worth somebody declared."""
    return Link(source, target, worth=more.pop("worth", SAID), **more)


def looked(panel, link, level=Level.BETWEEN, **more):
    return look(panel, chain_of(link, **more), link, level)


def drawn(units, waves, effect, seed=1, noise=1.0):
    """Return a panel of x and y in which y = effect * x + noise, with stable units and shocks."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(units, 1)) + rng.normal(size=(units, waves))
    e = rng.normal(size=(units, 1)) + rng.normal(size=(units, waves))
    return panel_of(x=x, y=effect * x + noise * e + rng.normal(size=waves))


def with_groups(panel, **columns):
    """Return the panel with a label for each unit, the same in every wave."""
    groups = {
        k: np.repeat(np.array(v, dtype=object)[:, None], len(panel.waves), axis=1)
        for k, v in columns.items()
    }
    return replace(panel, groups=groups)
