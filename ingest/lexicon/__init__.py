"""The lexicon: seeds/reference and seeds/frames, read once into records.Lexicon."""

from ingest.lexicon.read import lexicon_version, load_lexicon
from ingest.lexicon.tables import LexiconError

__all__ = ["LexiconError", "lexicon_version", "load_lexicon"]
