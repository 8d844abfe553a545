"""Text to claims: pure (no database, files, network, clock; it may load the English model).

How a fact type is written
--------------------------
1. Frames in seeds/frames/<kind>.yml say which words carry the fact and where its roles stand on the
dependency
   tree (the form is told in ingest/lexicon/frames.py). The engine finds them:

       article -> sentences.py -> mentions.py (one Aho-Corasick pass) -> parse.py (only sentences with a
       trigger)
               -> frames.py (FrameMatch) -> your function -> claims

2. A function `(matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading) -> Iterator[Claim]`
   gets all matches of its kind in one parsed sentence that has a trigger of the kind (there may be none: a
   token pattern can still read the words) and yields claims. It is registered in
   `extract.FACT_TYPES[kind]`. It is called sentence by sentence in the order of the text.
3. It asks `reading` (article.py), never the lexicon itself, for what the whole article knows:

       stance = reading.stance(parsed, match.head)        # None: no fact (plan, hypothesis, demand, question)
       actor  = reading.actor(parsed, token)              # Reference(id, text, inferred) of a noun phrase
       place  = reading.place(parsed, token)              # the same for a place
       where  = reading.event_place(parsed, match.head)   # the place of the event, from the clause or before
       when   = reading.event_date(parsed, match.head)    # DateSpan, inherited where the clause has none
       count  = reading.count(parsed, token)              # Quantity that counts the noun, or None
       enemy  = opponent_of(reading, actor.id)            # sides.py: whom he fights in this article
       stance = reading.confirm(stance, losers)           # status confirmed where the loser himself says so
       fields = reading.common(parsed, match.head, kind=..., stance=stance, when=when, rule=match.frame.id,
                               slot=..., quote=(start, end), prior=0.8)   # all columns of records.Claim
       yield TerritorialClaim(**fields, change=..., place=place.id, place_text=place.text, ...)

   `token` is the head token of a noun phrase, as in FrameMatch.roles (coordination already expanded).
   `slot` is what makes two claims of one kind from the same words differ (place, actor, harm + count).
   `quote` is in offsets of the sentence; `reading.clause(parsed, head)` gives the smallest clause.
4. Its specs stand in tests/unit/claims/specs/<kind>.yml: sentences of our own, with the claims they give,
and as
   many that give nothing.
"""

from ingest.claims.extract import extract_claims, extract_many, extractor_version, load_readers

__all__ = ["extract_claims", "extract_many", "extractor_version", "load_readers"]
