"""Who says so: from the tree, the order of words, quotation marks, and the speakers of earlier sentences.

A pronoun, 'the group' or a surname stands for a speaker named before; what stands for him is his id and the
words that named him. A nameless speaker keeps the id of what he is ('doctors') only where nothing else is
said of him: 'Kharkiv authorities' are not just any authorities, and then only the words are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from ingest.claims import attribution, status
from ingest.claims.attribution import Attribution
from ingest.claims.names import ArticleNames
from ingest.claims.reading import Mention, Parsed, Reference, Sentence, Stance, Token
from ingest.claims.speakers import (
    ADDED,
    BEFORE_GENERAL,
    LIVE_THERE,
    OF_A_PLACE,
    OWNED,
    TITLES,
    VAGUE_KINDS,
    anaphor_in,
    fits_anaphor,
    is_anaphor,
    is_head,
    named_in,
    phrase,
    says_more,
    speaks_for,
    speaks_for_words,
)
from ingest.records import Article, Lexicon, Name, Quantity

REACH = 6
"""How many sentences back a pronoun's speaker may have been named."""


_COMMUNIQUE = re.compile(
    r"\b(?:press (?:briefing|release|statement|service)|communiqu[eé]|(?:official|military) statement|"
    r"statement (?:by|of|from|no)|for immediate release|operational (?:update|summary))\b",
    re.IGNORECASE,
)
_ISSUER = re.compile(
    r"[^,.:|]*\b(?:headquarters|ministry|army|armed forces|general staff|command|defen[cs]e forces?|military|"
    r"front|movement|brigades?)\b[^,.:|]*",
    re.IGNORECASE,
)


class ArticleVoices(ArticleNames):
    """The speakers of one article."""

    def __init__(
        self,
        article: Article,
        lexicon: Lexicon,
        sentences: Sequence[Sentence],
        mentions: Sequence[Sequence[Mention]],
        parsed: Mapping[int, Parsed],
    ) -> None:
        super().__init__(article, lexicon, sentences, mentions, parsed)
        self._people: dict[str, Mention] | None = None
        self._full_names: dict[str, tuple[int, int, int]] | None = None
        self._attributions: dict[int, list[Attribution]] = {}
        self._voices: dict[int, list[tuple[int, Reference]]] = {}

    def count(self, parsed: Parsed, token: Token) -> Quantity | None:
        """Return the quantity that counts a noun."""
        raise NotImplementedError

    # --- the stance of a fact ------------------------------------------------------------------------------

    def stance(self, parsed: Parsed, head: Token) -> Stance | None:
        """Return status and claimant of the fact carried by `head`; None where it is not stated as a fact."""
        said = status.read_status(parsed, head)
        if said is None:
            return None
        told = [token for token in said.speakers if token is None or token.lower_ not in ("i", "we")]
        heads = [self._true_speaker(parsed, token) for token in told if token is not None]
        named = [self._heard(parsed, token) for token in heads if token is not None]
        named = [speaker for speaker in named if speaker.id or speaker.text]
        is_quoted = not named and not told and self._is_quoted(parsed, head)
        if is_quoted and (speaker := self.quoted_speaker(parsed.sentence)) is not None:
            named = [speaker]
        if not named and not said.is_negated:
            found = [one for one in self.attributions(parsed.sentence.index) if one.covers(head.idx)]
            if found:
                nearest = min(found, key=lambda one: abs(one.verb - head.idx))
                speaker = self._speaker_at(parsed.sentence.index, nearest)
                named = [speaker] if speaker.id or speaker.text else []
        if not named and not said.speakers and not said.is_negated:
            named = self._told_on(parsed.sentence)
        if not named and not said.speakers and not said.is_negated and (issuer := self.issuer) is not None:
            named = [issuer]
        first = named[0] if named else Reference(None, None)
        if said.is_denied or (said.is_negated and named):
            verdict: Any = "denied"
        elif said.is_negated:
            return None
        elif said.is_confirmed:
            verdict = "confirmed"
        else:
            verdict = "claimed" if named or said.speakers or said.is_hedged else "asserted"
        outer = named[1].text if len(named) > 1 else None
        return Stance(verdict, first.id, first.text, outer)

    def confirm(self, stance: Stance, losers: Iterable[str | None]) -> Stance:
        """Return the stance with status confirmed where the speaker is, or speaks for, a side that loses by
        it.
        """
        if stance.status != "claimed" or stance.claimant is None:
            return stance
        speaker = self.lexicon.claimants.get(stance.claimant)
        voice = speaker.actor if speaker and speaker.actor else stance.claimant
        if any(loser is not None and loser == voice for loser in losers):
            return Stance("confirmed", stance.claimant, stance.claimant_text, stance.outer)
        return stance

    def quoted_speaker(self, sentence: Sentence) -> Reference | None:
        """Return who speaks a sentence that is all quotation: named after it in the paragraph, or before."""
        own = self.voices(sentence.index)
        if own:
            return own[-1][1]
        for after in self.sentences[sentence.index + 1 : sentence.index + 4]:
            if after.paragraph != sentence.paragraph or '"' not in after.text:
                break
            if voices := self.voices(after.index):
                return voices[0][1]
        return self._last_voice(sentence.index, 4)

    @cached_property
    def issuer(self) -> Reference | None:
        """Whose communiqué the article is, where its first lines say that it is a side's own.

        'DEFENCE HEADQUARTERS, ABUJA / PRESS BRIEFING': what nobody else says in it, they say.
        """
        text = self.article.text[:400]
        lines = [line.strip() for line in text.split("\n")[:4]]
        if not any(_COMMUNIQUE.search(line) and len(line) < 120 for line in lines):
            return None
        for line in lines:
            body = _ISSUER.match(line)
            if body is None or len(line) > 120:
                continue
            start = self.article.text.index(line)
            end = start + body.end()
            named = [
                m
                for row, sentence in zip(self.mentions, self.sentences, strict=True)
                for m in row
                if m.kind in ("claimant", "actor")
                and start <= sentence.start + m.start
                and sentence.start + m.end <= end
            ]
            names = [name for m in named if (name := self.choose(m)) is not None]
            return Reference(names[0].id if names else None, self.article.text[start:end], inferred=True)
        return None

    def _is_quoted(self, parsed: Parsed, head: Token) -> bool:
        """True where an odd number of quotation marks stands before the head."""
        marks = parsed.sentence.text.count('"', 0, head.idx) + parsed.sentence.in_quote
        return marks % 2 == 1

    def _told_on(self, sentence: Sentence) -> list[Reference]:
        """Return who goes on speaking in the next sentence of the paragraph: '..., he added'."""
        index = sentence.index + 1
        if index >= len(self.sentences) or self.sentences[index].paragraph != sentence.paragraph:
            return []
        if self.attributions(sentence.index) or sentence.index == 0:
            return []
        for one in self.attributions(index):
            words = self.sentences[index].text[one.start : one.end]
            if one.kind == "trailing" and ADDED.match(words):
                speaker = self._speaker_at(index, one)
                return [speaker] if speaker.id or speaker.text else []
        return []

    def _heard(self, parsed: Parsed, token: Token) -> Reference:
        """Return the speaker that the tree names, or the one beside the verb where the tree missed him."""
        for one in self.attributions(parsed.sentence.index):
            inside, governs = one.start <= token.idx < one.stop, token.head.idx == one.verb
            beside = one.kind in ("trailing", "inverted")
            if beside and (inside or governs) and not (inside and governs):
                return self._speaker_at(parsed.sentence.index, one)
            if inside and governs:
                found = self.claimant(parsed, token)
                if found.id or found.inferred:
                    return found
                whole = self._speaker_at(parsed.sentence.index, one)  # with who stands in apposition
                return whole if whole.id or beside or "," in (whole.text or "") else found
        return self.claimant(parsed, token)

    # --- speakers ------------------------------------------------------------------------------------------

    def attributions(self, index: int) -> list[Attribution]:
        """Return the attributions of a sentence, parsed or not, by the order of its words."""
        if index not in self._attributions:
            parsed = self.parsed.get(index)
            text = self.sentences[index].text
            found = attribution.find_attributions(text, parsed.doc if parsed else None)
            self._attributions[index] = found
        return self._attributions[index]

    def voices(self, index: int) -> list[tuple[int, Reference]]:
        """Return who speaks in a sentence, with the offset where he is named, in the order of the text."""
        if index not in self._voices:
            self._voices[index] = []  # a pronoun in it looks further back, not here
            found = [(one.start, self._speaker_at(index, one)) for one in self.attributions(index)]
            self._voices[index] = [(at, speaker) for at, speaker in found if speaker.id or speaker.text]
        return self._voices[index]

    def claimant(self, parsed: Parsed, token: Token) -> Reference:
        """Return the speaker that a noun phrase stands for; a pronoun or 'the group' is looked up before."""
        start, end = phrase(token)
        around = parsed.mention_at(token, "claimant")
        if around is not None and (around.start < start or around.end > end):  # 'local media', cut in two
            start, end = min(start, around.start), max(end, around.end)
        words = self.words(parsed, start, end)
        mention = named_in(parsed, token) or around
        if OWNED.match(words):
            owner = self._recalled(parsed.sentence.index, token.idx, "it", None)
            return Reference(owner.id if owner else None, words, inferred=True)
        if is_anaphor(token) or (mention is not None and anaphor_in(words) and mention.text.lower() in words):
            index = parsed.sentence.index
            recalled = self._recalled(index, token.idx, token.lower_, mention)
            if recalled is not None:
                return recalled
        if mention is not None:
            name = self.choose(mention)
            if name is not None and self._is_other(name, words, mention.text):
                name = None  # 'Kharkiv authorities' are not just any officials: the words are kept
            if name is not None and not speaks_for(parsed, token, mention):
                name = None  # nor is Lebanon's health ministry Lebanon
            return self._named(Reference(name.id if name else None, words), words)
        beside = attribution.body_beside(parsed, token, end)
        if beside is not None and (name := self.choose(beside)) is not None and not self._is_vague(name):
            return Reference(name.id, beside.text, inferred=True)
        if attribution.lives_there(token) and "residents" in self.lexicon.claimants:
            return Reference("residents", words)
        return self._named(Reference(None, words), words)

    def _speaker_at(self, index: int, one: Attribution) -> Reference:
        """Return the speaker that an attribution names, by its words alone."""
        sentence = self.sentences[index]
        words = sentence.text[one.start : one.stop].strip()
        start = (
            one.start
            + len(sentence.text[one.start : one.stop])
            - len(sentence.text[one.start : one.stop].lstrip())
        )
        end = start + len(words)
        if OWNED.match(words) and not anaphor_in(words):
            found = self._recalled(index, start, "it", None)
            if found is not None and found.id is not None:
                return Reference(found.id, words, inferred=True)
        if word := anaphor_in(words):
            named = [m for m in self.mentions[index] if start <= m.start and m.end <= end]
            mention = next((m for m in named if m.kind in ("claimant", "actor")), None)
            recalled = self._recalled(index, start, word, mention)
            if recalled is not None:
                return recalled
        inside = [
            m
            for m in self.mentions[index]
            if m.kind in ("claimant", "actor") and start <= m.start and m.end <= end
        ]
        text = self.article.text[sentence.start + start : sentence.start + end]
        if LIVE_THERE.match(sentence.text, start) and "residents" in self.lexicon.claimants:
            return Reference("residents", text)
        inside.sort(key=lambda m: (m.kind != "claimant", m.start))
        for mention in inside:
            name = self.choose(mention)
            if name is None:
                continue
            if self._is_other(name, text, mention.text):
                continue
            if mention.kind == "actor" and not speaks_for_words(text, mention.text):
                continue
            return Reference(name.id, text)
        return self._named(Reference(None, text), text)

    def _named(self, found: Reference, words: str) -> Reference:
        """Return a speaker without an id by the body he was introduced with, or by his full name."""
        if found.id is not None or not words:
            return found
        last = re.split(r"[\s-]", words)[-1]
        if not last[:1].isupper():
            return found
        if self._people is None:
            self._people = attribution.people_of_bodies(self.sentences, self.mentions)
        body = self._people.get(last)
        if body is not None and (name := self.choose(body)) is not None and not self._is_vague(name):
            claimant = self.lexicon.claimants.get(name.id)
            if claimant is None or claimant.kind != "ministry" or claimant.actor:
                return Reference(name.id, words, inferred=True)
        full = self._introduced(last)
        own = [word for word in words.split() if word[:1].isupper() and word.rstrip(".") not in TITLES]
        if full is None or len(own) != 1:
            return found
        return Reference(full[1], full[0], inferred=True)

    def _introduced(self, last: str) -> tuple[str, str | None] | None:
        """Return the full name, and the id if a table has it, that the article gives somebody at first."""
        if self._full_names is None:
            self._full_names = {}
            for surname, *where in attribution.full_names(self.sentences):
                self._full_names.setdefault(surname, (where[0], where[1], where[2]))
        if last not in self._full_names:
            return None
        index, start, end = self._full_names[last]
        at = self.sentences[index].start
        named = (
            m for m in self.mentions[index] if m.kind == "claimant" and start <= m.start and m.end <= end
        )
        name = next((name for m in named if (name := self.choose(m)) is not None), None)
        id_ = name.id if name is not None and not self._is_vague(name) else None
        return self.article.text[at + start : at + end], id_

    def _recalled(self, index: int, before: int, word: str, own: Mention | None) -> Reference | None:
        """Return the speaker, or else the actor, that a pronoun or 'the group' stands for."""
        for at in range(index, max(-1, index - 1 - REACH), -1):
            voices = self._voices.get(at, []) if at == index else self.voices(at)
            for start, voice in reversed(voices):
                if at == index and start >= before:
                    continue
                if fits_anaphor(word, voice, self._kind_of(voice.id)):
                    return Reference(voice.id, voice.text, inferred=True)
            if word in ("he", "she", "him", "her"):
                continue
            row = [
                m
                for m in self.mentions[at]
                if m.kind in ("actor", "claimant") and (at < index or m.end <= before) and m is not own
            ]
            for mention in row:
                name = self.choose(mention)
                if name is None:
                    continue
                reference = Reference(name.id, mention.text)
                if fits_anaphor(word, reference, self._kind_of(name.id), named=True):
                    return Reference(name.id, mention.text, inferred=True)
        return None

    def _last_voice(self, index: int, reach: int) -> Reference | None:
        for at in range(index - 1, max(-1, index - 1 - reach), -1):
            if voices := self.voices(at):
                return Reference(voices[-1][1].id, voices[-1][1].text, inferred=True)
        return None

    def _kind_of(self, id_: str | None) -> str | None:
        """Return the kind of a claimant, or of the actor who speaks for himself."""
        if id_ is None:
            return None
        if (claimant := self.lexicon.claimants.get(id_)) is not None:
            return claimant.kind
        actor = self.lexicon.actors.get(id_)
        return actor.kind if actor is not None else None

    def _true_speaker(self, parsed: Parsed, token: Token) -> Token | None:
        """Return the speaker where the parser took counted victims for one ('..., three women among them, X
        said').
        """
        if self.count(parsed, token) is None or named_in(parsed, token) is not None:
            return token
        verb = token.head
        after = [
            c for c in verb.rights if c.dep_ in ("dobj", "nsubj", "npadvmod") and c.pos_ in ("NOUN", "PROPN")
        ]
        beside = [
            t
            for t in token.subtree
            if t.dep_ == "appos" and t.i < verb.i and t.tag_ != "NNS" and self.count(parsed, t) is None
        ]
        return next(iter([*beside, *after]), None)

    def _is_other(self, name: Name, words: str, mention: str) -> bool:
        """True where a general name is only a part of the words: 'a police union' is not the police."""
        if self._is_vague(name):
            claimant = self.lexicon.claimants[name.id]
            told = words[: words.find(mention) + len(mention)] if claimant.kind in OF_A_PLACE else words
            return says_more(told, mention) or not is_head(words, mention)
        if name.kind == "actor" and mention[:1].islower() and "the " not in mention:
            return re.search(rf"\b(?!{BEFORE_GENERAL})[a-z-]+ {re.escape(mention)}\b", words) is not None
        return False

    def _is_vague(self, name: Name) -> bool:
        """True for a claimant without a name of its own: officials, sources, residents."""
        claimant = self.lexicon.claimants.get(name.id)
        if claimant is None:
            return False
        return claimant.kind in VAGUE_KINDS and claimant.actor is None and name.text[:1].islower()
