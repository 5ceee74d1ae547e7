from lhs_evidence.model import BlockRole, Box
from lhs_evidence.passages import paragraph_numbers, split


def count(text):
    """Count words, and two special tokens as an encoder adds them."""
    return len(text.split()) + 2


def words(number, first="word"):
    return " ".join([first.capitalize()] + ["word"] * (number - 2) + ["end."])


def texts(document, window=256):
    return [passage.text for passage in split(document, count, window)]


def test_a_paragraph_is_a_passage_with_its_headings(document):
    policy = document(
        ("#", "Safety"),
        ("#", "Falls  in wards", {"level": 2}),
        ("p", words(60, "one")),
        ("p", words(60, "two"), {"pages": (3,)}),
        ("#", "Care"),
        ("p", words(60, "three")),
    )
    passages = split(policy, count, 256)
    assert [passage.text.split()[0] for passage in passages] == ["One", "Two", "Three"]
    assert [passage.heading for passage in passages] == [
        ("Safety", "Falls in wards"),
        ("Safety", "Falls in wards"),
        ("Care",),
    ]
    assert [passage.pages for passage in passages] == [(), (3,), ()]
    assert {(passage.title, passage.document) for passage in passages} == {("Policy", policy.id)}


def test_short_paragraphs_under_one_heading_are_merged(document):
    policy = document(
        ("p", words(20)), ("p", words(20)), ("#", "Next"), ("p", words(20)), ("p", words(90))
    )
    assert [len(text.split()) for text in texts(policy)] == [40, 20, 90]


def test_merging_stops_at_a_paragraph_s_worth(document):
    policy = document(*[("p", words(25))] * 10)
    assert [len(text.split()) for text in texts(policy)] == [100, 100, 50]


def test_a_label_stays_with_what_it_stands_above(document):
    policy = document(("p", words(80)), ("p", "Scope and purpose"), ("p", words(80)))
    assert texts(policy) == [words(80), f"Scope and purpose\n\n{words(80)}"]


def test_a_list_stays_with_its_lead_in(document):
    policy = document(
        ("p", words(70)), ("p", "Every patient has a right to:"), ("-", "be heard"), ("-", "refuse")
    )
    assert texts(policy) == [words(70), "Every patient has a right to:\n\nbe heard\nrefuse"]


def test_a_long_list_is_split_between_items(document):
    items = [words(30, f"item{number}") for number in range(12)]
    policy = document(("p", "The duties are:"), *[("-", item) for item in items])
    found = texts(policy)
    assert len(found) > 1
    assert found[0].startswith(f"The duties are:\n\n{items[0]}")
    assert "\n".join(found) == policy.text
    assert all(text.endswith("end.") for text in found)


def test_nested_items_stay_with_the_item_above_them(document):
    sections = [("-", words(30, "outer")), ("-", words(30, "inner"), {"level": 1})] * 5
    found = texts(document(*sections))
    assert len(found) > 1
    assert all(text.startswith("Outer") for text in found)


def test_a_header_row_stays_with_the_first_rows(document):
    rows = [("|", f"Ward {number} | falls | {number * 3}") for number in range(60)]
    table = document(("c", "Table 1"), ("|", "Ward | Measure | Count"), *rows)
    found = texts(table)
    assert found[0].startswith("Table 1\n\nWard | Measure | Count\nWard 0 | falls | 0\nWard 1 |")
    assert all(text.startswith("Ward") for text in found[1:])
    assert sum(text.count("falls") for text in found) == 60


def test_a_table_is_not_merged_with_prose(document):
    mixed = document(("p", "Falls by ward follow here."), ("|", "Ward | Falls in 2025 | 3"))
    assert texts(mixed) == ["Falls by ward follow here.", "Ward | Falls in 2025 | 3"]


def test_a_long_paragraph_is_cut_evenly_between_sentences(document):
    text = " ".join(words(20) for _ in range(15))
    found = texts(document(("p", text)))
    assert " ".join(found) == text
    assert all(piece.endswith("end.") for piece in found)
    assert [len(piece.split()) for piece in found] in ([160, 140], [140, 160])


def test_a_long_sentence_is_cut_between_clauses(document):
    clause = " ".join(["word"] * 19)
    text = ", ".join([clause + " tail"] * 20)
    found = texts(document(("p", text)))
    assert len(found) == 2
    assert all(piece.rstrip(",").endswith("tail") for piece in found)


def test_a_word_longer_than_the_window_is_cut_too(document):
    found = split(document(("p", "see these words here " + "x" * 900)), len, 100)
    assert max(len(passage.text) for passage in found) <= 100


def test_an_encoder_that_reads_chapters_still_gets_paragraphs(document):
    text = " ".join(words(20) for _ in range(100))
    assert max(count(piece) for piece in texts(document(("p", text)), window=8192)) <= 256


def test_text_that_is_no_evidence_separates_passages(document, furniture):
    policy = document(
        ("p", words(20)),
        ("p", "Hill Clinic, page 3 of 9, confidential", furniture),
        ("p", words(20)),
    )
    assert texts(policy) == [words(20), words(20)]


def test_no_role_but_body_becomes_a_passage(document):
    roles = [role for role in BlockRole if role is not BlockRole.BODY]
    assert texts(document(*[("p", words(50), {"role": role}) for role in roles])) == []


def test_headings_of_running_furniture_are_no_context(document, furniture):
    policy = document(("#", "Page header", furniture), ("p", words(50)))
    assert split(policy, count, 256)[0].heading == ()


def test_a_paragraph_set_like_a_heading_is_a_passage(document):
    policy = document(("#", words(40)), ("p", words(60)))
    assert texts(policy) == [words(40), words(60)]
    assert split(policy, count, 256)[1].heading == ()


def test_fragments_and_numbers_are_dropped(document):
    policy = document(
        ("#", "One"), ("p", "17"), ("#", "Two"), ("p", "Not much"), ("#", "Three"),
        ("p", "12 34 56 78 90 12"), ("p", words(40)),
    )  # fmt: skip
    assert texts(policy) == [words(40)]


def test_words_are_counted_where_no_spaces_are(document):
    assert texts(document(("p", "患者の権利を尊重し安全を守る。"))) == [
        "患者の権利を尊重し安全を守る。"
    ]


def test_a_document_without_text_has_no_passages(document):
    assert split(document(), count, 256) == ()


def test_boxes_and_pages_of_part_of_a_paragraph_are_those_it_touches(document):
    text = " ".join(words(20) for _ in range(15))
    above = tuple(Box(4, 0, 600 + 10 * line, 100, 610 + 10 * line) for line in range(3))
    below = tuple(Box(5, 0, 10 * line, 100, 10 + 10 * line) for line in range(7))
    source = document(("p", text, {"pages": (4, 5), "boxes": above + below}))
    first, second = split(source, count, 256)
    assert (first.pages, second.pages) == ((4, 5), (5,))
    assert first.boxes[:3] == above
    assert set(second.boxes) < set(below)
    assert set(first.boxes) | set(second.boxes) == set(above + below)


def test_the_same_document_gives_the_same_passages_with_distinct_ids(document):
    parts = [("p", words(60))] * 8
    first, second = (split(document(*parts), count, 256) for _ in range(2))
    assert first == second
    assert len({passage.id for passage in first}) == 8


def test_paragraphs_are_counted_under_each_heading(document, furniture):
    made = document(
        ("p", "A preface of more than a few words stands before anything else, quite alone."),
        ("#", "Falls"),
        ("p", "Every fall is reported on the day it happens, and talked over with the family."),
        ("p", "Page 3 of 7", furniture),
        ("p", f"The committee reviews each of them. {'It looks for what could be mended. ' * 5}"),
        ("#", "Fires"),
        ("-", "Alarms are tested every week by the porter on duty."),
        ("-", "Drills are held twice a year in each building."),
    )
    numbers = paragraph_numbers(made, split(made, len, 10_000))
    assert list(numbers.values()) == [(1,), (1,), (2,), (1, 2)]
