"""Which passages count as foreign: surely foreign ones, and never an English one."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lhs_evidence.passages import (
    in_its_language,
    is_classified,
    language_name,
    split,
    unclassified,
    with_remark,
)
from lhs_evidence.passages.language import NAMES, language_of_passage
from lhs_evidence.passages.words import count_words

LABELLED = Path(__file__).resolve().parents[2].parent / "shared/labelling/train.jsonl"
SAMPLES = {
    "en": "The committee reviews each incident and reports to the board within thirty days of it.",
    "fr": "Le comité examine chaque incident et fait rapport au conseil dans les trente jours.",
    "es": "El comité revisa cada incidente y presenta un informe a la junta en los treinta días.",
    "nl": "De commissie bekijkt een val en brengt verslag uit aan het bestuur van de kliniek.",
    "de": "Der Ausschuss prüft jeden Vorfall und berichtet dem Vorstand in den Tagen nach der Tat.",
    "it": "Il comitato esamina ogni evento e riferisce al consiglio dalla data del fatto.",
    "pt": "O comitê analisa cada incidente e faz um relatório ao conselho em trinta dias.",
    "vi": "Ủy ban xem xét từng sự cố và báo cáo cho hội đồng quản trị trong vòng ba mươi ngày.",
    "ht": "Komite a egzamine chak ensidan epi li fè rapò bay konsèy la nan lespas trant jou.",
    "ru": "Комитет рассматривает каждый случай и сообщает совету в течение тридцати дней.",
    "zh": "委员会审查每一起事件并在三十天内向董事会报告。",
    "ja": "委員会はすべての事故を調べ、三十日以内に理事会へ報告します。",
    "ar": "تراجع اللجنة كل حادث وترفع تقريرا إلى المجلس خلال ثلاثين يوما.",
}
FOREIGN = [code for code in SAMPLES if code != "en"]
# What stands in English documents and may look foreign word by word.
NOT_FOREIGN = [
    "María José García Hernández | Directora Médica | Hospital Universitario La Colina",
    "Dr. Jean-Pierre Lefèvre, Dr. Marie-Claude Tremblay, Dr. Étienne Côté, Montréal, Québec",
    "amoxicillin clavulanate, ciprofloxacin, metronidazole, vancomycin, ceftriaxone, gentamicin",
    "Calle Mayor 45, 28013 Madrid, Spain; Carrer de Mallorca 401, 08013 Barcelona, Spain",
    "Total | 1,234 | 5,678 | 12.5% | Q1 | Q2 | Q3 | N/A | n/a | Y | N",
    "Pt c/o SOB x 3d, hx COPD, A&O x3, no acute distress, rx albuterol neb q4h prn",
    """The rules that every hospital of the Netherlands must keep to:
Wet kwaliteit, klachten en geschillen zorg
Normen voor informatiebeveiliging in de zorg""",
    "https://www.ejemplo.es/politica-de-calidad-y-seguridad-del-paciente-en-el-hospital/",
    "Nous",
]


@pytest.mark.parametrize("code", SAMPLES)
@pytest.mark.parametrize("document", ["en", ""])
def test_a_passage_is_in_the_language_it_is_written_in(code, document):
    assert language_of_passage(SAMPLES[code], document) == code
    assert is_classified(language_of_passage(SAMPLES[code], document)) == (code == "en")


@pytest.mark.parametrize("text", NOT_FOREIGN)
def test_names_numbers_and_fragments_do_not_make_an_english_document_foreign(text):
    assert language_of_passage(text, "en") == "en"


@pytest.mark.parametrize("text", ["Laag | Hoog | Medium", "Bijlage 4, nr. 219, zie 2020/21", "7"])
def test_what_is_too_short_to_tell_is_in_the_language_of_its_document(text):
    assert language_of_passage(text, "nl") == "nl"
    assert language_of_passage(text, "") == ""


def test_english_in_wide_or_styled_letters_is_english():
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" < c < "~" else c for c in SAMPLES["en"])
    assert language_of_passage(wide, "") == "en"


def test_placeholder_text_is_not_english():
    filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor."
    assert not is_classified(language_of_passage(filler, "en"))


def test_an_english_paragraph_in_a_foreign_document_is_english():
    assert language_of_passage(SAMPLES["en"], "nl") == "en"


def test_a_foreign_cover_page_does_not_make_a_report_foreign(document):
    made = document(("p", SAMPLES["fr"]), *[("p", SAMPLES["en"])] * 3_000)
    assert in_its_language(made).language == "en"


@pytest.mark.parametrize(
    ("words", "declared", "language"),
    [
        (SAMPLES["fr"], "en", "fr"),
        (SAMPLES["en"], "fr", "en"),
        ("Zorblatt", "nl", "nl"),
        ("Zorblatt", "klingon", ""),
        ("12 34 56", "", ""),
        ("", "", ""),
    ],
)
def test_what_a_file_declares_counts_only_in_doubt(document, words, declared, language):
    made = replace(document(("p", words)), language=declared)
    assert in_its_language(made).language == language


def test_each_passage_of_a_document_is_marked(document):
    parts = [("p", f"{SAMPLES['en']} " * 4), ("p", f"{SAMPLES['fr']} " * 4)]
    passages = split(in_its_language(document(*parts)), count_words, 256)
    assert [passage.language for passage in passages] == ["en", "fr"]


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [
        (["en", "en"], None),
        (["fr"], "The text looks French; its only passage was not classified."),
        (["fr"] * 3, "The text looks French; its 3 passages were not classified."),
        (
            ["fr", "fr", "fr", "en"],
            "The text looks French; 3 passages in French of 4 were not classified.",
        ),
        (["en", "en", "en", "es"], "1 passage in Spanish was not classified."),
        (
            ["en"] * 5 + ["es", "es", "vi"],
            "2 passages in Spanish and 1 in Vietnamese were not classified.",
        ),
    ],
)
def test_a_document_says_how_much_of_it_was_not_classified(document, paragraphs, said):
    source = in_its_language(document(*[("p", f"{SAMPLES[code]} " * 7) for code in paragraphs]))
    marked = with_remark(source, split(source, count_words, 256))
    assert marked.warnings == (() if said is None else (said,))


def test_passages_left_out_are_counted_by_language_most_first(document):
    made = document(*[("p", f"{SAMPLES[code]} " * 7) for code in ["nl", "en", "vi", "vi"]])
    assert list(unclassified(split(made, count_words, 256)).items()) == [("vi", 2), ("nl", 1)]


def test_languages_have_names():
    assert [language_name(code) for code in ("fr", "ht", "tlh")] == [
        "French",
        "Haitian Creole",
        "tlh",
    ]
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.slow
@pytest.mark.skipif(not LABELLED.is_file(), reason="the labelled passages are not at hand")
def test_no_labelled_english_passage_is_taken_for_foreign():
    texts = [json.loads(line)["text"] for line in LABELLED.open(encoding="utf-8")]
    foreign = [text for text in texts if language_of_passage(text, "") not in ("", "en")]
    assert foreign == []
