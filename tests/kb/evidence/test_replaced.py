"""Replaced entries by themselves: chains, rings, what is missing, and what was merged between two releases."""

from kb.audit.subjects import Names
from kb.evidence.evidence import Vocabulary
from kb.evidence.replaced import Replaced, rings
from kb.evidence.rollup import Hierarchy
from kb.ingest.medicines import Medicines
from kb.questions.replacements import replacements
from schema.condition import Condition
from schema.gene_drug_pair import GeneDrugPair
from schema.terms import ConditionKind, TherapyKind
from schema.therapy import Therapy
from tests.samples import PRP, finding


def condition(id: str, replaced_by: str | None = None, *broader: str) -> Condition:
    return Condition(
        id=id,
        name=id.upper(),
        kind=ConditionKind.MUSCULOSKELETAL,
        sentence="Invented.",
        broader=broader,
        replaced_by=replaced_by,
    )


def vocabulary(**replaced_by: str | None) -> Vocabulary:
    """Conditions, and what each is replaced by."""
    entries = [condition(id, after) for id, after in replaced_by.items()]
    replaced = Replaced(entries)
    standing = {one.id: one for one in entries if (one.label, one.id) not in replaced.entries}
    return Vocabulary({}, standing, {}, {}, {}, Hierarchy({}), Hierarchy({}), Hierarchy({}), replaced)


def told(id: str, then: Vocabulary, now: Vocabulary) -> list[str]:
    return [one.what for one in replacements("Condition", id, then, now)]


def test_a_chain_leads_to_its_end_and_no_further_than_what_is_held() -> None:
    replaced = Replaced([condition("a", "b"), condition("b", "c"), condition("c"), condition("d", "elsewhere")])
    assert [replaced.current("Condition", id) for id in "abcd"] == ["c", "c", "c", "d"]
    assert replaced.merged_into("Condition", "c") == ["a", "b"]
    assert replaced.held_as("Condition", ["c", "x"]) == {"a", "b", "c", "x"}
    assert replaced.current("Therapy", "a") == "a"
    assert {id for _, id in replaced.entries} == {"a", "b"}


def test_whoever_is_in_a_ring_stands_for_itself() -> None:
    entries = [condition("a", "b"), condition("b", "c"), condition("c", "b"), condition("d", "d")]
    replaced = Replaced(entries)
    assert [replaced.current("Condition", id) for id in "abcd"] == ["a", "b", "c", "d"]
    assert rings(entries) == [("b", "c"), ("d",)]


def test_what_names_a_replaced_entry_names_the_other_once() -> None:
    replaced = Replaced([condition("a", "b"), condition("b"), condition("c", None, "a", "b")])
    assert replaced.moved(finding(1, "prp", "a")).conditions == ("b",)
    assert replaced.moved(finding(1, "prp", "a", conditions=("b", "a", "c"))).conditions == ("b", "c")
    assert replaced.moved(condition("c", None, "a", "b")).broader == ("b",)
    assert replaced.moved(condition("b", None, "a")).broader == ()
    assert replaced.moved(condition("a", "b")).replaced_by == "b"
    kept = finding(1, "prp", "c")
    assert replaced.moved(kept) is kept


def test_what_was_merged_between_two_releases() -> None:
    apart, merged = vocabulary(a=None, b=None, c=None), vocabulary(a="b", b=None, c=None)
    assert told("a", apart, merged) == told("b", apart, merged) == ["the condition A was merged into B"]
    assert told("c", apart, merged) == told("b", merged, merged) == []
    assert told("b", merged, apart) == told("a", merged, apart) == ["the condition A is no longer merged into B"]
    chain = vocabulary(a="b", b="c", c=None)
    assert told("c", merged, chain) == told("b", merged, chain) == ["the condition B was merged into C"]
    assert told("c", apart, chain) == ["the condition A was merged into C", "the condition B was merged into C"]
    other = vocabulary(a="c", b=None, c=None)
    assert told("c", merged, other) == ["the condition A was merged into C"]
    assert told("b", merged, other) == ["the condition A is no longer merged into B"]
    assert told("b", vocabulary(b=None), merged) == []


def test_texts_and_medicines_find_the_other_by_the_names_of_the_replaced_one() -> None:
    known = vocabulary(gonarthrosis="knee", knee=None)
    assert Names.of(known).named_in("Pills for gonarthrosis, or a bad knee.").conditions == ("knee",)
    old = Therapy(
        id="aspirin",
        name="Aspirin",
        kind=TherapyKind.MEDICATION,
        sentence="A pill.",
        replaced_by="acetylsalicylic-acid",
    )
    new = old.model_copy(update={"id": "acetylsalicylic-acid", "name": "Acetylsalicylic acid", "replaced_by": None})
    medicines = Medicines((PRP, old, new), {})
    for therapy in ("aspirin", "unknown"):
        pair = GeneDrugPair(id="g6pd-aspirin", gene="G6PD", drug="aspirin", therapy=therapy, source="Invented.")
        linked = medicines.linked(pair)
        assert linked is not None
        assert linked.therapy == "acetylsalicylic-acid"
