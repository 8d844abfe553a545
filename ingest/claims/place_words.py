"""Nouns of places: what is a settlement, a feature, an area of either, how much of one. Closed lists."""

from __future__ import annotations

SETTLEMENTS = frozenset(
    "village town city district neighbourhood neighborhood suburb province region governorate hamlet "
    "settlement municipality county locality commune quarter enclave township capital place area camp "
    "island territory state port sede village-tract stronghold bastion valley peninsula borough sub-district "
    "subdistrict department oasis hub".split()
)
FEATURES = frozenset(
    "base airbase hill hilltop ridge mountain bridge crossing airport airfield roundabout dam street road "
    "highway checkpoint outpost post headquarters barracks building compound complex factory plant mill "
    "hospital school university academy college station field oilfield refinery mine prison depot garrison "
    "fort fortress castle junction crossroads intersection square market mosque church cathedral monastery "
    "stadium silo silos warehouse forest border checkpoint position trench stronghold strongpoint "
    "bunker tunnel "
    "route corridor palace hotel tower embassy ministry hall office seaport harbour harbor terminal runway "
    "front frontline line bank riverbank battalion citadel zone facility site housing heights pass peak "
    "ridgeline brigade-base gate command center centre pocket bridgehead plaza jail pumping-station "
    "waterworks dump lake height crossroad well borehole motorway slope summit foothill hillside "
    "plateau ravine canyon gorge cave spur escarpment canal "
    "reservoir airbase seat".split()
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
    "ruin": None,
    "heart": "partial",
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
    "defence defense line fortification gain township municipality commune county locality sub-district "
    "subdistrict province approach".split()
)
EDGES = frozenset("edge side half flank outskirt outskirts".split())
PARTLIKE = frozenset(
    "suburb district neighbourhood neighborhood quarter area enclave outskirt countryside".split()
)
FULL = frozenset("all entire whole total complete full".split())
FULLY = frozenset("fully completely entirely totally".split())
PRONOUNS = frozenset({"it", "this", "which", "that", "there", "its"})

DIRECTION_WORDS = (
    "northern southern eastern western central northeastern northwestern southeastern southwestern "
    "north-eastern north-western south-eastern south-western northeast northwest southeast southwest "
    "north-east north-west south-east south-west north south east west upper lower".split()
)

_TWO_WORDS = {
    "military "
    "camp": 1, "refugee camp": 1, "front line": 2, "residential area": 2, "village tract": 3, "port city": 3,
    "border "
    "town": 3, "local government area": 4, "local government": 4, "local council": 4, "local authority": 4,
    "union council": 4, "tribal district": 4, "administrative district": 4, "autonomous region": 5,
    "federal district": 5, "capital region": 5,
}  # fmt: skip
_ONE_WORD = {
    1: "street road highway avenue boulevard roundabout market airport airfield airbase bridge dam hospital "
    "school university college mosque church camp base barracks garrison checkpoint crossing station square "
    "junction hill hills mountain mountains forest valley prison refinery oilfield mine port stadium hotel "
    "compound farm ranch plant palace plaza",
    2: "neighbourhood neighborhood suburb quarter area ward block sector axis frontline enclave colony "
    "mahalla mahallah hayy favela",
    3: "village town city hamlet settlement locality community municipality township commune barangay vereda "
    "barrio kampung desa selo qishlaq kishlak aul boma kebele tambon island oasis village-tract",
    4: "district county lga woreda wereda zone raion rayon cercle territory territoire chiefdom tehsil taluk "
    "taluka upazila upazilla payam department departement arrondissement subdistrict sub-district prefecture "
    "sub-prefecture subprefecture canton regency parish sub-county subcounty agency subdivision "
    "collectivite nahiya qada kecamatan amphoe comuna",
    5: "province governorate region state oblast krai republic wilayat wilaya wilayah muhafazah vilayet",
}
LEVELS = _TWO_WORDS | {word: level for level, words in _ONE_WORD.items() for word in words.split()}
"""The words for a kind of place, in the languages that news leaves untranslated, by how wide such a place is:
1 a site, 2 a part of a settlement, 3 a settlement, 4 a second-level division, 5 a first-level one."""

FOREIGN_KINDS = (
    "axis barangay tambon kebele woreda wereda kampung desa selo commune cercle wilayat wilaya raion "
    "rayon boma payam "
    "territoire vereda kishlak qishlaq aul mahalla nahiya upazila tehsil kecamatan amphoe barrio "
    "favela comuna"
).split()
"""Kinds that stand before the name without 'of', in small letters too ('tambon Talo', 'kebele Goro')."""

PREFIXES = (
    "Barangay Sitio Purok Colonia Comuna Vereda Corregimiento Wadi Tell Tel Tall Kafr Kfar Kafar Deir Dayr "
    "Beit Bayt Jabal Jebel Djebel Jabel Gebel Ain Ayn Nahr Khirbet Khirbat Kherbet "
    "Bir Beir Hajar "
    "Ras Qasr Qalat Qala Bani Beni Dar Ban Kampung Kampong Tambon Gidan Birnin Sabon Ungwan Unguwan Rugan "
    "Donkey Khor Camp Mount Lake Fort Port Point Hill Cape Oued Ksar Douar Bordj "
    "Hosh Tal Wilayat "
    "Novo Nova Nowa Stara Velyka Mala Nizhny Verkhny Krasny Santa San Puerto Villa El Los Las "
    "Ciudad Pul-e Qala-e"
).split()
"""What begins the names of places in the languages of the wars; a name that goes on with it is a place's."""

CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays "
    "saturdays sundays january february march april may june july "
    "august september october november december ramadan eid christmas easter ad bc gmt "
    "jan feb apr jun jul aug sep sept oct nov dec tue wed thu fri".split()
)
TITLES = frozenset(
    "gen general col colonel maj major lt lieutenant capt captain sgt brig brigadier dr mr mrs "
    "ms president "
    "minister commander sheikh governor mayor senator king prince prime premier chief deputy spokesman "
    "spokeswoman ambassador judge professor pope bishop father imam mullah operation corporal private "
    "marshal admiral chairman secretary director".split()
)
NO_PLACE = frozenset(
    "ministry council army police brigade brigades battalion party front movement agency parliament "
    "government forces force committee group association union court commission authority "
    "command corps division "
    "regiment squadron news radio tv television times post facebook twitter telegram whatsapp "
    "youtube reuters afp "
    "islam arabic english french russian spanish hebrew kurdish swahili congress senate assembly "
    "law act agreement "
    "accord charter resolution operation war revolution uprising security defence defense "
    "intelligence guard "
    "network foundation institute observatory watch centre center office department coalition alliance "
    "militia volunteers he she it they we i the a an his her their its this that these those "
    "there on in at today yesterday tomorrow now then here only once even yes "
    "but and or if when while after before as however meanwhile also some many most both all no not "
    "muslims muslim christian christians jewish jews shia shiite sunni hindu buddhist catholic".split()
)
"""What begins or ends no place's name: ministries, outlets, peoples, beginnings of sentences."""

SITE, QUARTER, SETTLEMENT, DISTRICT, PROVINCE, COUNTRY = 1, 2, 3, 4, 5, 6
"""How wide a place is; what stands lower lies in what stands higher."""
