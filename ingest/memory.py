"""Making things that live as long as the process: the lexicon and the automaton of its names."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_for_good() -> Iterator[None]:
    """Make hundreds of thousands of objects that stay, without the garbage collector walking them.

    It would walk all of them again every few thousand objects, which doubles the time of making them, and
    later in every full collection: what stands at the end is therefore taken out of its sight.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()
