"""Frames as data: every example matches its frame, and a bad file is refused with its place named."""

import pytest

from ingest.claims.frames import match_frames
from ingest.claims.mentions import matcher_of
from ingest.claims.parse import parse
from ingest.claims.reading import Parsed, Sentence
from ingest.lexicon import load_lexicon
from ingest.lexicon.frames import FrameError, read_frames

EXAMPLES = [
    (frame.id, text) for frame in load_lexicon().frames if frame.kind == "casualty" for text in frame.examples
]
FRAME = {
    "id": "kill", "kind": "casualty", "lemmas": "[kill]", "pos": "VERB", "roles": "{victim: [dobj]}",
    "gives": "{harm: killed}", "examples": '["Shells killed two men."]',
}  # fmt: skip


def matched(text):
    matcher = matcher_of(load_lexicon())
    (doc,) = parse([text])
    sentence = Sentence(0, 0, 0, len(text), text)
    return {
        m.frame.id for m in match_frames(Parsed(sentence, doc, tuple(matcher.find(text)), (), ()), matcher)
    }


def written(folder, **changes):
    rows = "".join(f"  {key}: {value}\n" for key, value in {**FRAME, **changes}.items() if value)
    (folder / "casualties.yml").write_text("-" + rows[1:], "utf-8")
    return folder


@pytest.mark.parametrize(("frame", "text"), EXAMPLES, ids=str)
def test_a_frame_matches_its_own_examples(frame, text):
    assert frame in matched(text)


def test_a_frame_file_is_read(tmp_path):
    (frame,) = read_frames(written(tmp_path, roles='{victim: [dobj, "prep[of|by]>pobj"], where?: ["^acl"]}'))
    assert [len(path) for path in frame.roles["victim"]] == [1, 2]
    assert frame.roles["victim"][1][0].lemmas == {"of", "by"}
    assert frame.roles["where?"][0][0].climbs


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "weather"}, "kind 'weather'"),
        ({"pos": ""}, "lacks pos"),
        ({"colour": "red"}, "unknown keys colour"),
        ({"roles": '{victim: ["dobj[life"]}'}, "is no step"),
        ({"roles": "{victim: dobj}"}, "role victim: must be a list of paths"),
        ({"lemmas": "[]"}, "needs a lemma"),
        ({"gives": "{harm: 3}"}, "gives must map text to text"),
        ({"examples": "Shells killed two men."}, "examples must be a list"),
    ],
)
def test_a_bad_frame_is_refused_with_its_place(tmp_path, changes, message):
    with pytest.raises(FrameError, match=r"casualties.yml, frame 1") as caught:
        read_frames(written(tmp_path, **changes))
    assert message in str(caught.value)


def test_an_id_is_taken_once(tmp_path):
    folder = written(tmp_path)
    text = (folder / "casualties.yml").read_text("utf-8")
    (folder / "more.yml").write_text(text, "utf-8")
    with pytest.raises(FrameError, match="the id 'kill' is taken"):
        read_frames(folder)
