"""Lines that say by their own words that they are the page's and not the article's.

Every pattern is matched against a whole line, with its bullet and doubled spaces taken away. Knows
nothing of where a line stands.
"""

import re
from dataclasses import dataclass
from enum import Enum


class Strength(Enum):
    """How much a phrase proves by itself."""

    ANYWHERE = "wherever it stands"
    AT_EDGES = "before the article's first sentence and after its last"
    IN_COMPANY = "beside another such line"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A form that lines of a page have, why it is left out, and how much it proves."""

    reason: str
    strength: Strength
    pattern: re.Pattern[str]


ADVERTISEMENT = "advertisement"
ARTICLE_LINK = "link to another article"
AUTHOR_NOTE = "about the author"
BREADCRUMB = "breadcrumb"
BYLINE = "byline"
COMMENTS = "comments"
COOKIES = "cookie notice"
DATE_LINE = "date line"
DISCLOSURE = "disclosure"
EVENTS = "events box"
FOOTER = "page footer"
MENU = "menu"
NEWSLETTER = "newsletter box"
PAGE_CONTROL = "page control"
PAGE_TITLE = "page title"
PHOTO = "photo caption or credit"
RELATED = "related articles"
SHARE = "share bar"
SITE_NAME = "site name"
SOCIAL = "social media link"
SUBSCRIPTION = "subscription notice"
TAGS = "tags"
TITLE_AGAIN = "title again"
WEB_ADDRESS = "web address"

NETWORK = (
    r"(?:facebook|twitter|x|youtube|instagram|linkedin|whats ?app|telegram|tik ?tok|reddit"
    r"|pinterest|threads|bluesky|mastodon|messenger|flipboard|google news|snapchat|discord|rss)"
)
_AGENCY = (
    r"(?:reuters|afp|ap|aa|anadolu(?: agency)?|dha|iha|epa(?:-efe)?|getty(?: images)?|dpa|tass"
    r"|xinhua|bloomberg|shutterstock|istock|alamy|sputnik|zuma|upi|flash90|nurphoto|unsplash"
    r"|wikimedia commons)"
)
_URL = r"(?:https?://|www\.)\S+"
_EMAIL = r"[\w.+-]+@[\w-]+\.[\w.-]+"

_ANYWHERE: tuple[tuple[str, str], ...] = (
    (
        PAGE_CONTROL,
        r"(?:(?:go|skip|jump) to (?:the )?(?:main |page |site |primary )?(?:header"
        r"|content|footer|search"
        r"|navigation|menu|top|bottom|article|home ?page|sidebar|comments)\b[ |·,]*)+"
        r"|.{0,150}\bopens? (?:in|on) (?:a )?new (?:page|tab|window)\.?"
        r"|.{0,200}\bgo to (?:the )?home ?page\.?"
        r"|search (?:in |the |this |our )?(?:site|website)|search for:|search(?:\.\.\.|…)"
        r"|(?:open|close|toggle|show|hide|expand|main|mobile"
        r"|primary) (?:the )?(?:menu|navigation|search bar|sidebar)"
        r"|(?:back|return|scroll) to (?:the )?(?:top|home ?page)"
        r"|bool\((?:true|false)\)|\[object object\]|loading(?:\.\.\.|…)"
        r"|please (?:enable|turn on) javascript.{0,120}|your browser does not support.{0,120}"
        r"|listen to (?:this |the )?(?:article|story)\b.{0,40}|print (?:this )?(?:article|page)"
        r"|(?:reading time:? )?\d+[- ]min(?:ute)?s?[- ]read|reading time:? .{0,20}min.{0,10}"
        r"|(?:next|previous) (?:article|post|story)",
    ),
    (
        SHARE,
        r"share (?:this|the)(?: (?:article|story|post|page|news|video"
        r"|interview))?(?: (?:on|via|with)\b.{0,60})?:?"
        r"|share(?: options| now)?:|share (?:on|via):?"
        rf"|(?:share|post|tweet|send|pin)(?: this| it| article)? (?:on|to|via|by"
        rf"|with) (?:{NETWORK}|e-?mail|mail|friends?)(?: \(.{{0,60}}\))?"
        rf"|(?:share:? |share (?:on|via):? )?(?:(?:{NETWORK}|e-?mail|print"
        rf"|copy link|share|tweet|save)(?:\s*[,|/·•]\s*"
        rf"|\s+)){{1,}}(?:{NETWORK}|e-?mail|print|copy link|share|tweet|save)"
        r"|copy (?:link|url)|link copied!?|copied(?: to clipboard)?!"
        r"|(?:bu )?(?:haberi|yazıyı) paylaş|paylaş:",
    ),
    (
        ADVERTISEMENT,
        r"[-–— ]*advertisements?[-–— ]*|(?:story|article) continues (?:below"
        r"|after)(?: this| the)? ad(?:vertisement)?"
        r"|ad(?:vertisement)?\s*[-–—:|.]\s*(?:scroll|continue|story|article).{0,40}"
        r"|scroll (?:down )?to continue(?: reading)?|ad feedback|remove ads|report (?:this|an) ad"
        r"|[-–— ]*reklam[-–— ]*|إعلان",
    ),
    (
        ARTICLE_LINK,
        r"(?:also read|read also|read next|read more|see also|also see|watch also"
        r"|also watch|related"
        r"(?: (?:article|story|news|reading|video|content|post|coverage))?"
        r"|must[- ]read|don['’]t miss|recommended(?: reading)?"
        r"|in case you missed it|up next|editors?['’]?s? picks?|ilgili haber"
        r"|ayrıca oku(?:yun)?|lire aussi|à lire aussi|اقرأ أيضا[ً]?)"
        r"\s*(?:[:>»›→|]|[-–—]\s)\s*\S(?:(?![.!?]\s+[A-Z]).){0,200}"
        r"|(?:click|tap) here (?:to|for)\b.{0,100}|read (?:the )?(?:full|whole"
        r"|entire|original) (?:article|story|report|post|text|version"
        r"|interview)\b.{0,60}"
        r"|read more (?:about|on|at|in|from|here)\b[^.!?]{0,100}|(?:read|see|view) more\s*[»›→>…]+"
        r"|download (?:the )?(?:full )?(?:pdf|report|article)(?: .{0,30})?",
    ),
    (
        NEWSLETTER,
        r"sign up (?:for|to|here|now|today)\b.{0,150}\b(?:newsletters?|inbox"
        r"|e-?mails?|updates|alerts|digest|briefing)\b.{0,80}"
        r"|sign up (?:here|now|today|for free)[.!]?|subscribe (?:now|here|today|for free)[.!]?"
        r"|(?:please )?(?:subscribe|register) (?:to|for) (?:our|the|my"
        r"|this)\b.{0,100}\b(?:newsletters?|channel|updates|list|feed|podcast"
        r"|alerts|digest|briefing)\b.{0,80}"
        r"|subscribe to (?:\S+ ){0,4}newsletters?[.!]?"
        r"|(?:get|receive)\b.{0,150}\b(?:(?:in|to|into) your (?:inbox|e-?mail)"
        r"|our (?:free |daily |weekly )*newsletter)\b.{0,100}"
        r"|stay (?:up[- ]to[- ]date|informed|connected|updated)(?: (?:with"
        r"|on) \S+(?: \S+){0,6})?[.!]?"
        r"|join our\b.{0,80}\b(?:newsletter|channel|community|mailing list|group|list)\b.{0,60}"
        r"|(?:enter |type )?your e-?mail(?: address)?(?: here| \*|\.\.\.|…)?"
        r"|e-?mail address\s*[*:]?"
        r"|registration was successful.{0,40}|thank(?:s| you) for (?:subscribing"
        r"|signing up|registering)\b.{0,80}"
        r"|i (?:agree|consent) to (?:the|receive|receiving"
        r"|being)\b.{0,150}\b(?:terms|privacy|e-?mails?|newsletter"
        r"|contacted)\b.{0,80}"
        r"|(?:you can )?unsubscribe(?: at)? any ?time.{0,60}"
        r"|by (?:signing up|subscribing|registering|clicking|submitting"
        r"|entering)\b.{0,250}\b(?:terms|privacy|policy)\b.{0,250}"
        r"|e-?bülten(?:imize)?(?: .{0,60})?(?:abone|kayıt|üye) ol(?:un)?\W{0,3}",
    ),
    (
        SUBSCRIPTION,
        r"already (?:a )?(?:subscriber|subscribed|member|registered|have an account)\?.{0,60}"
        r"|this (?:article|story|content) is (?:only )?(?:for"
        r"|available (?:only )?to|reserved for|exclusive to) (?:our )?(?:paying "
        r"|registered )?(?:subscribers|members)\b.{0,80}"
        r"|you have .{0,20}\barticles? (?:left|remaining)\b.{0,80}"
        r"|(?:subscribe|log in|sign in|register)\b[^.]{0,40}\bto (?:continue"
        r"|keep) reading.{0,40}|to continue reading,? (?:please |you )?.{0,80}"
        r"|subscribe (?:to|now|for)\b[^.]{0,60}\b(?:unlimited"
        r"|full) access\b.{0,60}|continue reading(?: (?:this|the) (?:article"
        r"|story))?\s*[»›→>…]*"
        r"|support (?:our|independent|quality) jo"
        r"urnalism\b.{0,100}|become a (?:member|subscriber|patron)\b.{0,40}",
    ),
    (
        COOKIES,
        r"(?:we|this (?:site|website|web ?page|page)|our (?:site|website)"
        r"|\S+\.(?:com|org|net))(?: and our \S+(?: \S+){0,4})? (?:use|uses|store"
        r"|stores)\b.{0,60}\bcookies\b.{0,600}"
        r"|(?:we )?(?:value|respect|care about) y"
        r"our privacy\W{0,3}.{0,200}|your privacy (?:matters|is important).{0,80}"
        r"|by (?:continuing|using|clicking|browsing|accepting)\b.{0,200}\bcookies?\b.{0,250}"
        r"|(?:accept|reject|allow|decline|deny|refuse|use) (?:all|only necessary"
        r"|necessary|all necessary)(?: cookies)?(?: (?:&|and) (?:close|continue))?"
        r"|(?:accept|reject|allow|decline) cookies"
        r"|(?:manage|cookie|customi[sz]e) (?:my |your |cookie "
        r"|consent )*(?:cookies|preferences|settings|options|consent|choices"
        r"|notice)"
        r"|bu (?:site|web ?site|internet site)\S*\b.{0,80}\bçerez.{0,300}",
    ),
    (
        DISCLOSURE,
        r"(?:important |full |legal )?(?:disclosure|disclaimer)\s*:.{1,2000}"
        r"|IMPORTANT (?:DISCLOSURE|DISCLAIMER|NOTICE)\b.{0,2000}"
        r"|(?:any |the )?(?:views|opinions|positions|statements)(?: and (?:views"
        r"|opinions|positions|conclusions))?(?: that are)? (?:expressed|stated"
        r"|contained|presented)"
        r" (?:in|here|herein|on|are|by (?:the |this |our )?(?:authors?|writers?"
        r"|contributors?|columnists?|guests?))\b.{0,250}"
        r"\b(?:authors?|authors?['’]s?|writers?|writers?['’]s?|contributors?"
        r"|columnists?|own|alone|not necessarily|do not|does not)\b.{0,300}"
        r"|this (?:article|piece|content|material|information) (?:is|does|reflects"
        r"|represents)\b.{0,100}\b(?:informational purposes|not constitute"
        r"|not (?:necessarily )?(?:reflect|represent)|views of the authors?"
        r"|author['’]s own)\b.{0,300}",
    ),
    (
        SOCIAL,
        rf"(?:please )?(?:follow|like|join|find|watch|visit|subscribe to) (?:us|our"
        rf"|me|@\w+)\b(?=.*(?:\b{NETWORK}\b|https?://|www\.|@\w|\bchannel\b"
        rf"|\bpage\b)).{{0,250}}"
        r"|follow us(?: on)?:?|join us on:?|bizi takip edin.{0,60}"
        rf"|follow (?:\S+ ){{1,8}}on (?:{NETWORK})\b[^.]{{0,80}}\.?"
        rf"|(?=.{{0,80}}\b{NETWORK}\b)(?=.*(?:{_URL}|(?<!\w)@\w))(?:\S+\s+){{0,13}}\S*[^\s.!?]"
        r"|@\w{2,30}",
    ),
    (WEB_ADDRESS, rf"(?:{_URL}[\s,;|]*)+|{_EMAIL}"),
    (
        COMMENTS,
        r"your e-?mail address will not be publis"
        r"hed.{0,80}|required fields are marked.{0,10}|save my name,.{0,120}"
        r"|(?:leave|post|add|write) a (?:reply|comment)\b.{0,60}|(?:log"
        r"|sign) ?in to (?:comment|leave a comment|reply|post)\b.{0,60}"
        r"|join the (?:conversation|discussion)|b"
        r"e the first to comment.{0,30}|comments are (?:closed|off"
        r"|disabled)\b.{0,40}"
        r"|\d+ comments?|comments? ?\(\d+\)|no comments(?: yet)?\.?|(?:view|show"
        r"|hide|load)(?: all| more)? comments|cancel reply|(?:post|submit) comment"
        r"|yorum (?:yap|yaz|ekle)(?:ın)?|\d+ yorum|yorumlar ?\(\d+\)",
    ),
    (
        FOOTER,
        r"(?:©|\(c\)|copyright\b(?=\s*(?:©|\(c\)|\d{4}|by\b)))\s*.{0,200}"
        r"|.{0,120}\ball rights (?:are )?reserved\b.{0,120}|.{0,120}\b(?:tüm"
        r"|her) hakk\S* saklıdır\b.{0,80}"
        r"|.{0,40}\bthis (?:site|page|form) is protected by recaptcha\b.{0,150}"
        r"|no part of this \S+ may be (?:reproduced|republished|copied).{0,300}"
        r"|(?=.{0,200}\b(?:tel|phone|fax|telefon)\b\.?\s*:)(?=.*(?:\||\bfax\b"
        r"|\be-?mail\b|@)).{0,250}",
    ),
)

_AT_EDGES: tuple[tuple[str, str], ...] = (
    (
        FOOTER,
        r"(?:(?:developed|designed|powered|hosted|built|created)(?: (?:and"
        r"|&) \w+)?|(?:web ?site|site|web design)(?: \w+)?) by\b(?: \S+){1,8}"
        rf"|(?:e-?mail|phone|tel|telefon|fax|contact|address"
        rf"|adres)\s*:\s*\S.{{0,100}}|.{{0,60}}{_EMAIL}",
    ),
    (
        TAGS,
        r"(?:tags?|tagged|topics?|keywords?|filed under|filed in|categor(?:y|ies)"
        r"|in this (?:article|story)|etiketler|konular"
        r"|anahtar kelimeler)\s*:\s*\S[^.]{0,250}"
        r"|(?:tags|topics|tagged|filed under|etiketler):?|(?-i:(?:Tags"
        r"|Topics)(?=[A-Z])).{1,200}|(?:#\w+[\s,]*)+",
    ),
    (
        PAGE_CONTROL,
        r"(?:print|save|listen|pdf|text size|font size|a[+-](?: a[+-])*|new"
        r"|[\d.,]+k? (?:views?|shares?|reads?)|views?:? [\d.,]+k?)",
    ),
)

_IN_COMPANY: tuple[tuple[str, str], ...] = (
    (
        SHARE,
        rf"{NETWORK}|share|tweet|print|e-?mail|save|bookmark|copy|pin|send|gift"
        rf"|comments?|listen|whatsapp|[\d.,]+k? shares?"
        r"|(?:show|load|view|see) (?:more|less|all)|next|previous|close",
    ),
    (
        COOKIES,
        r"accept|reject|agree|i agree|decline|got it!?|ok|settings|preferences"
        r"|learn more|privacy policy|cookie policy",
    ),
    (
        NEWSLETTER,
        r"subscribe|sign up|register|submit|log ?in|sign ?in|newsletter|(?:first "
        r"|last |full )?name\s*\*?|e-?mail\s*\*?|website",
    ),
    (
        ADVERTISEMENT,
        r"sponsored(?: content)?|promoted|paid (?:content|post)|advertising|ad|ads"
        r"|ilan|anzeige|publicité|publicidad",
    ),
)

PHRASES: tuple[Phrase, ...] = tuple(
    Phrase(reason, strength, re.compile(pattern, re.I))
    for strength, table in (
        (Strength.ANYWHERE, _ANYWHERE),
        (Strength.AT_EDGES, _AT_EDGES),
        (Strength.IN_COMPANY, _IN_COMPANY),
    )
    for reason, pattern in table
)

# The line ends in a credit: "... in Ankara. (photo credit: AGENCY/NAME)", "... (AA Photo)".
CREDIT_AT_END = re.compile(
    r"\s*[(\[]\s*(?:"
    r"(?:file |archive |press |handout |illustrative )?(?:photos?|images?"
    r"|pictures?|credits?|fotoğraf|foto|görsel)"
    r"(?: credits?| courtesy)?(?:\s*(?::|\bby\b|\bvia\b|\bfrom\b|\bof\b)[^()\[\]]{1,80})"
    r"|(?:file|archive|handout|courtesy|undated"
    r"|illustrative)(?: \w+)? (?:photo|image|"
    r"picture)s?(?:[/ ][^()\[\]]{0,60})?"
    r"|credits?\s*:[^()\[\]]{1,80}|courtesy(?: of)?[^()\[\]]{1,60}"
    r"|(?-i:[A-ZÇĞİÖŞÜ][^()\[\]]{1,40}? (?:Photos?|Images?|Pictures?|PHOTOS?"
    r"|Fotoğraf))(?:[/ ][^()\[\]]{1,60})?"
    rf"|{_AGENCY}(?:\s*/\s*|\s+via\s+)[^()\[\]"
    rf"]{{1,60}}|(?<=\[)[^()\[\]/]{{2,50}}/{_AGENCY}(?: photo| images)?"
    rf"|(?<=\[){_AGENCY}"
    r")\s*[)\]]\.?$",
    re.I,
)
# The whole line is a credit, or opens as a caption that has its credit before it.
CREDIT_ALONE = re.compile(
    r"(?:(?:photo|image|picture|photograph|cover photo|main photo|fotoğraf"
    r"|foto)s?(?: credits?| courtesy)?\s*(?::|\bby\b|\bof\b)"
    r"|credits?\s*:|photo(?:graph)?s? by)\s*\S(?:\S*\s+){0,14}\S*[^\s.?!]"
    rf"|{_AGENCY}\s*/\s*[^.|]{{1,60}}|(?:getty|afp|ap|reuters|epa|aa) (?:images"
    rf"|photo|pictures)(?:[/ ].{{0,60}})?"
    r"|(?:file|archive) (?:photo|image|picture)\b.{0,20}|(?:FILE PHOTO"
    r"|File photo|FILE)\s*(?::|[-–—]\s).{1,500}",
    re.I,
)

_TAIL = (
    r"articles?|stories|story|publications?|posts?|news|topics?|content|coverage|reading|links?"
    r"|items|videos?|research|reports?|headlines|pages|reads|analysis|podcasts?"
)
# What opens a box of other articles at the end of an article.
RELATED_OPENER = re.compile(
    rf"(?:related(?: (?:{_TAIL}))?|similar (?:{_TAIL})"
    rf"|more (?:{_TAIL})(?: .{{1,40}})?|more f"
    rf"rom \S.{{0,50}}|more on this(?: \w+)?"
    r"|you (?:may|might)(?: also)? (?:like|enjoy|be interested in)"
    r"|recommended(?: (?:for you|articles|stories|reading|by .{1,30}))?"
    r"|most (?:read|viewed|popular|shared|commented|watched|recent)(?: .{1,30})?"
    rf"|(?:top|trending|popular|latest|recent|featured|breaking|other"
    rf"|editors?['’]?s?['’]?) (?:{_TAIL}|now|picks?|choice)(?: .{{1,30}})?"
    rf"|trending"
    r"|what to read next|read next|up next|(?:from )?around the web"
    r"|from our (?:partners?|archives?|sponsors?)|(?:sponsored"
    r"|promoted) (?:stories|links|content)"
    r"|in case you missed it|don['’]t miss(?: it| this)?|keep reading"
    r"|explore more|latest from \S.{0,40}|further articles"
    r"|ilgili (?:haberler|yazılar|içerikler|konular)|benzer (?:haberler"
    r"|yazılar|içerikler)|diğer (?:haberler|yazılar)|son (?:haberler|dakika)"
    r"|(?:en )?çok okunan(?:lar)?(?: haberler)?"
    r"|öne çıkan(?:lar| haberler)|(?:bunlar da )?ilginizi çekebilir"
    r"|mehr zum thema|sur le même sujet|noticias relacionadas|(?:مواضيع"
    r"|أخبار) ذات صلة|الأكثر قراءة"
    r")\s*[:»›→>]?",
    re.I,
)
# What opens a small box inside an article.
INLINE_OPENER = re.compile(
    r"(?:(?:read|see|watch)(?: (?:more|also|next))+|also (?:read|see|watch)"
    r"|ayrıca okuyun|devamını oku|(?:à )?lire aussi|اقرأ أيضا[ً]?)\s*[:»›→>…]*",
    re.I,
)
EVENTS_OPENER = re.compile(r"(?:upcoming |all |our |next )?events?(?: calendar)?:?", re.I)
SEE_ALL = re.compile(
    r"(?:all|see all|view all|show all|more) (?:\w+ )?(?:events|publications"
    r"|articles|news|stories|posts)",
    re.I,
)
COMMENTS_OPENER = re.compile(
    r"(?:\d+ )?(?:reader )?comments?(?: ?\(\d+\)|:)?|leave a (?:reply|comment)"
    r"|(?:\d+ )?(?:responses|replies)(?: to .*)?|yorumlar(?: ?\(\d+\))?",
    re.I,
)
COMMENT_SIGN = re.compile(
    r"reply|report(?: abuse)?|yanıtla|.{0,60}\b(?:\d+|an?) (?:seconds?"
    r"|minutes?|hours?|days?|weeks?|months?|years?) ago\b.{0,30}|.{1,50} says:"
    r"|like \(\d+\)",
    re.I,
)
AUTHOR_OPENER = re.compile(
    r"about the (?:authors?|writers?|contributors?)|author bios?"
    r"|yazar hakkında",
    re.I,
)

_LANGUAGES = [
    "english",
    "türkçe",
    "العربية",
    "עברית",
    "français",
    "deutsch",
    "español",
    "русский",
    "فارسی",
    "kurdî",
    "italiano",
    "português",
    "中文",
    "日本語",
    "ελληνικά",
    "українська",
]
# Items that only a site's menu has.
SITE_ITEMS = frozenset(
    "".join(
        (
            "abone ol|about|about us|account|accueil|advertise|advertise with us|ana sayfa|",
            "anasayfa|ara|careers|contact|contact us|contacto|cookie policy|cookies|donate|",
            "faq|giriş|giriş yap|gizlilik politikası|hakkımızda|help|home|home page|homepage|",
            "iletişim|impressum|inicio|jobs|kontakt|künye|log in|login|main page|menu|menü|",
            "my account|newsletter|newsletters|our team|press|press releases|privacy|",
            "privacy policy|profile|register|reklam|rss|search|sign in|sign up|site map|",
            "sitemap|startseite|subscribe|subscriptions|support us|terms|terms of service|",
            "terms of use|who we are|üye ol|اتصل بنا|الرئيسية|من نحن",
        )
    ).split("|")
) | frozenset(_LANGUAGES)
# Items that a menu has and that can also be a heading.
SECTION_ITEMS = frozenset(
    "".join(
        (
            "africa|all publications|americas|analysis|archive|archives|arts|asia|blog|blogs|",
            "board of directors|books|breaking news|business|columnists|columns|communications|",
            "crosswords|cultura|culture|database|defence|defense|deportes|dünya|e-gazete|",
            "economy|editorial|education|ekonomi|entertainment|europe|events|eğitim|fact check|",
            "factcheck|features|food|foto galeri|galeri|galleries|gallery|games|gündem|health|",
            "history|international|internships|interviews|investigations|kultur|kültür|",
            "kültür sanat|latest|latest news|library|life|lifestyle|live|live tv|local|",
            "magazin|magazine|maps|media|memoranda|middle east|monde|multimedia|national|news|",
            "obituaries|op-ed|opinion|opinions|photo gallery|photos|podcast|podcasts|",
            "policy papers|politics|politik|politique|posts|projects|publications|reports|",
            "research|resources|sanat|savunma|sağlık|science|shop|siyaset|son dakika|spor|",
            "sport|sports|store|style|surveys|team|tech|technology|teknoloji|topics|travel|",
            "video|video gallery|videos|vision and mission|weather|wirtschaft|wissen|world|",
            "world news|yazarlar|yaşam|économie|أخبار|اقتصاد|ثقافة|رياضة|سياسة",
        )
    ).split("|")
)


def menu_items_on(line: str) -> int:
    """How many menu items a line is made of: 0 unless it is made of them altogether.

    `Home | World | Politics`, `Home > News > Syria` (of which one part may be the page's own).
    """
    parts = [part.strip() for part in re.split(r"\s*[|»›>/·•]\s*", line) if part.strip()]
    if len(parts) > 1:
        known = sum(part.casefold() in SITE_ITEMS or part.casefold() in SECTION_ITEMS for part in parts)
        return known if 2 * known >= len(parts) and known > 1 else 0
    return _items_in_a_row(line.casefold().split())


def _items_in_a_row(words: list[str]) -> int:
    """`home world politics` is three items; the longest item is taken first."""
    count = 0
    while words:
        for length in (3, 2, 1):
            item = " ".join(words[:length])
            if item in SITE_ITEMS or item in SECTION_ITEMS:
                words, count = words[length:], count + 1
                break
        else:
            return 0
    return count
