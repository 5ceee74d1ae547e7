import sqlite3

import pytest

from lhs_evidence.store import DATABASE_NAME


def tamper(workspace, *statements):
    with sqlite3.connect(workspace.directory / DATABASE_NAME) as database:
        for statement in statements:
            assert database.execute(statement).rowcount > 0


def test_nothing_is_found_where_nothing_is_wrong(filled):
    assert filled.check() == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE document SET text = replace(text, 'Hands', 'Hooks')", "was changed after"),
        ("UPDATE document SET text = replace(text, 'Hands', 'Hooks')", "not what its document"),
        ("UPDATE document SET text = text || ' More.'", "was changed after it was read"),
        ("UPDATE document SET name = 'other.md'", "does not have the id of its content"),
        (
            "UPDATE document SET blocks = replace(blocks, '\"end\":36', '\"end\":999')",
            "out of place",
        ),
        ("UPDATE document SET blocks = 'x'", "cannot be read back"),
        ("UPDATE document SET status = 'fine'", "cannot be read back"),
        ("UPDATE passage SET text = 'Hooks' WHERE position = 0", "not what its document"),
        ("UPDATE passage SET text = 'Hooks' WHERE position = 0", "the id of its content"),
        ("UPDATE passage SET start = start + 1 WHERE position = 1", "not what its document"),
        ("UPDATE passage SET heading = '[\"Other\"]'", "was changed after it was made"),
        ("UPDATE passage SET boxes = '[1]'", "cannot be read back"),
        ("DELETE FROM document", "which is missing"),
        ("DELETE FROM passage WHERE position = 1", "which is missing"),
        ("UPDATE finding SET content = replace(content, '0.75', '0.95')", "was changed after"),
        ("UPDATE finding SET content = '{}'", "cannot be read back"),
        ("UPDATE vector SET data = x'00'", "cannot be read back"),
        ("UPDATE vector SET data = x'0000c07f'", "not finite"),
        ("INSERT INTO vector VALUES ('e', 'h', x'00000000')", "another length"),
        ("UPDATE assessment SET content = replace(content, 'Hill', 'Dale')", "was changed after"),
        ("UPDATE assessment SET content = replace(content, 'Falls', 'Calls')", "not what its"),
        ("UPDATE assessment SET created = '2020-01-01T00:00:00Z'", "not its own"),
        ("UPDATE assessment SET content = '{'", "cannot be read back"),
    ],
)
def test_a_row_changed_behind_the_program_is_found(filled, statement, expected):
    tamper(filled, statement)
    found = filled.check()
    assert any(expected in sentence for sentence in found), found
    assert all(sentence.endswith(".") for sentence in found)


def test_a_reference_of_an_assessment_to_nothing_is_found(filled, make, document, passages):
    assessment = make.assessment(document, passages, "asm_2")
    del assessment.passages[passages[1].id]
    filled.put_assessment(assessment)
    reference = f"passage {passages[1].id}, which is missing."
    assert filled.check() == [f"Gap safe.protocols in assessment asm_2 refers to {reference}"]


def test_a_damaged_file_is_found(filled):
    file = filled.directory / DATABASE_NAME
    data = bytearray(file.read_bytes())
    for page in range(3, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(data)
    assert any("The database" in sentence for sentence in filled.check())
