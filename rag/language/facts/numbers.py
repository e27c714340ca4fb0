"""Numbers with their units, in digits or in words: "2,000", "two thousand", "$1.5 billion", "half"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations

from text_to_num import text2num

from rag.language.terms import STOP_WORDS

_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}

# unit -> what it measures, and how many of that measure's smallest it is.
_UNITS: dict[str, tuple[str, float]] = {}
_MEASURES: dict[str, dict[str, float]] = {
    "percent": {"% percent percentage": 1},
    "percentage points": {"pp": 1},
    "time": {
        "second seconds sec secs": 1,
        "minute minutes min mins": 60,
        "hour hours hr hrs": 3600,
        "day days": 86400,
        "week weeks": 7 * 86400,
    },
    "months": {
        "month months": 1,
        "year years yr yrs": 12,
        "decade decades": 120,
        "century centuries": 1200,
    },
    "length": {
        "millimeter millimeters millimetre millimetres mm": 0.001,
        "centimeter centimeters centimetre centimetres cm": 0.01,
        "meter meters metre metres": 1,
        "kilometer kilometers kilometre kilometres km kms": 1000,
        "inch inches": 0.0254,
        "foot feet ft": 0.3048,
        "yard yards": 0.9144,
        "mile miles mi": 1609.344,
    },
    "weight": {
        "gram grams": 1,
        "kilogram kilograms kilo kilos kg": 1e3,
        "tonne tonnes": 1e6,
    },
    "tons": {"ton tons": 1},
    "volume": {"liter liters litre litres": 1},
    "gallons": {"gallon gallons": 1},
    "barrels": {"barrel barrels bpd": 1},
    "area": {"acre acres": 0.404686, "hectare hectares ha": 1},
    "degrees": {"degree degrees °": 1},
    "power": {"kilowatt kilowatts kw": 1, "megawatt megawatts mw": 1e3, "gigawatt gigawatts gw": 1e6},
    "speed": {"kph km/h": 1, "mph": 1.609344},
    "dollars": {"dollar dollars $ usd": 1},
    "euros": {"euro euros € eur": 1},
    "pounds": {"pound pounds £ gbp": 1},
    "lira": {"lira liras ₺ try tl": 1},
    "yen": {"yen ¥ jpy": 1},
    "yuan": {"yuan renminbi": 1},
    "rubles": {"ruble rubles rouble roubles": 1},
    "rupees": {"rupee rupees": 1},
    "riyals": {"riyal riyals rial rials": 1},
    "dinars": {"dinar dinars": 1},
    "zloty": {"zloty zlotys zł": 1},
    "shekels": {"shekel shekels": 1},
    "francs": {"franc francs": 1},
    "kronor": {"krona kronor krone kroner": 1},
    "pesos": {"peso pesos": 1},
}
for _measure, _factors in _MEASURES.items():
    for _names, _factor in _factors.items():
        for _name in _names.split():
            _UNITS[_name] = (_measure, _factor)

_SMALL = (
    "zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_WORDED = (
    rf"(?:one|{_SMALL}|hundred|thousand|million|billion|trillion)"
    rf"(?:(?:[\s-]+|\s+and\s+)(?:one|{_SMALL}|hundred|thousand|million|billion|trillion)\b)*"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"hundred|thousand|million|billion|trillion"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?<![^\W\d_]-)(?P<money>US\$|[$€£¥₺]\s?|(?:USD|EUR|GBP|TRY|JPY) ?)?"
    rf"(?:(?P<digits>{_DIGITS})(?P<ordinal>st|nd|rd|th)?(?:(?P<short>bn|mn|tn|[mbk])\b|[\s-](?P<scale>{_SCALE})\b)?"
    rf"|(?P<half>half a (?P<halfscale>{_SCALE}))\b"
    rf"|(?P<part>one|{_SMALL}|\d+) in (?P<whole>every )?(?P<of>{_SMALL}|hundred|thousand"
    rf"|\d+)\b(?! (?:the|a|an)\b)"
    r"|(?P<halfunit>half an?)(?= [^\W\d_]+)"
    r"|(?P<fraction>(?:one|two|three|four|a)[\s-](?:third|quarter|half|fifth|tenth)s?|half|quarter)\b"
    rf"|(?:a |an )?(?P<words>{_WORDED})\b(?P<andhalf> and a half(?: (?P<andscale>{_SCALE})\b)?)?)"
    r"(?![\d])",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s?(?:%|°)|[\s-](?:(?:square|cubic|metric|nautical|US|U\.S\.|Turkish|Syrian|light)\s)?"
    r"(?:per\s?cent(?:age)?(?:\spoints?)?|km/h|[^\W\d_]+)(?=\W|$)",
    re.IGNORECASE,
)
_NEVER_BARE = frozenset(
    "percent points dollars euros pounds lira yen yuan rubles rupees riyals dinars zloty shekels".split()
) | {"percentage points"}
_EXACT = re.compile(r"\b(?:exactly|precisely|just)\s$", re.IGNORECASE)
_STRICT = re.compile(r"\b(?:more than|less than|fewer than|exceeding)\b", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:to|and|or|-|–|—)\s?", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:(?P<more>over|above|more than|at least|upwards of|exceeding)|(?P<less>up to|less than"
    r"|fewer than"
    r"|under|below|at most|no more than)|about|around|roughly|approximately|nearly|almost|some|close to"
    r"|an estimated|circa)\s+(?:an?\s+)?(?:US)?$",
    re.IGNORECASE,
)
_NO_FRACTION = re.compile(r"\b(?:first|second|other|latter|last|next|this)[\s-]$", re.IGNORECASE)
_NO_HALF_UNIT = re.compile(
    r"[\s-](?:an?\s)?(?:hour|time|day|century|decade|year|mile|brother|sister)", re.I
)
# "a third zone" comes after the second; "a third of", "a third more" and "a third are" are shares.
_ORDINAL = re.compile(r"a[\s-](?:third|fifth|tenth)$", re.IGNORECASE)
_COUNTED = re.compile(
    rf"\s(?!(?:{'|'.join(sorted(STOP_WORDS))}|fewer|less|more|higher|lower|larger|smaller|bigger)\b)[^\W\d_]",
    re.IGNORECASE,
)
_FRACTIONS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
# "the two leaders" tells how many were named, not how many there are.
_DEFINITE = re.compile(r"\b(?:the|these|those|both|all|his|her|its|their)\s$", re.IGNORECASE)
_ROUNDING = 0.051
# "more than 1,000" is said of 1,200, hardly of 2,000.
_BEYOND = 0.35
# What is reckoned from two numbers is seldom said to the last digit.
_RECKONING = 0.02
_RECKONED_FROM = 4


@dataclass(frozen=True, slots=True)
class Number:
    """A number where it stands. `measure` is what its unit measures, or None; `count` is the number as
    it is said, `value` is in that measure's smallest unit, so that 1 km is 1,000 of "length".
    `is_rounded`: "about 900"; `bound` is 1 for "more than 900", -1 for "less than 900", else 0,
    `is_strict` where "at least" would be too much, `is_exact` for "exactly 900"; `qualifier` is the word
    that says so."""

    start: int
    end: int
    text: str
    count: float
    value: float
    measure: str | None
    is_rounded: bool
    bound: int = 0
    is_strict: bool = False
    is_exact: bool = False
    qualifier: str = ""

    @property
    def said(self) -> str:
        """The number with the word that widens or narrows it: "more than 900"."""
        return f"{self.qualifier} {self.text}".lstrip()

    def agrees(self, other: "Number") -> bool:
        """Whether this number is the other one, said in this or another way."""
        if self.measure != other.measure:
            return self._is_bare_beside(other) and abs(self.count - other.count) < 0.005
        apart = abs(self.value - other.value)
        if self.bound and (other.value - self.value) * self.bound > 0:
            return apart <= _BEYOND * self.value
        if self.bound * other.bound < 0 or (self.is_exact and other.is_rounded):
            return False
        if self.is_strict and not other.bound and apart < 0.005:
            return False  # "more than 50" of 50
        allowed = _ROUNDING if self.is_rounded or other.is_rounded else 0.002
        return (
            apart <= allowed * max(abs(other.value), abs(self.value))
            if self.value >= 10
            else apart < 0.005
        )

    def is_like(self, other: "Number") -> bool:
        """Whether the two measure the same kind of thing."""
        return self.measure == other.measure

    def _is_bare_beside(self, other: "Number") -> bool:
        """An age needs no "years"; but percents and money are never bare."""
        return None in (self.measure, other.measure) and not _NEVER_BARE & {self.measure, other.measure}


@lru_cache(maxsize=256)
def find_numbers(text: str, taken: tuple[tuple[int, int], ...] = ()) -> tuple[Number, ...]:
    """The numbers of a text in order, but for those inside the spans that are taken (by dates)."""
    found: list[Number] = []
    for match in _NUMBER.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        value = _value(match, text)
        if value is None:
            continue
        found.append(_with_unit(text, match, value))
    return tuple(_ranges_filled(text, found))


def _value(match: re.Match[str], text: str) -> float | None:
    if digits := match["digits"]:
        if match.end() < len(text) and text[match.end()].isalpha():
            return None
        value = float(digits.replace(",", ""))
        short = (match["short"] or "").lower()
        if short in ("m", "b") and not match["money"]:
            return value if short == "m" else None
        return value * _SCALES.get((match["scale"] or short).lower(), 1.0)
    if match["half"]:
        return 0.5 * _SCALES[match["halfscale"].lower()]
    if match["part"]:
        part, whole = _counted(match["part"]), _counted(match["of"])
        return 100.0 * part / whole if part and whole and part <= whole else None
    if match["halfunit"]:
        return 0.5 if _measure_at(text, match.end())[0] else None
    if fraction := match["fraction"]:
        if _NO_FRACTION.search(text[: match.start()]) or _NO_HALF_UNIT.match(text[match.end() :]):
            return None
        if _ORDINAL.match(fraction) and _COUNTED.match(text[match.end() :]):
            return None
        return _fraction(fraction.lower())
    if worded := match["words"]:
        lowered = worded.lower()
        before = text[max(0, match.start() - 8) : match.start("words")]
        if lowered in ("two", "three") and _DEFINITE.search(before):
            return None
        if lowered == "one":
            # "one of them", "no one": mostly no number.
            return 1.0 if _measure_at(text, match.end())[0] else None
        if lowered.partition(" ")[0].partition("-")[0] in _SCALES:
            lowered = f"one {lowered}"
        value_spoken = _spoken(lowered)
        if value_spoken is None or not match["andhalf"]:
            return value_spoken
        return (value_spoken + 0.5) * _SCALES.get((match["andscale"] or "").lower(), 1.0)
    return None


def _spoken(words: str) -> float | None:
    try:
        return float(text2num(re.sub(r"\s+", " ", words), "en"))
    except ValueError:
        return None


def _counted(text: str) -> float | None:
    lowered = text.lower()
    if lowered.isdigit():
        return float(lowered)
    return _spoken(f"one {lowered}" if lowered in _SCALES else lowered)


def _fraction(words: str) -> float | None:
    count, _, part = words.replace("-", " ").rpartition(" ")
    share = _FRACTIONS.get(part.removesuffix("s")) or _FRACTIONS.get(part)
    if share is None or (part.startswith("quarter") and not count):
        return None
    return share * {"": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4}[count]


def _with_unit(text: str, match: re.Match[str], value: float) -> Number:
    start, end = match.span()
    measure: str | None
    if match["fraction"] or match["part"]:
        measure, factor = "percent", 1.0
    elif money := (match["money"] or "").strip().lower().replace("us$", "$"):
        measure, factor = _UNITS[money][0], 1.0
    elif match["ordinal"]:
        measure, factor = None, 1.0
    else:
        measure, factor, end = _measure_at(text, end)
    about = _ABOUT.search(text[max(0, start - 20) : start])
    exact = _EXACT.search(text[max(0, start - 20) : start])
    strict = about is not None and _STRICT.match(about.group()) is not None
    bound = (1 if about["more"] else -1 if about["less"] else 0) if about else 0
    return Number(
        start,
        end,
        text[start:end],
        value,
        value * factor,
        measure,
        about is not None,
        bound,
        strict,
        exact is not None,
        found.group().strip() if (found := exact or about) else "",
    )


def _measure_at(text: str, end: int) -> tuple[str | None, float, int]:
    """The measure of the unit that stands behind a number, its factor, and where it ends."""
    unit = _UNIT.match(text, end)
    if unit is None:
        return None, 1.0, end
    name = unit.group().strip(" -\n").lower()
    compact = name.replace(" ", "")
    if compact.startswith("percentagepoint") or compact.startswith("percentpoint"):
        return "percentage points", 1.0, unit.end()
    if compact.startswith("percent"):
        return "percent", 1.0, unit.end()
    prefix, _, last = name.rpartition(" ")
    if last not in _UNITS:
        return None, 1.0, end
    measure, factor = _UNITS[last]
    if prefix in ("square", "cubic"):
        return f"{prefix} {last.removesuffix('s')}", 1.0, unit.end()
    return measure, factor, unit.end()


def _ranges_filled(text: str, found: list[Number]) -> Iterator[Number]:
    """In "30 to 40 percent" the unit of the second belongs to the first as well."""
    for place, number in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        if (
            after
            and number.measure is None
            and after.measure is not None
            and _RANGE.fullmatch(text[number.end : after.start])
        ):
            unit = _measure_at(text, after.end - len(after.text) + len(_bare(after.text)))
            yield replace(number, value=number.count * unit[1], measure=after.measure)
        else:
            yield number


def _bare(text: str) -> str:
    """A number without the unit behind it."""
    matched = _NUMBER.match(text)
    return matched.group() if matched else text


def is_reckoned(number: Number, said: Sequence[Number]) -> bool:
    """Whether a number is the difference of two that are said, or tells how many times, or how many
    percent, one of them is of the other: "70,000 short" of "180,000 of 250,000 promised". Where many
    numbers are said, any can be reckoned from them, and none is."""
    if len(said) > _RECKONED_FROM:
        return False
    allowed = _BEYOND if number.bound else _ROUNDING if number.is_rounded else _RECKONING
    for more, less in permutations((other.value for other in said), 2):
        if not 0 < less < more:
            continue
        reckoned = [more - less, more / less]
        if number.measure == "percent":
            reckoned = [100 * less / more, 100 - 100 * less / more, 100 * more / less - 100]
        for value in reckoned:
            apart = value - number.value
            if abs(apart) <= allowed * value and apart * number.bound >= 0:
                return True
    return False
