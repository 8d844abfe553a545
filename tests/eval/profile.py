"""Where extraction's time goes: by samples of the stack each thousandth of a second of processor time.

Samples cost next to nothing, so that small functions called often are not blamed for being counted, as
cProfile does.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable
from types import FrameType

STAGES = {
    "sentences": ("sentences.py", "split_sentences"),
    "names and triggers": ("mentions.py", "find"),
    "words": ("tokenizer.py", "split"),
    "vectors": ("network.py", "vectors"),
    "arcs": ("arcs.py", "parse_arcs"),
    "trees": ("model.py", "_tree"),
    "frames": ("frames.py", "match_frames"),
    "quantities": ("quantities.py", "find_quantities"),
    "dates": ("article.py", "dates_of"),
    "casualties": ("casualties.py", "extract_casualties"),
    "reinforcements": ("reinforcements.py", "extract_reinforcements"),
    "territory": ("territory.py", "extract_territory"),
}
"""The stages of extraction by file and function. What they call counts for them."""
SHOWN = 25


def profile(work: Callable[[], object]) -> str:
    """Run `work` and return its stages and its dearest functions as a table, in percent of the samples."""
    inside: Counter[tuple[str, str]] = Counter()
    samples = 0

    def look(_signal: int, frame: FrameType | None) -> None:
        nonlocal samples
        samples += 1
        seen = set()
        while frame is not None:
            seen.add((frame.f_code.co_filename.rpartition("/")[2], frame.f_code.co_name))
            frame = frame.f_back
        inside.update(seen)

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    rows = ["| stage | percent |", "|---|---|"]
    rows += [f"| {stage} | {100 * inside[key] / samples:.1f} |" for stage, key in STAGES.items()]
    rows += ["", "| function, with what it calls | percent |", "|---|---|"]
    stages = set(STAGES.values())
    dearest = [key for key, _ in inside.most_common(SHOWN + len(stages)) if key not in stages]
    rows += [f"| {name} ({file}) | {100 * inside[file, name] / samples:.1f} |" for file, name in dearest]
    return "\n".join(rows)
