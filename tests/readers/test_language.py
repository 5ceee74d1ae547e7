from __future__ import annotations

import pytest

from lhs_evidence.readers.language import guess_language

SAMPLES = {
    "en": "The committee reviews each incident and reports to the board within thirty days of it.",
    "fr": "Le comité examine chaque incident et fait rapport au conseil dans les trente jours.",
    "es": "El comité revisa cada incidente y presenta un informe a la junta en los treinta días.",
    "nl": "De commissie bekijkt een val en brengt verslag uit aan het bestuur van de kliniek.",
    "de": "Der Ausschuss prüft jeden Vorfall und berichtet dem Vorstand in den Tagen nach der Tat.",
    "it": "Il comitato esamina ogni evento e riferisce al consiglio dalla data del fatto.",
    "pt": "O comitê analisa cada incidente e faz um relatório ao conselho em trinta dias.",
    "ru": "Комитет рассматривает каждый случай и сообщает совету в течение тридцати дней.",
    "zh": "委员会审查每一起事件并在三十天内向董事会报告。",
    "ja": "委員会はすべての事故を調べ、三十日以内に理事会へ報告します。",
    "ar": "تراجع اللجنة كل حادث وترفع تقريرا إلى المجلس خلال ثلاثين يوما.",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_languages_are_told_apart(language: str) -> None:
    assert guess_language(SAMPLES[language]) == language


@pytest.mark.parametrize("text", ["", "12 34 56", "Zorblatt frobnicate quux", "NHS CQC GMC"])
def test_too_little_to_go_by_is_no_guess(text: str) -> None:
    assert guess_language(text) == ""


def test_a_foreign_cover_page_does_not_decide() -> None:
    report = SAMPLES["fr"] + "\n" + 3_000 * (SAMPLES["en"] + "\n")
    assert guess_language(report) == "en"
