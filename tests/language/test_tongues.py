import pytest

from rag.language.tongues import language_of, may_be_in


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The minister met his counterpart in Riyadh on Tuesday.", "en"),
        ("Bakan salı günü Riyad'da mevkidaşıyla görüştü.", "tr"),
        ("Der Minister traf am Dienstag seinen Amtskollegen.", "de"),
        ("Le ministre a rencontré mardi son homologue.", "fr"),
        ("Министр встретился во вторник со своим коллегой.", "ru"),
        ("التقى الوزير نظيره يوم الثلاثاء في الرياض.", "ar"),
        ("השר נפגש ביום שלישי עם עמיתו.", "he"),
        ("", "en"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["Who visited Damascus?", "kalin damascus", "meloni age", "2025?", ""])
def test_a_short_text_may_be_english(text: str) -> None:
    assert may_be_in(("en",), text)


@pytest.mark.parametrize(
    "text", ["Şam'ı kim ziyaret etti?", "من زار دمشق؟", "Wer hat am Dienstag Damaskus besucht?"]
)
def test_a_text_in_another_language_is_told(text: str) -> None:
    assert not may_be_in(("en", "ru"), text)
