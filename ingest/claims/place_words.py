"""Nouns of places: what is a settlement, a feature, an area of either, how much of one. Closed lists."""

from __future__ import annotations

SETTLEMENTS = frozenset(
    "village town city district neighbourhood neighborhood suburb province region governorate hamlet "
    "settlement municipality county locality commune quarter enclave township capital place area camp "
    "island territory state port village-tract stronghold bastion valley peninsula borough sub-district "
    "subdistrict department oasis".split()
)
FEATURES = frozenset(
    "base airbase hill hilltop ridge mountain bridge crossing airport airfield roundabout dam street road "
    "highway checkpoint outpost post headquarters barracks building compound complex factory plant mill "
    "hospital school university academy college station field oilfield refinery mine prison depot garrison "
    "fort fortress castle junction crossroads intersection square market mosque church cathedral monastery "
    "stadium silo warehouse forest border checkpoint position trench stronghold strongpoint bunker tunnel "
    "route corridor palace hotel tower embassy ministry hall office seaport harbour harbor terminal runway "
    "front frontline line bank riverbank battalion citadel zone facility site housing heights pass peak "
    "ridgeline brigade-base gate command center centre pocket bridgehead plaza jail pumping-station "
    "waterworks dump lake".split()
)
PARTS = {
    "most": "partial",
    "half": "partial",
    "part": "partial",
    "third": "partial",
    "quarter": "partial",
    "much": "partial",
    "bulk": "partial",
    "majority": "partial",
    "portion": "partial",
    "percent": "partial",
    "%": "partial",
    "swathe": "partial",
    "swath": "partial",
    "chunk": "partial",
    "section": "partial",
    "fifth": "partial",
    "stretch": "partial",
    "patch": "partial",
    "thirds": "partial",
    "quarters": "partial",
    "tract": "partial",
    "some": "partial",
    "edge": "partial",
    "share": "partial",
    "outskirt": "partial",
    "bit": "partial",
    "number": "partial",
    "several": "partial",
    "dozen": "partial",
    "one": None,
    "two": "partial",
    "rest": None,
    "remainder": None,
    "all": "full",
    "whole": "full",
    "entirety": "full",
    "each": None,
    "both": None,
    "outskirts": "partial",
    "two-thirds": "partial",
    "km": "partial",
    "kilometre": "partial",
    "kilometer": "partial",
    "mile": "partial",
    "series": "partial",
    "string": "partial",
    "group": "partial",
    "cluster": "partial",
}
AREAS = frozenset(
    "area position point ground territory part village town district neighbourhood neighborhood settlement "
    "street quarter land locality suburb community sector block hamlet city site outskirt edge front "
    "defence defense line fortification gain".split()
)
EDGES = frozenset("edge side half flank outskirt outskirts".split())
PARTLIKE = frozenset(
    "suburb district neighbourhood neighborhood quarter area enclave outskirt countryside".split()
)
FULL = frozenset("all entire whole total complete full".split())
FULLY = frozenset("fully completely entirely totally".split())
PRONOUNS = frozenset({"it", "this", "which", "that", "there", "its"})
