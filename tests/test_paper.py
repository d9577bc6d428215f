"""The paper for the Journal of Open Source Education says what the repository says.

What a paper needs: https://openjournals.readthedocs.io/en/jose/submitting.html
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest
import yaml

import stylelab

ROOT = Path(__file__).parents[1]
PAPER = (ROOT / "paper/paper.md").read_text("utf-8")
_, HEAD, BODY = PAPER.split("---\n", 2)
TEXT = re.sub(r"<!--.*?-->", "", BODY, flags=re.DOTALL)
CITED = re.findall(r"@([\w-]+)", TEXT)


@cache
def entries() -> dict[str, dict[str, str]]:
    """The fields of each entry of paper.bib, where each field has a line of its own."""
    bib = (ROOT / "paper/paper.bib").read_text("utf-8")
    found = re.findall(r"^@\w+\{([^,]+),\n(.*?)^\}", bib, re.DOTALL | re.MULTILINE)
    assert len(found) == bib.count("\n@") + bib.startswith("@")
    fields = {
        key: re.findall(r"^  (\w+) = \{(.*)\},$", lines, re.M) for key, lines in found
    }
    assert len(fields) == len(found), "a key stands there twice"
    assert all(len(fields[key]) == lines.count("\n") for key, lines in found)
    return {key: dict(pairs) for key, pairs in fields.items()}


def test_the_front_matter_has_what_the_journal_reads() -> None:
    head = yaml.safe_load(HEAD)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert head["title"] == citation["title"]
    names = [author["name"] for author in citation["authors"]]
    assert [author["name"] for author in head["authors"]] == names
    places = {place["index"] for place in head["affiliations"] if place["name"]}
    assert {author["affiliation"] for author in head["authors"]} == places
    assert len(head["tags"]) >= 3
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ 20\d\d", head["date"])
    assert (ROOT / "paper" / head["bibliography"]).is_file()


def test_the_sections_are_those_that_the_journal_asks_for() -> None:
    titles = re.findall(r"^# (.+)$", TEXT, re.MULTILINE)
    assert titles[:2] == ["Summary", "Statement of Need"]
    asked = ["Learning Objectives", "Instructional Design", "Experience", "Story"]
    for words in [*asked, "Adoption", "Acknowledgements"]:
        assert any(words in title for title in titles), words
    assert titles[-1] == "References"
    assert TEXT.rstrip().endswith("# References"), "the list is made from paper.bib"


def test_it_has_at_most_a_thousand_words() -> None:
    assert 750 < len(TEXT.split()) <= 1000


def test_what_is_cited_and_what_is_listed_are_the_same() -> None:
    assert set(CITED) == set(entries())


@pytest.mark.parametrize("key", sorted(entries()))
def test_an_entry_can_be_found(key: str) -> None:
    entry = entries()[key]
    assert entry["author"]
    assert entry["title"]
    assert re.fullmatch(r"(19|20)\d\d", entry["year"])
    assert key.endswith(entry["year"]) or entry["year"] in key
    assert re.fullmatch(r"10\.\d{4,}/\S+", entry.get("doi", "")) or re.fullmatch(
        r"https://\S+", entry.get("url", "")
    )
    if "eprint" in entry:
        assert entry["doi"].lower() == f"10.48550/arxiv.{entry['eprint']}"


def test_an_entry_says_the_same_as_the_references_of_the_book() -> None:
    book = (ROOT / "docs/book/references.md").read_text("utf-8")
    listed = re.findall(r"^- (.+?), \*(.+?)\*.*?\[(?:arXiv|doi):(\S+?)\]", book, re.M)
    assert len(listed) > 20
    titles = {number: (people, title) for people, title, number in listed}
    shared = 0
    for entry in entries().values():
        number = entry.get("eprint", entry.get("doi"))
        if number in titles:
            people, title = titles[number]
            assert entry["title"].lower() == title.lower()
            families = [name.split(",")[0] for name in entry["author"].split(" and ")]
            assert ", ".join(families) == people
            shared += 1
    assert shared >= 10


def test_the_files_it_names_are_there() -> None:
    names = re.findall(r"`([\w./]+(?:\.(?:md|py)|/))`", TEXT)
    assert len(names) >= 6
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_its_numbers_are_those_of_the_course() -> None:
    books = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    cells = [cell for path in books for cell in nbformat.read(path, 4).cells]
    asked = sum("predict" in cell.metadata.get("tags", []) for cell in cells)
    exercises = (ROOT / "docs/teaching/exercises.md").read_text("utf-8")
    minutes = [int(m) for c in cells for m in re.findall(r"Time:\*\* (\d+)", c.source)]
    assert len(books) == len(minutes) == 9
    text = " ".join(TEXT.split())
    assert (
        f"nine Jupyter notebooks [@kluyver2016] of at most {max(minutes)} min" in text
    )
    assert f"answer {asked} questions" in text
    assert f"In {exercises.count('{exercise}')} exercises" in text
    class_of_thirty = "(235 files) took 65 seconds on two processors"
    grading = (ROOT / "docs/teaching/grading.md").read_text("utf-8")
    assert class_of_thirty in text
    assert class_of_thirty in " ".join(grading.split())
    assert f"Version {stylelab.__version__} added" in text
