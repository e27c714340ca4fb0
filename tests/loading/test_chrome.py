"""Each page below marks the lines that are the page's with `~ `; all others are the article's."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.loading.chrome import strip_chrome
from rag.loading.file_format import Extract


def read(page: str) -> Extract:
    """The page without its marks, read, after checking that exactly the marked lines are cut."""
    marked = [line.removeprefix("~ ").rstrip() for line in page.split("\n") if line[:2] == "~ "]
    own = [line.rstrip() for line in page.split("\n") if line.strip() and line[:2] != "~ "]
    found = strip_chrome("\n".join(line.removeprefix("~ ") for line in page.split("\n")))
    assert [line.rstrip() for line in found.text.split("\n") if line.strip()] == own
    assert [line for cut in found.cuts for line in cut.text.split("\n")] == marked
    return found


INSTITUTE = """\
~ Ferries between the Twin Ports: A Lasting Truce? | Quay Institute
~ skip to main content skip to footer
~ Quay Institute logo, go to the home page
~ Quay Institute
~   • Contact
~   • English
~   • Research
~     • Topics
~       • Harbours and the Open Sea
~       • Inland Water
~   • Team
~   • Newsletter
~ Search in site
~ bool(false)

~ Research

~ Home Research Quay Brief Ferries between the Twin Ports: A Lasting Truce?

Ferries between the Twin Ports: A Lasting Truce?

After nine days without a ferry, the crews and the harbour board have agreed on new hours. Will it last?

~ Quay Brief No. 12, March 14, 2024

~ English
~ Mina Oz
~ Halim Ak

The crews of the four ferries went back to work on Monday. The board agreed to a rise of four percent.

The board wants two things:

  1. Fewer crossings in winter, when the boats run half empty
  2. A pier for the larger boats.

Both sides say that they trust each other less than before.

~ The opinions expressed in Quay Institute publications are the authors’ alone.
~ Publication Series Quay Brief
~ TopicsFerriesPorts

~ Events

~ All events
~ The Fourth Harbour Day
~ 25 May, 2024
~ 09:00 - 16:00

~ Related Publications

~ All publications
~ REUTERS/Some Body
~ The Long Winter of the Piers
~ What does a winter cost the piers, and who will pay when the boats lie in the inner harbour?
~ 08/05/24
~ Map: The Open Sea
~ The map shows the wrecks that lie off the coast. It is updated often.
~ 10/03/24

~ Stay up to date

~ Registration was successful! Thanks.
~   • Research

~     • Topics
~       • Inland Water
~   • Home

~   • Team

~   • Contact

~ Quay Institute logo, go to the home page
~ 4 Pier St. Twinport, 1234 | Tel: 03-555-0100 | Email: post@quay.example
~ Developed by Some Company Ltd.
~ This site is protected by reCAPTCHA and the Privacy Policy and Terms of Service apply."""


def test_an_institute_page_keeps_only_its_article_and_states_who_wrote_it_and_when() -> None:
    found = read(INSTITUTE)
    assert found.title == "Ferries between the Twin Ports: A Lasting Truce?"
    assert found.publisher == "Quay Institute"
    assert found.author == "Mina Oz, Halim Ak"
    assert found.published == "2024-03-14"


NEWS_SITE = """\
~ We use cookies to give you the best experience. Read our cookie policy to learn more.
~ Accept all
~ Reject all
~ Cookie settings
~ Skip to content
~ Home
~ World
~ Politics
~ Business
~ Opinion
~ Subscribe
~ Log in

~ Home > News > Ports

Crews end ferry strike

~ By Mina Oz and Halim Ak
~ Published: 12 March 2024 10:30
~ Updated: 13 March 2024
~ 3 min read
~ Share
~ Facebook
~ Twitter
~ WhatsApp

~ A ferry at the pier on Monday. [Some Body/Reuters]

The crews of the four ferries went back to work on Monday, the harbour board said.

~ Advertisement

~ Also read: Harbour board names a new chair

"We are glad," said one captain.

~ Read more
~ Fishermen fear a hard winter
~ The town that lost its pier

The board agreed to a rise of four percent.

It will be paid from May.

~ Sign up for our newsletter to get the best stories every week
~ Enter your email address
~ Sign up

~ Tags: ferries, strikes, ports
~ Follow us on Twitter and Facebook

~ You may also like
~ Ten harbours to see before you die
~ Why gulls steal chips

~ Most read
~ 1. Storm closes the northern road
~ 2. A whale in the inner harbour

~ 12 comments
~ gullwatcher
~ 2 hours ago
~ About time. I waited a week for a boat to the islands.
~ Reply

~ About us
~ Contact us
~ Privacy policy
~ © 2024 Harbour Post. All rights reserved."""


def test_a_news_page_keeps_only_its_article() -> None:
    found = read(NEWS_SITE)
    assert found.title == "Crews end ferry strike"
    assert found.publisher == "Harbour Post"
    assert found.author == "Mina Oz, Halim Ak"
    assert found.published == "2024-03-12"


def test_turkish_chrome_is_known_too() -> None:
    found = read(
        """\
~ Anasayfa
~ Gündem
~ Ekonomi
~ Spor
~ İletişim

Feribot grevi sona erdi

~ 12 Mart 2024 Salı
~ Güncelleme: 13 Mart 2024 09:15

Dört feribotun mürettebatı pazartesi günü işbaşı yaptı, liman kurulu duyurdu.

Kurul yüzde dört zam yapmayı kabul etti ve tarifenin değişmeyeceğini söyledi.

~ İlgili Haberler
~ Liman kuruluna yeni başkan
~ Balıkçılar zor bir kış bekliyor

~ Tüm hakları saklıdır."""
    )
    assert found.title == "Feribot grevi sona erdi"
    assert found.published == "2024-03-12"


def test_captions_with_credits_go_with_their_doubles() -> None:
    read(
        """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

~  A ferry leaves the pier of the old town, March 11, 2024.  (photo credit: AGENCY/SOME BODY)
~ A ferry leaves the pier of the old town, March 11, 2024.
~ (photo credit: AGENCY/SOME BODY)

The board agreed to a rise of four percent, which the crews had asked for.

~ The chair of the board speaks at the pier. (AA Photo)
~ Photo: Some Body / Quay Press

Back to work

Boats will run as before, every half hour."""
    )


def test_a_disclosure_names_the_publisher_and_links_to_channels_go() -> None:
    found = read(
        """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.
What comes next
Boats will run as before, every half hour.
~ IMPORTANT DISCLOSURE: Pier Watch intends to inform people. Articles in our website are not advice.
~ Follow our English language YouTube videos @ PIER WATCH: https://www.youtube.example/pier
~ And content at Twitter: @pierwatch
~ Facebook: Pier Channel: https://www.facebook.example/pier/"""
    )
    assert found.publisher == "Pier Watch"
    assert found.title == "Crews end ferry strike"


CLEAN = {
    "an article": """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

Back to work

Boats will run as before. "We are glad," said one captain. (Reuters)""",
    "an article whose first line is a sentence": """\
The crews of the four ferries went back to work on Monday, said the board.
Boats will run as before, every half hour.""",
    "two lines": "Crews end ferry strike\nThey went back on Monday.",
    "short paragraphs": """\
Crews end strike

It is over.

They won.

Who lost?

The board did.

More on Monday.""",
    "a song": """\
Home

I went down to the water
The water was low
I asked for the ferry
The ferry said no

Home, home
Where the gulls go
Share this with no one
Let nobody know""",
    "an interview": """\
The captain who would not sail

Q: Why did you stop?
A: We were tired.

Q: And now?
A: Now we are paid.

– Will it last?
– Who knows.

Q: Do you read the news?
A: No.""",
    "a listicle": """\
Five apps that sailors love

1. Facebook
It shows the tides.

2. Twitter
It shows the gulls.

3. WhatsApp

Crews talk there, and captains listen to what is said.

4. Search

A compass for words.""",
    "a list announced by a colon": """\
Board blocks sites

The board blocked these sites on its boats:

- Facebook
- Twitter
- YouTube
- https://www.gulls.example

The new departments are:
Media
Events
Research
Contact
Newsletter
Home

Crews said that they would not obey.""",
    "bullets with points": """\
What we know about the ferries

• Four boats are back
• Two stay in the harbour
• Nobody was hurt

The rest is not known yet, the board said on Tuesday.""",
    "a table": """\
Boats and crews

Boat | Crew | Since
Alba | 12 | 2001
Bora | 9 | 2014
Total | 21 |

The figures are the board's own, and the crews dispute them.

Ship\tCrew
Alba\t12""",
    "a chronicle": """\
The strike, day by day

March 1, 2024

The crews of two boats stay at home in the morning.

March 3, 2024

All four boats lie in the harbour, and the board is silent.

March 10, 2024

Talks begin at last.""",
    "headings that look like boxes": """\
What sailors read

Most popular

The tide table is what most of them open first in the morning.

They trust it more than the radio.

Events

Harbour day is what they all wait for.

Comments

Nobody comments on the tide, said one captain.

Related questions are asked by the young.""",
    "sentences that begin like a page": """\
Words of a captain

Share prices fell by five percent on Monday.
Follow the money, he said, and you will find the board.
Copyright law was changed in 1995.
Read more books, he told the young.
Sign up for the navy, said his father.
Join our crew and see the world was his motto.
Full disclosure: the captain is a friend of mine.
Subscribe to nothing you have not read.
Stay informed, doctors say, and you will sleep badly at night.
The opinions expressed by the chair do not necessarily please the crews.
We use cookies as bait, the fishermen said.
Related to this is the price of oil.
Photo shoots were forbidden on the boats.
By the time they sailed, it was dark.""",
    "lines broken at the margin": """\
The crews of the four ferries went back to work on Monday, and the board agreed that
the boats would run every half hour. The captains, who had asked people to
subscribe now
to their cause, were glad. Their union said that it would
follow us
no further than the pier, which is where the story ends for the moment, at least until
the summer comes.""",
    "a list with letters": """\
Board and crews sign an accord

The board and the crews agreed on Monday that:
(a) the boats will sail every half hour;
(b) the crews will get a rise; and
(c) both will ask the harbour master for advice.""",
    "a heading of one's own above a last paragraph": """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

Comments

The chair of the board had none, and left the hall without a word.""",
    "prizes at the end": """\
And the gulls go to

The prizes of the harbour were given on Sunday, and half the town came to see it.

Best boat
Alba
Bora (winner)
Best song
Home
The water
Best photos
Cira at dawn""",
    "a closing list": """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

The four boats
Alba
Bora
Cira
Dora""",
}


@pytest.mark.parametrize("page", CLEAN.values(), ids=CLEAN)
def test_a_clean_article_loses_nothing(page: str) -> None:
    read(page)


BOXES = {
    "a bare list of links inside the article": """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

~ Related articles
~ • Fishermen fear a hard winter
~ • The town that lost its pier

What comes next

Boats will run as before, every half hour.""",
    "teasers to the end, parted by blank lines": """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

Boats will run as before, every half hour.

~ Related stories

~ Fishermen fear a hard winter

~ The fishermen of the north expect little from the coming months.

~ The town that lost its pier

~ A storm took the pier in 1990, and nobody has built another since.""",
    "a box between paragraphs without blank lines": """\
Crews end ferry strike
The crews of the four ferries went back to work on Monday.
~ Read also
~ Fishermen fear a hard winter
Boats will run as before, every half hour.
The board agreed to a rise of four percent.""",
    "a box above the headline": """\
~ Trending now
~ Fishermen fear a hard winter
~ The town that lost its pier

Crews end ferry strike

The crews of the four ferries went back to work on Monday.

Boats will run as before, every half hour.""",
    "a list of links above a heading in two lines": """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

~ RELATED STORIES

~ » Fishermen fear a hard winter

~ » The town that lost its pier

BACK TO WORK

AND TO SEA

Boats will run as before, every half hour.""",
    "links in one line": """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

~ READ MORE: Fishermen fear a hard winter
~ Watch also: The town that lost its pier
~ Read more about the strike in our live blog

Boats will run as before, every half hour.""",
    "a bar of sections in one line": """\
~ Home | World | Politics | Business

Crews end ferry strike

The crews of the four ferries went back to work on Monday.

~ About us · Contact · Privacy policy · Terms of use""",
    "a paywall": """\
Crews end ferry strike

The crews of the four ferries went back to work on Monday.

~ Already a subscriber? Log in

Boats will run as before, every half hour.""",
}


@pytest.mark.parametrize("page", BOXES.values(), ids=BOXES)
def test_boxes_go_and_the_article_goes_on(page: str) -> None:
    read(page)


def test_a_day_that_numbers_leave_open_states_only_its_year() -> None:
    page = "Crews end strike\n\n~ Published: 03/04/2024\n\nThe crews went back to work on Monday."
    assert read(page).published == "2024"


def test_an_update_is_no_publication() -> None:
    page = "Crews end strike\n\n~ Updated 12 March 2024\n\nThe crews went back to work on Monday."
    assert read(page).published is None


def test_a_photo_states_neither_date_nor_publisher() -> None:
    found = read(
        "Crews end strike\n~ A ferry, Sept. 16, 2024. (AA Photo)\n\nThe crews went back on Monday."
    )
    assert (found.published, found.publisher, found.author) == (None, None, None)


def test_a_bar_in_a_title_stays_when_the_title_is_not_repeated() -> None:
    page = "Interview | The captain\n\nThe crews went back to work on Monday."
    assert read(page).title == "Interview | The captain"


@given(st.text(alphabet=st.sampled_from("aA b.\n•-|:?1HomeShareRelated ")))
def test_text_and_cuts_account_for_every_line(text: str) -> None:
    found = strip_chrome(text)
    cut = [line for piece in found.cuts for line in piece.text.split("\n")]
    left = [line.rstrip() for line in found.text.split("\n") if line.strip()]
    assert sorted(left + cut) == sorted(line.rstrip() for line in text.split("\n") if line.strip())


def test_a_page_without_blank_lines_is_read_by_its_lines() -> None:
    found = read(
        """\
~ Menu
~ Search
~ News
~ Politics
~ World
Ministers agree on water plan
~ MINA OZ
~ MAY 3, 2024 - 10:30 AM GMT+3
Ministers from six states agreed on Friday to share water from the river.
~ Advertisement
Farmers welcomed it.
"It is late, but good," one said.
~ Last Update: May 04, 2024 1:10 PM
~ Related News
~ River levels fall again
~ Follow us on Facebook
~ Privacy Policy
~ Copyright 2024 River Times. All rights reserved."""
    )
    assert (found.title, found.publisher, found.author, found.published) == (
        "Ministers agree on water plan",
        "River Times",
        "MINA OZ",
        "2024-05-03",
    )


@pytest.mark.parametrize("line", ["1 comment", "events", "x | y | z", "- a", "Related", "It is: so"])
def test_a_long_page_is_read_in_time_that_grows_with_its_length(line: str) -> None:
    start = perf_counter()
    strip_chrome(f"{line}\nThat is what they said.\nReply\n" * 3000)
    assert perf_counter() - start < 10
