"""Texts as articles hold them, and worse: for property-based tests."""

from hypothesis import strategies as st

# Each stands for what broke a program once: dotless i, joined letters, right-to-left words with
# vowel marks, letters of several code points, odd white space, abbreviations, quotes, markers.
_PARTS = (
    "Kalın'ın İbrahim KALIN kalin’s IŞIK ışık Doç. Dr. Tuğg. Ali Veli ﬁnans straße ẞ Łódź "
    "cafe\u0301 Tu\u0308rkiye g\u030c مُحَمَّد السلام العـربية؟ नमस्ते 한국어 東京。 😀 👩‍👩‍👧 🇹🇷 "
    "U.S. U.K. a.m. p.m. No. 5 3.5 20,000 12:30 1. 2) Lt. Gen. Sept. 16 J. R. R. Prof. etc. "
    'He she said left. no. Then? Yes! ... … ?! “No.” "Go." ‘so’ (early.) [1] ) » - * • – — & @ '
    "cease-fire O'Neill don't rock'n'roll s's 's ' ’ ` . ! ? _x_ ² ½ ʼn"
).split()
_SPACES = (
    " ",
    "  ",
    "\n",
    "\r\n",
    "\n\n",
    "\r",
    "\t",
    "\u00a0",
    "\u2009",
    "\u2028",
    "\u200b",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    " \n ",
    "\u3000",
    "\ufeff",
    "\u00ad",
    "",
)

words_and_gaps = st.lists(
    st.one_of(st.sampled_from(_PARTS), st.sampled_from(_PARTS), st.text(max_size=6)), max_size=40
).flatmap(
    lambda parts: st.lists(
        st.one_of(st.just(" "), st.sampled_from(_SPACES)),
        min_size=len(parts),
        max_size=len(parts),
    ).map(lambda gaps: "".join(part + gap for part, gap in zip(parts, gaps, strict=True)))
)

texts = st.one_of(words_and_gaps, st.text(max_size=80))
