"""Lines that say by their own words that they are the page's and not the article's.

Every pattern is matched against a whole line, with its bullet and doubled spaces taken away. Knows
nothing of where a line stands.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


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
    r"(?:facebook|twitter|x|youtube|instagram|linkedin|whats ?app|telegram|tik "
    r"?tok|reddit|pinterest|threads|bluesky|mastodon|messenger|flipboard|google "
    r"news|snapchat|discord|rss)"
)
_AGENCY = (
    r"(?:reuters|afp|ap|aa|anadolu(?: agency)?|dha|iha|epa(?:-efe)?|getty(?: "
    r"images)?|dpa|tass|xinhua|bloomberg|shutterstock|istock|alamy|sputnik|zuma|upi|flash90"
    r"|nurphoto|unsplash|wikimedia commons)"
)
_URL = r"(?:https?://|www\.)\S+"
_EMAIL = r"[\w.+-]+@[\w-]+\.[\w.-]+"

_ANYWHERE: tuple[tuple[str, str], ...] = (
    (
        PAGE_CONTROL,
        r"(?:(?:go|skip|jump) to (?:the )?(?:main |page |site |primary )?"
        r"(?:header|content|footer|search|navigation|menu|top|bottom|article|home "
        r"?page|sidebar|comments)\b[ |·,]*)+"
        r"|.{0,150}\bopens? (?:in|on) (?:a )?new (?:page|tab|window)\.?"
        r"|.{0,200}\bgo to (?:the )?home ?page\.?"
        r"|search (?:in |the |this |our )?(?:site|website)|search for:"
        r"|search(?:\.\.\.|…)"
        r"|(?:open|close|toggle|show|hide|expand|main|mobile|primary) (?:the )?"
        r"(?:menu|navigation|search bar|sidebar)"
        r"|(?:back|return|scroll) to (?:the )?(?:top|home ?page)|bool\((?:true|false)\)"
        r"|\[object object\]|loading(?:\.\.\.|…)"
        r"|please (?:enable|turn on) javascript.{0,120}|your browser does not support.{0,120}"
        r"|listen to (?:this |the )?(?:article|story)\b.{0,40}"
        r"|print (?:this )?(?:article|page)"
        r"|(?:reading time:? )?\d+[- ]min(?:ute)?s?[- ]read|reading time:? .{0,20}min.{0,10}"
        r"|(?:next|previous) (?:article|post|story)",
    ),
    (
        SHARE,
        r"share (?:this|the)(?: (?:article|story|post|page|news|video|interview))?:?"
        rf"|share (?:this|the)(?: (?:article|story|post|page|news|video|interview))? "
        rf"(?:on|via|with) (?:{NETWORK}|e-?mail|your friends|friends|others)\b.{{0,40}}"
        r"|share(?: options| now)?:|share (?:on|via):?"
        rf"|(?:share|post|tweet|send|pin)(?: this| it| article)? (?:on|to|via|by|with) "
        rf"(?:{NETWORK}|e-?mail|mail|friends?)(?: \(.{{0,60}}\))?"
        rf"|(?:share:? |share (?:on|via):? )?(?:(?:{NETWORK}|e-?mail|print|copy "
        rf"link|share|tweet|save)(?:\s*[,|/·•]\s*|\s+)){{1,}}(?:{NETWORK}|e-?mail|print|copy "
        rf"link|share|tweet|save)"
        r"|copy (?:link|url)|link copied!?|copied(?: to clipboard)?!"
        r"|(?:bu )?(?:haberi|yazıyı) paylaş|paylaş:",
    ),
    (
        ADVERTISEMENT,
        r"[-–— ]*advertisements?[-–— ]*"
        r"|(?:story|article) continues (?:below|after)(?: this| the)? ad(?:vertisement)?"
        r"|ad(?:vertisement)?\s*[-–—:|.]\s*(?:scroll|continue|story|article).{0,40}"
        r"|scroll (?:down )?to continue(?: reading)?|ad feedback|remove ads"
        r"|report (?:this|an) ad|[-–— ]*reklam[-–— ]*|إعلان",
    ),
    (
        ARTICLE_LINK,
        r"(?:also read|read also|read next|read more|see also|also see|watch also|also "
        r"watch|related(?: (?:article|story|news|reading|video|content|post|coverage))?"
        r"|must[- ]read|don['’]t miss|recommended(?: reading)?|in case you missed it|up "
        r"next|editors?['’]?s? picks?|ilgili haber|ayrıca oku(?:yun)?|lire aussi|à lire "
        r"aussi|اقرأ أيضا[ً]?)\s*(?:[:>»›→|]|[-–—]\s)\s*\S(?:(?![.!?]\s+[A-Z]).){0,200}"
        r"|(?:click|tap) here (?:to|for)\b.{0,100}"
        r"|read (?:the )?(?:full|whole|entire|original) "
        r"(?:article|story|report|post|text|version|interview)\b.{0,60}"
        r"|read more (?:about|on|at|in|from|here)\b[^.!?]{0,100}"
        r"|(?:read|see|view) more\s*[»›→>…]+"
        r"|download (?:the )?(?:full )?(?:pdf|report|article)(?: .{0,30})?",
    ),
    (
        NEWSLETTER,
        r"sign up (?:for|to|here|now|today)\b.{0,150}\b"
        r"(?:newsletters?|inbox|e-?mails?|updates|alerts|digest|briefing)\b.{0,80}"
        r"|sign up (?:here|now|today|for free)[.!]?"
        r"|subscribe (?:now|here|today|for free)[.!]?"
        r"|(?:please )?(?:subscribe|register) (?:to|for) (?:our|the|my|this)\b.{0,100}\b"
        r"(?:newsletters?|channel|updates|list|feed|podcast|alerts|digest|briefing)\b.{0,80}"
        r"|subscribe to (?:\S+ ){0,4}newsletters?[.!]?"
        r"|(?:get|receive)\b.{0,150}\b(?:(?:in|to|into) your (?:inbox|e-?mail)|our (?:free "
        r"|daily |weekly )*newsletter)\b.{0,100}"
        r"|(?:stay|keep) (?:up[- ]to[- ]date|informed|connected|updated)(?: (?:with|on) \S+"
        r"(?: \S+){0,9})?[.!]?"
        r"|join our\b.{0,80}\b(?:newsletter|channel|community|mailing "
        r"list|group|list)\b.{0,60}"
        r"|(?:enter |type )?your e-?mail(?: address)?(?: here| \*|\.\.\.|…)?"
        r"|e-?mail address\s*[*:]?|registration was successful.{0,40}"
        r"|thank(?:s| you) for (?:subscribing|signing up|registering)\b.{0,80}"
        r"|i (?:agree|consent) to (?:the|receive|receiving|being)\b.{0,150}\b"
        r"(?:terms|privacy|e-?mails?|newsletter|contacted)\b.{0,80}"
        r"|(?:you can )?unsubscribe(?: at)? any ?time.{0,250}"
        r"|by (?:signing up|subscribing|registering|clicking|submitting|entering)\b.{0,250}\b"
        r"(?:terms|privacy|policy)\b.{0,250}"
        r"|e-?bülten(?:imize)?(?: .{0,60})?(?:abone|kayıt|üye) ol(?:un)?\W{0,3}",
    ),
    (
        SUBSCRIPTION,
        r"already (?:a )?(?:subscriber|subscribed|member|registered|have an account)\?.{0,60}"
        r"|this (?:article|story|content) is (?:only )?(?:for|available (?:only "
        r")?to|reserved for|exclusive to) (?:our )?(?:paying |registered )?"
        r"(?:subscribers|members)\b.{0,80}"
        r"|you have .{0,20}\barticles? (?:left|remaining)\b.{0,80}"
        r"|(?:subscribe|log in|sign in|register)\b[^.]{0,40}\bto (?:continue|keep) "
        r"reading.{0,40}"
        r"|to continue reading,? (?:please |you )?.{0,80}"
        r"|subscribe (?:to|now|for)\b[^.]{0,60}\b(?:unlimited|full) access\b.{0,60}"
        r"|continue reading(?: (?:this|the) (?:article|story))?\s*[»›→>…]*"
        r"|support (?:our|independent|quality) journalism\b.{0,100}"
        r"|become a (?:member|subscriber|patron)\b.{0,40}",
    ),
    (
        COOKIES,
        r"(?:we|this (?:site|website|web ?page|page)|our (?:site|website)|\S+\."
        r"(?:com|org|net))(?: and our \S+(?: \S+){0,4})? "
        r"(?:use|uses|store|stores)\b.{0,60}\bcookies\b(?:\W*|[ ,.](?:and|to|for|on|or|in order|"
        r"that|by|see|read|click|you)\b.{0,600})"
        r"|(?:we )?(?:value|respect|care about) your privacy\W{0,3}.{0,200}"
        r"|your privacy (?:matters|is important).{0,80}"
        r"|by (?:continuing|using|clicking|browsing|accepting)\b.{0,200}\bcookies?\b.{0,250}"
        r"|(?:accept|reject|allow|decline|deny|refuse|use) (?:all|only "
        r"necessary|necessary|all necessary)(?: cookies)?(?: (?:&|and) (?:close|continue))?"
        r"|(?:accept|reject|allow|decline) cookies"
        r"|(?:manage|cookie|customi[sz]e) (?:my |your |cookie |consent )*"
        r"(?:cookies|preferences|settings|options|consent|choices|notice)"
        r"|bu (?:site|web ?site|internet site)\S*\b.{0,80}\bçerez.{0,300}",
    ),
    (
        DISCLOSURE,
        r"(?-i:(?:IMPORTANT |LEGAL )?(?:DISCLOSURE|DISCLAIMER))\s*:.{1,2000}"
        r"|IMPORTANT (?:DISCLOSURE|DISCLAIMER|NOTICE)\b.{0,2000}"
        r"|(?:any |the )?(?:views|opinions|positions|statements)(?: and "
        r"(?:views|opinions|positions|conclusions))?(?: that are)? "
        r"(?:expressed|stated|contained|presented) (?:in|here|herein|on|are|by (?:the |this "
        r"|our )?(?:authors?|writers?|contributors?|columnists?|guests?))\b.{0,250}\b"
        r"(?:authors?|authors?['’]s?|writers?|writers?['’]s?|contributors?|columnists?|own"
        r"|alone|not necessarily|do not|does not)\b.{0,300}"
        r"|this (?:article|piece|content|material|information) "
        r"(?:is|does|reflects|represents)\b.{0,100}\b(?:informational purposes|not "
        r"constitute|not (?:necessarily )?(?:reflect|represent)|views of the "
        r"authors?|author['’]s own)\b.{0,300}",
    ),
    (
        SOCIAL,
        rf"(?:please )?(?:follow|like|join|find|watch|visit|subscribe to) "
        rf"(?:us|our|me|@\w+)\b(?=.*(?:\b{NETWORK}\b|https?://|www\.|@\w|\bchannel\b"
        rf"|\bpage\b)).{{0,250}}"
        r"|follow us(?: on)?:?|join us on:?|bizi takip edin.{0,60}"
        rf"|follow (?:\S+ ){{1,8}}on (?:{NETWORK})\b[^.]{{0,80}}\.?"
        rf"|(?=.{{0,80}}\b{NETWORK}\b)(?=.*(?:{_URL}|(?<!\w)@\w))(?:\S+\s+){{0,13}}\S*[^\s.!?]"
        r"|@\w{2,30}",
    ),
    (WEB_ADDRESS, rf"(?:{_URL}[\s,;|]*)+|{_EMAIL}"),
    (
        COMMENTS,
        r"your e-?mail address will not be published.{0,80}|required fields are marked.{0,10}"
        r"|save my name,.{0,120}"
        r"|(?:leave|post|add|write) a (?:reply|comment)\b.{0,60}"
        r"|(?:log|sign) ?in to (?:comment|leave a comment|reply|post)\b.{0,60}"
        r"|join the (?:conversation|discussion)|be the first to comment.{0,30}"
        r"|comments are (?:closed|off|disabled)\b.{0,40}|\d+ comments?"
        r"|comments? ?\(\d+\)|no comments(?: yet)?\.?"
        r"|(?:view|show|hide|load)(?: all| more)? comments|cancel reply"
        r"|(?:post|submit) comment|yorum (?:yap|yaz|ekle)(?:ın)?|\d+ yorum"
        r"|yorumlar ?\(\d+\)",
    ),
    (
        FOOTER,
        r"(?:©|\(c\)|copyright\b(?=\s*(?:©|\(c\)|\d{4}|by\b)))\s*.{0,200}"
        r"|.{0,120}\ball rights (?:are )?reserved\b.{0,120}"
        r"|.{0,120}\b(?:tüm|her) hakk\S* saklıdır\b.{0,80}"
        r"|.{0,40}\bthis (?:site|page|form) is protected by recaptcha\b.{0,150}"
        r"|no part of this \S+ may be (?:reproduced|republished|copied).{0,300}"
        r"|(?=.{0,200}\b(?:tel|phone|fax|telefon)\b\.?\s*:)(?=.*"
        r"(?:\||\bfax\b|\be-?mail\b|@)).{0,250}",
    ),
)

_AT_EDGES: tuple[tuple[str, str], ...] = (
    (DISCLOSURE, r"(?:important |full |legal )?(?:disclosure|disclaimer)\s*:.{1,2000}"),
    (
        FOOTER,
        r"(?:(?:developed|designed|powered|hosted|built|created)(?: (?:and|&) \w+)?|(?:web "
        r"?site|site|web design)(?: \w+)?) by\b(?: \S+){1,8}"
        rf"|(?:e-?mail|phone|tel|telefon|fax|contact|address|adres)\s*:\s*\S.{{0,100}}"
        rf"|.{{0,60}}{_EMAIL}",
    ),
    (
        TAGS,
        r"(?:tags?|tagged|topics?|keywords?|filed under|filed in|categor(?:y|ies)|in this "
        r"(?:article|story)|etiketler|konular|anahtar kelimeler)\s*:\s*\S[^.]{0,250}"
        r"|(?:tags|topics|tagged|keywords|filed under|etiketler):?"
        r"|(?-i:(?:Tags|Topics)(?=[A-Z])).{1,200}|(?:#\w+[\s,]*)+",
    ),
    (
        PAGE_CONTROL,
        r"(?:print|save|listen|pdf|text size|font size|a[+-](?: a[+-])*|new|[\d.,]+k? "
        r"(?:views?|shares?|reads?)|views?:? [\d.,]+k?)",
    ),
)

_IN_COMPANY: tuple[tuple[str, str], ...] = (
    (
        SHARE,
        rf"{NETWORK}|share|tweet|print|e-?mail|save|bookmark|copy|pin|send"
        rf"|gift|comments?|listen|whatsapp|[\d.,]+k? shares?"
        r"|(?:show|load|view|see) (?:more|less|all)|next|previous|close",
    ),
    (
        COOKIES,
        r"accept|reject|agree|i agree|decline|got it!?|ok|settings|preferences"
        r"|learn more|privacy policy|cookie policy",
    ),
    (
        NEWSLETTER,
        r"subscribe|sign up|sign me up|register|submit|log ?in|sign ?in|(?:\S+ ){0,4}newsletter"
        r"|(?:first |last |full )?name\s*\*?|e-?mail\s*\*?|website",
    ),
    (
        ADVERTISEMENT,
        r"sponsored(?: content)?|promoted|paid (?:content|post)|advertising"
        r"|ad|ads|ilan|anzeige|publicité|publicidad",
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
    r"\s*[(\[]\s*(?:(?:file |archive |press |handout |illustrative )?"
    r"(?:photos?|images?|pictures?|credits?|fotoğraf|foto|görsel)(?: credits?| courtesy)?"
    r"(?:\s*(?::|\bby\b|\bvia\b|\bfrom\b|\bof\b)[^()\[\]]{1,80})|"
    r"(?:file|archive|handout|courtesy|undated|illustrative)(?: \w+)? "
    r"(?:photo|image|picture)s?(?:[/ ][^()\[\]]{0,60})?|credits?\s*:[^()\[\]]{1,80}|courtesy"
    r"(?: of)?[^()\[\]]{1,60}|(?-i:[A-ZÇĞİÖŞÜ][^()\[\]]{1,40}? "
    r"(?:Photos?|Images?|Pictures?|PHOTOS?|Fotoğraf))(?:[/ ][^()\[\]]{1,60})?"
    rf"|{_AGENCY}(?:\s*/\s*|\s+via\s+)[^()\[\]]{{1,60}}"
    rf"|(?<=\[)[^()\[\]/]{{2,50}}/{_AGENCY}(?: photo| images)?|(?<=\[){_AGENCY}"
    r")\s*[)\]]\.?$",
    re.I,
)
# The whole line is a credit, or opens as a caption that has its credit before it.
CREDIT_ALONE = re.compile(
    r"(?:(?:photo|image|picture|photograph|cover photo|main photo|fotoğraf|foto)s?(?: "
    r"credits?| courtesy)?\s*(?::|\bby\b|\bof\b)|credits?\s*:|photo(?:graph)?s? by)\s*\S"
    r"(?:\S*\s+){0,14}\S*[^\s.?!]"
    rf"|{_AGENCY}\s*/\s*[^.|]{{1,60}}"
    rf"|(?:getty|afp|ap|reuters|epa|aa) (?:images|photo|pictures)(?:[/ ].{{0,60}})?"
    r"|(?:file|archive) (?:photo|image|picture)\b.{0,20}"
    r"|(?:FILE PHOTO|File photo|FILE)\s*(?::|[-–—]\s).{1,500}",
    re.I,
)

_TAIL = (
    r"articles?|stories|story|publications?|posts?|news|topics?|content"
    r"|coverage|reading|links?|items|videos?|research|reports?|headlines"
    r"|pages|reads|analysis|podcasts?"
)
# What opens a box of other articles at the end of an article.
RELATED_OPENER = re.compile(
    rf"(?:related(?: (?:{_TAIL}))?|similar (?:{_TAIL})|more (?:{_TAIL})(?: .{{1,40}})?|more "
    rf"from \S.{{0,50}}|more on this(?: \w+)?"
    r"|you (?:may|might)(?: also)? (?:like|enjoy|be interested in)"
    r"|recommended(?: (?:for you|articles|stories|reading|by .{1,30}))?"
    r"|most (?:read|viewed|popular|shared|commented|watched|recent)(?: .{1,30})?"
    rf"|(?:top|trending|popular|latest|recent|featured|breaking|other|editors?['’]?s?['’]?) "
    rf"(?:{_TAIL}|now|picks?|choice)(?: .{{1,30}})?"
    rf"|trending"
    r"|what to read next|read next|up next|(?:from )?around the web"
    r"|from our (?:partners?|archives?|sponsors?)"
    r"|(?:sponsored|promoted) (?:stories|links|content)|in case you missed it"
    r"|don['’]t miss(?: it| this)?|keep reading|explore more|latest from \S.{0,40}"
    r"|further articles"
    r"|ilgili (?:haberler|yazılar|içerikler|konular)|benzer (?:haberler|yazılar|içerikler)"
    r"|diğer (?:haberler|yazılar)|son (?:haberler|dakika)"
    r"|(?:en )?çok okunan(?:lar)?(?: haberler)?|öne çıkan(?:lar| haberler)"
    r"|(?:bunlar da )?ilginizi çekebilir|mehr zum thema|sur le même sujet"
    r"|noticias relacionadas|(?:مواضيع|أخبار) ذات صلة|الأكثر قراءة)\s*[:»›→>]?",
    re.I,
)
# What opens a small box inside an article.
INLINE_OPENER = re.compile(
    r"(?:(?:read|see|watch)(?: (?:more|also|next))+|also (?:read|see|watch)|ayrıca "
    r"okuyun|devamını oku|(?:à )?lire aussi|اقرأ أيضا[ً]?)\s*[:»›→>…]*",
    re.I,
)
EVENTS_OPENER = re.compile(r"(?:upcoming |all |our |next )?events?(?: calendar)?:?", re.I)
SEE_ALL = re.compile(
    r"(?:all|see all|view all|show all|more) (?:\w+ )?"
    r"(?:events|publications|articles|news|stories|posts)",
    re.I,
)
COMMENTS_OPENER = re.compile(
    r"(?:\d+ )?(?:reader )?comments?(?: ?\(\d+\)|:)?|leave a (?:reply|comment)"
    r"|(?:\d+ )?(?:responses|replies)(?: to .*)?|yorumlar(?: ?\(\d+\))?",
    re.I,
)
COMMENT_SIGN = re.compile(
    r"reply|report(?: abuse)?|yanıtla"
    r"|.{0,60}\b(?:\d+|an?) (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?) "
    r"ago\b.{0,30}"
    r"|.{1,50} says:|like \(\d+\)",
    re.I,
)
AUTHOR_OPENER = re.compile(
    r"about the (?:authors?|writers?|contributors?)|author bios?|yazar hakkında",
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


def menu_word(words: str) -> str:
    """Words as the sets of menu items have them; the Turkish İ has no small form of one letter."""
    return words.replace("İ", "i").casefold()


def menu_items_on(line: str) -> int:
    """How many menu items a line is made of: 0 unless it is made of them altogether.

    `Home | World | Politics`, `Home > News > Syria` (of which one part may be the page's own).
    """
    parts = [part.strip() for part in re.split(r"\s*[|»›>/·•]\s*", line) if part.strip()]
    if len(parts) > 1:
        known = sum(menu_word(part) in SITE_ITEMS | SECTION_ITEMS for part in parts)
        return known if 2 * known >= len(parts) and known > 1 else 0
    return _items_in_a_row(menu_word(line).split())


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


# Phrases of a page are no longer, those of lawyers aside; an article's paragraph is, and patterns
# cost time.
_LONGEST_LINE = 450
_LONGEST_PHRASE = 2500
_LONG_REASONS = frozenset({COOKIES, DISCLOSURE, FOOTER})


@lru_cache(maxsize=4096)  # each line is asked for several times while one page is read
def reason_in(words: str, strength: Strength) -> str | None:
    """Why a line is the page's by what it says, as far as that strength of proof goes."""
    if len(words) > _LONGEST_PHRASE:
        return None
    for phrase in PHRASES:
        may_be = len(words) <= _LONGEST_LINE or phrase.reason in _LONG_REASONS
        if phrase.strength is strength and may_be and phrase.pattern.fullmatch(words):
            return phrase.reason
    return None
