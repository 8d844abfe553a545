"""Verb frames: seeds/frames/*.yml to `Frame` records, checked with errors that name file, frame and reason.

A file is a list of frames; new verbs are added here as data, not as code:

    - id: kill_active            # unique over all files, lower snake_case; a claim's `rule`
      kind: casualty             # casualty, reinforcement, territorial_change
      lemmas: [kill, slay]       # spaCy lemmas of the head
      forms: [slew]   # optional: forms that the regular endings do not give (the filter needs them)
      particle: off              # optional: 'cut off', by the dependency prt or advmod, or a prep without
      object pos: VERB                  # VERB, NOUN or ADJ; several as 'NOUN|PROPN'
      roles:                     # role: paths tried in turn; a trailing ? makes the role optional
        victim: [dobj, "prep[of]>pobj"]
        perpetrator?: [nsubj]
      gives: {harm: killed}      # what the fact type reads; text to text
      examples: ["Shelling killed three people in the market."]   # quote every sentence

A path is steps joined by '>'. A step is a dependency label (or several: 'nsubj|nsubjpass'), with the lemmas
it may have in brackets ('prep[of|by]'), or with '!' before lemmas that it may not have ('dobj[!life]').
'^label' climbs: the token hangs by that label, and the step goes to its head ('^acl' from 'killed' in 'three
men killed' to 'men'). '.' is the head itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml

from ingest.records import Frame, Kind, PathStep, RolePath

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML was built with it: ten times as fast, and as safe."""
STEP = re.compile(r"(?P<up>\^?)(?P<deps>[a-z]+(?:\|[a-z]+)*)(?:\[(?P<no>!?)(?P<lemmas>[^\[\]]+)\])?")
KNOWN = frozenset({"id", "kind", "lemmas", "forms", "particle", "pos", "roles", "gives", "examples"})
REQUIRED = frozenset({"id", "kind", "lemmas", "pos", "roles", "gives", "examples"})


class FrameError(ValueError):
    """A frame file that can't be used; the message names the file, the frame and what is wrong."""


def read_frames(folder: Path) -> tuple[Frame, ...]:
    """Read every .yml of the folder, in the order of names. Raises FrameError."""
    frames: dict[str, Frame] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            rows = yaml.load(path.read_text("utf-8"), Loader=_SafeLoader)  # noqa: S506 - a safe loader
        except yaml.YAMLError as error:
            raise FrameError(f"{path.name}: not YAML: {error}") from error
        if not isinstance(rows, list):
            raise FrameError(f"{path.name}: must be a list of frames")
        for number, row in enumerate(rows, 1):
            where = f"{path.name}, frame {number}"
            frame = read_frame(row, where)
            if frame.id in frames:
                raise FrameError(f"{where}: the id {frame.id!r} is taken")
            frames[frame.id] = frame
    return tuple(frames.values())


def read_frame(row: Any, where: str) -> Frame:
    """Check one frame and return it. `where` begins the message of a FrameError."""
    if not isinstance(row, Mapping):
        raise FrameError(f"{where}: must be a mapping")
    where = f"{where} ({row.get('id')})"
    if missing := REQUIRED - row.keys():
        raise FrameError(f"{where}: lacks {', '.join(sorted(missing))}")
    if unknown := row.keys() - KNOWN:
        raise FrameError(f"{where}: unknown keys {', '.join(sorted(map(str, unknown)))}")
    if row["kind"] not in get_args(Kind):
        raise FrameError(f"{where}: kind {row['kind']!r} is none of {', '.join(get_args(Kind))}")
    lists = {key: row.get(key) or [] for key in ("lemmas", "forms", "examples")}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise FrameError(f"{where}: {key} must be a list of text")
    if not lists["lemmas"] or not lists["examples"]:
        raise FrameError(f"{where}: needs a lemma and an example sentence")
    for key in ("roles", "gives"):
        if not isinstance(row[key], Mapping):
            raise FrameError(f"{where}: {key} must be a mapping")
    if not all(isinstance(value, str) for value in row["gives"].values()):
        raise FrameError(f"{where}: gives must map text to text")
    return Frame(
        id=str(row["id"]),
        kind=row["kind"],
        lemmas=tuple(lists["lemmas"]),
        forms=tuple(lists["forms"]),
        particle=row.get("particle"),
        pos=str(row["pos"]),
        roles={str(role): read_paths(paths, f"{where}, role {role}") for role, paths in row["roles"].items()},
        gives=dict(row["gives"]),
        examples=tuple(lists["examples"]),
    )


def read_paths(paths: Any, where: str) -> tuple[RolePath, ...]:
    """Parse a role's paths. '.' is the empty path: the head itself."""
    if not isinstance(paths, list) or not paths:
        raise FrameError(f"{where}: must be a list of paths")
    return tuple(() if path == "." else tuple(read_steps(str(path).split(">"), where)) for path in paths)


def read_steps(steps: Iterable[str], where: str) -> Iterable[PathStep]:
    """Parse the steps of one path."""
    for step in steps:
        match = STEP.fullmatch(step.strip())
        if match is None:
            raise FrameError(f"{where}: {step!r} is no step (see ingest/lexicon/frames.py)")
        lemmas = frozenset((match["lemmas"] or "").split("|")) - {""}
        yield PathStep(
            deps=frozenset(match["deps"].split("|")),
            lemmas=lemmas,
            excludes=match["no"] == "!",
            climbs=bool(match["up"]),
        )
