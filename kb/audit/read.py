"""A whole page audited: one of the knowledge base, or one that was read from a file or an address."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kb.audit.audit import Audit, AuditedReference, AuditedStatement, Problem, Rule
from kb.audit.identify import checked_before, identify
from kb.audit.language import in_english
from kb.audit.online import Answered, ask_online
from kb.audit.references import audit_reference, due
from kb.audit.statements import Claim, Held, audit_statement, read_held
from kb.audit.subjects import Names, Subjects
from kb.audit.topics import content_known, on_topic
from kb.audit.wording import Wording, denies_harms, wording
from kb.errors import Unfinished
from kb.matching.facts import letters
from kb.questions import Questions
from kb.questions.pages import read_page_records, read_references
from kb.questions.summaries import answers_of
from kb.store import Store
from kb.verification import Asking
from schema.citation import Citation
from schema.page import Reference
from schema.page_text import PageText, Passage, PrintedReference
from schema.study import Study

#: Marks of references in a text: ``[1]``, ``[2, 4–6]``, ``[^3]``.
_MARKS = re.compile(r"\[\^?(\d{1,3}(?:\s*[,–-]\s*\d{1,3})*)\]")
#: Raised figures after a word or a stop; behind a unit they are a power.
_RAISED = re.compile(r"(?:(?<=[.,;:!?)”’\"])|(?<=[a-z]{3}))[⁰¹²³⁴-⁹]{1,3}(?:[,–-][⁰¹²³⁴-⁹]{1,3})*")
#: Numbers in round brackets: ``(1)``, ``(2, 4)``.
_ROUND = re.compile(r"\((\d{1,3}(?:\s*,\s*\d{1,3})*)\)")
#: The longest range of numbers that a mark may mean.
LONGEST_RANGE = 50

UNREAD = Problem(
    Rule.LANGUAGE_NOT_SUPPORTED,
    "The page is not in English: its references were checked, and what it claims was not compared with the evidence.",
)

Read = Callable[[str], PrintedReference]


async def audit_page(
    store: Store, id: str, read: Read, as_of: int | None = None, asking: Asking | None = None
) -> Audit:
    """Audit a page that is held, by its recorded statements and references; ``read`` reads a printed reference.

    ``asking`` asks the sources about references that nothing held settles; without it nobody is asked.
    Raises NotFound for a page that is none, and Unfinished before the first release.
    """
    questions = Questions(store)
    release = await _release(questions, as_of)
    records = await read_page_records(store, id, release)
    printed: list[tuple[PrintedReference, Reference | None]] = [(read(one.printed), one) for one in records.references]
    replaced = (await questions.catalogue(release)).vocabulary.replaced
    claims = [
        Claim(
            text=one.claim, around=one.claim, therapies=one.therapies, conditions=one.conditions, strength=one.strength
        )
        for one in map(replaced.moved, records.statements)
    ]
    return await _audit(store, questions, release, claims, printed, (id, id, records.page.title), asking)


async def audit_text(store: Store, page: PageText, as_of: int | None = None, asking: Asking | None = None) -> Audit:
    """Audit a page that was read: its sentences that claim an effect of a therapy, and its reference list.

    Of a page that is not in English the references alone, which is told as a problem of the page. ``asking`` as in
    :func:`audit_page`. Raises Unfinished before the first release.
    """
    questions = Questions(store)
    release = await _release(questions, as_of)
    known = await read_references(store, release)
    printed = [(one, checked_before(one, known)) for one in page.references]
    names = Names.of((await questions.catalogue(release)).vocabulary)
    english = in_english(" ".join(one.text for one in page.passages))
    claims = list(_claims(page, names)) if english else []
    found = await _audit(store, questions, release, claims, printed, (None, page.name, page.title), asking)
    return found if english else replace(found, problems=(UNREAD,))


async def _release(questions: Questions, as_of: int | None) -> int:
    release = await questions.number(as_of)
    if release == 0:
        raise Unfinished("Nothing is published yet.", "Load records with kb load, then run kb publish.")
    return release


async def _audit(
    store: Store,
    questions: Questions,
    release: int,
    claims: Sequence[Claim],
    printed: Sequence[tuple[PrintedReference, Reference | None]],
    called: tuple[str | None, str, str | None],
    asking: Asking | None,
) -> Audit:
    vocabulary = (await questions.catalogue(release)).vocabulary
    names = {id_: one.name for id_, one in (*vocabulary.therapies.items(), *vocabulary.conditions.items())}
    identified = [
        await identify(store, questions, position, entry, known, release)
        for position, (entry, known) in enumerate(printed, 1)
    ]
    answered: dict[int, Answered] = {}
    if asking is not None and (wanted := [one for one in identified if due(one)]):
        answered = await ask_online(wanted, asking)
    references: list[AuditedReference] = []
    for one in identified:
        found = audit_reference(one, answered.get(one.position))
        bears = any(on_topic(found, one.therapies, one.conditions, vocabulary) for one in claims)
        if claims and content_known(found) and not bears:
            found = _off_topic(found)
        references.append(found)
    therapies = sorted({id_ for one in claims for id_ in one.therapies})
    answers = {id_: await answers_of(questions, None, id_, release) for id_ in therapies}
    statements: list[AuditedStatement] = []
    # Many sentences of a page are about the same.
    held_of: dict[tuple[tuple[str, ...], tuple[str, ...]], Held] = {}
    for one in claims:
        same = (one.therapies, one.conditions)
        if same not in held_of:
            held_of[same] = await read_held(questions, one, answers, vocabulary, release)
        statements.append(audit_statement(one, held_of[same], references, vocabulary, names))
    rested_on = {id_ for one in statements for answer in one.evidence for id_ in answer.studies}
    held_studies = await questions.get_many("Study", rested_on, as_of=release)
    studies = {id_: one for id_, one in held_studies.items() if isinstance(one, Study)}
    reports = [id_ for one in studies.values() for id_ in one.citations]
    citations = await questions.get_many("Citation", reports, as_of=release)
    id, name, title = called
    used = {id_ for one in statements for id_ in (*one.therapies, *one.conditions)}
    used |= {id_ for one in statements for answer in one.evidence for id_ in (answer.therapy, answer.condition)}
    return Audit(
        id=id,
        name=name,
        title=title,
        release=release,
        references=tuple(references),
        statements=tuple(statements),
        names={id_: names.get(id_, id_) for id_ in sorted(used)},
        problems=(),
        studies=studies,
        citations={id_: one for id_, one in citations.items() if isinstance(one, Citation)},
    )


def _off_topic(found: AuditedReference) -> AuditedReference:
    problem = Problem(
        Rule.REFERENCE_OFF_TOPIC,
        "It is about no therapy of the page in a condition that the page names: it supports none of its claims.",
    )
    return replace(found, off_topic=True, problems=(*found.problems, problem))


def _claims(page: PageText, names: Names) -> Iterator[Claim]:
    """The sentences that claim an effect of a therapy, or that it has no harms.

    Conditions that the sentence does not name are taken from its paragraph, what leads to it, the headings above it, or
    the title; a therapy from what leads to it, or, for a sentence that begins with what stands for it ("It relieves
    pain."), from its paragraph.
    """
    for passage, following in pairwise((*page.passages, None)):
        if passage is None or (wording(passage.text) is Wording.NO_CLAIM and not denies_harms(passage.text)):
            continue
        own = names.named_in(passage.text)
        leads = (names.named_in(text).therapies for text in passage.leads)
        therapies = own.therapies or _meant_by_pronoun(passage, names) or next(filter(None, leads), ())
        if not therapies:
            continue
        around = (passage.paragraph, *passage.leads, *passage.headings, page.title or "")
        conditions = own.conditions or next(
            (found for text in around if (found := names.named_in(text).conditions)), ()
        )
        yield Claim(
            text=re.sub(rf"\s*(?:{_MARKS.pattern})", "", passage.text).strip(),
            around=passage.paragraph,
            therapies=therapies,
            conditions=conditions,
            cites=frozenset(_cites(passage.text, page.references)),
            line=passage.line,
            after=following.text if following is not None and following.text in passage.paragraph else "",
        )


def _meant_by_pronoun(passage: Passage, names: Names) -> tuple[str, ...]:
    if not re.match(r"(?:It|They|These|This)\b", passage.text):
        return ()
    before = passage.paragraph.partition(passage.text)[0]
    found: Subjects = names.named_in(before)
    return found.therapies or next(
        (one.therapies for heading in passage.headings if (one := names.named_in(heading)).therapies), ()
    )


def _cites(text: str, references: Sequence[PrintedReference]) -> Iterator[int]:
    """The positions of the references that a sentence cites, by number or by (author, year)."""
    numbers = {one.number or position: position for position, one in enumerate(references, 1)}
    marked = _RAISED.sub(lambda raised: f"[{unicodedata.normalize('NFKC', raised[0])}]", text)
    for mark in _MARKS.finditer(marked):
        for part in mark[1].split(","):
            first, *last = [int(number) for number in re.findall(r"\d+", part)]
            for number in range(first, min((last or [first])[0], first + LONGEST_RANGE) + 1):
                if number in numbers:
                    yield numbers[number]
    for mark in _ROUND.finditer(text):
        # Figures in round brackets may be anything: they cite where the list has all of them.
        cited = [int(number) for number in re.findall(r"\d+", mark[1])]
        if all(number in numbers for number in cited):
            yield from (numbers[number] for number in cited)
    # The author stands in the bracket or right before it: ``Smith et al. (2004) found``.
    for bracket in re.findall(r"([^().;]{0,40}(?:al\.\s*)?\([^()]*\b(?:1[89]|20)\d\d[a-z]?[^()]*)\)", text):
        for position, one in enumerate(references, 1):
            if one.authors and one.year and str(one.year) in bracket and letters(one.authors[0]) in letters(bracket):
                yield position
