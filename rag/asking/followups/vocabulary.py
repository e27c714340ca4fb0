"""Words that several modules here look for: what asks, names of places, times, where a phrase ends."""

import re

from rag.language.terms import STOP_WORDS
from rag.language.text import fold

# Alternatives that stand within expressions.
AUXILIARY = "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|shall|may|might|must"
ASKING = "who|whom|whose|what|when|where|why|how|which"
WHEN = r"in|on|by|since|before|after|during|until|till"
# A phrase ends where one of these stands.
BREAKS = STOP_WORDS | frozenset(
    """near across toward towards along among behind beyond despite inside outside
    around regarding concerning without within via upon until""".split()
)
PLACES = frozenset(
    fold(name)
    for name in """Abu Dhabi,Addis Ababa,Afghanistan,Africa,Albania,Aleppo,Algeria,Algiers,America,Amman,
    Amsterdam,Ankara,Argentina,Armenia,Asia,Astana,Athens,Australia,Austria,Azerbaijan,Baghdad,Bahrain,
    Baku,Bangkok,Bangladesh,Beijing,Beirut,Belarus,Belgium,Belgrade,Benghazi,Berlin,Bosnia,Brasilia,
    Brazil,Britain,Brussels,Bucharest,Budapest,Bulgaria,Cairo,Canada,Chile,China,Colombia,Copenhagen,
    Crimea,Croatia,Cuba,Cyprus,Damascus,Denmark,Doha,Dubai,Dublin,Egypt,England,Erbil,Estonia,Ethiopia,
    Europe,Finland,France,Gaza,Geneva,Georgia,Germany,Greece,Havana,Helsinki,Hungary,Iceland,Idlib,India,
    Indonesia,Iran,Iraq,Ireland,Islamabad,Israel,Istanbul,Italy,Jakarta,Japan,Jeddah,Jerusalem,Jordan,
    Kabul,Karabakh,Kazakhstan,Kenya,Khartoum,Kiev,Kosovo,Kuwait,Kyiv,Latvia,Lebanon,Libya,Lisbon,
    Lithuania,London,Madrid,Malaysia,Manbij,Manila,Mexico,Minsk,Morocco,Moscow,Muscat,Nairobi,Netherlands,
    New Delhi,New York,New Zealand,Nigeria,North Korea,Norway,Oman,Oslo,Pakistan,Palestine,Paris,Peru,
    Philippines,Poland,Portugal,Prague,Pyongyang,Qatar,Ramallah,Riyadh,Romania,Rome,Russia,Sanaa,
    Sarajevo,Saudi Arabia,Scotland,Seoul,Serbia,Singapore,Slovakia,Slovenia,Sofia,Somalia,South Africa,
    South Korea,Spain,Stockholm,Sudan,Sweden,Switzerland,Syria,Taiwan,Tal Rifaat,Tbilisi,Tehran,Tel Aviv,
    Thailand,Tokyo,Tripoli,Tunis,Tunisia,Turkey,Türkiye,UAE,UK,US,USA,Ukraine,United Arab Emirates,
    United Kingdom,United States,Venezuela,Vienna,Vietnam,Warsaw,Washington,
    Yemen,Yerevan,Zagreb""".replace("\n", " ").split(",")
    for name in [" ".join(name.split())]
)
# "Turkish", "Syrian": the ends of such words.
ADJECTIVE = re.compile(
    r"(?:ian|ean|can|man|ish|ese|ench|reek|utch|wiss|aqi|ani|eli|ari|ati|emi|udi|aiti)$", re.I
)
# "did the talks end", not "what was the theme": there the verb stands before.
AFTER_AUXILIARY = re.compile(
    rf"(?<!\bwho )(?<!\bwhat )\b(?:{AUXILIARY})\s+(?:the\s+|a\s+|an\s+)?$"
    r"|\b(?:did|does|do|has|have|had|will|would|can|could|should)\s+(?:the\s+|a\s+|an\s+)?$",
    re.IGNORECASE,
)
# "And", "But", "So then": joins a question to the one before and says nothing.
LEAD = re.compile(
    rf"(?:(?:and|but|also|ok|okay|so(?! (?:far|that|many|much|long)\b)"
    rf"|then(?=\s+(?:{ASKING}|{AUXILIARY})\b))\b[\s,]*)+(?=\S)",
    re.IGNORECASE,
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_CALENDAR = (
    rf"{_DAY} (?:of )?{_MONTH}(?:,? \d{{4}})?|{_MONTH}(?: {_DAY}\b)?(?:,? (?:of )?\d{{4}})?"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
TIME = re.compile(
    rf"\b(?:{WHEN}) (?:(?:early|late|mid)[ -])?(?:{_CALENDAR}|(?:1\d|20|21)\d\d\b)"
    rf"|\b(?-i:{_CALENDAR})\b|\b(?:yesterday|today)\b"
    r"|\b(?:last|this|next) (?:week|month|year|night|summer|winter|spring|autumn|fall)\b",
    re.IGNORECASE,
)
