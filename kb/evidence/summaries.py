"""Summaries: the answer for one therapy and one condition, put together from the rules of this package.

**What is counted (rule 2).** ``study_count`` counts distinct study records that carry weight: trials and other
primary studies, and reviews, which are studies of their own; ``review_count`` tells how many are reviews. People are
summed over the primary studies alone, as far as they report them, so that nobody is counted once in a trial and again
in a review of it; where only reviews carry weight, they are those of the leading review. A primary study that is also
inside one of the reviews is named in ``overlapping_studies``.

**Forms of one therapy** compared with each other, groups without comparison, and predictions never give a direction:
the line keeps its counts and says in words why it cannot.

**Fragility (rule 7).** ``turning_studies``: each study that, left out of the leading line, would change its direction
or certainty, a review like any other; of a line of very many, those with most people are tried.

Everything here is a pure function of the evidence: neither the order of the findings nor that of the maps matters.
"""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, replace

from kb.evidence.absolute import absolute, harm_differences
from kb.evidence.catalogue import Catalogue
from kb.evidence.catalogue.es import SPANISH
from kb.evidence.certainty import Rating, rate
from kb.evidence.evidence import Evidence, Vocabulary
from kb.evidence.harms import HarmsRead, harms_read, harms_sentence
from kb.evidence.intervals import by_numbers
from kb.evidence.lines import Key, Rank, grouped, in_order
from kb.evidence.overlap import overlap
from kb.evidence.phrases import Said
from kb.evidence.pools import left_out_of
from kb.evidence.results import Result, Told, weigh
from kb.evidence.sentences import head_sentence, line_sentence, retracted_sentence
from kb.evidence.standing import Standing, answer_of, rating_of
from kb.evidence.synthesis import Answer, synthesise
from schema.finding import Finding
from schema.pooled import Absolute
from schema.record import DRAFT
from schema.study import Study
from schema.summary import Judged, Line, Summary, Translation
from schema.terms import Certainty, CertaintyBasis, ComparatorGroup, Direction, Synthesis

#: The languages in which an answer is worded beside English.
TRANSLATED = (SPANISH,)


def touched_pairs(finding: Finding, vocabulary: Vocabulary) -> set[tuple[str, str]]:
    """Return every (therapy, condition) whose answer the finding can change: all above its therapies and conditions."""
    return pairs_above(finding.therapies, finding.conditions, vocabulary)


def pairs_above(therapies: Iterable[str], conditions: Iterable[str], vocabulary: Vocabulary) -> set[tuple[str, str]]:
    """Return every (therapy, condition) at or above these, or what took their place."""
    tested = {vocabulary.replaced.current("Therapy", id) for id in therapies}
    studied = {vocabulary.replaced.current("Condition", id) for id in conditions}
    over = {above for id in tested for above in vocabulary.therapy_tree.broader(id)}
    within = {above for id in studied for above in vocabulary.condition_tree.broader(id)}
    return {(therapy, condition) for therapy in over for condition in within}


def summarise(
    evidence: Evidence,
    first: int = 0,
    before: Standing | None = None,
    told: MutableMapping[str, Told] | None = None,
) -> Summary | None:
    """Return the answer for the pair, or None when there is no finding at all.

    ``first`` is the number of the release that brings it. Findings whose study or citation is not at hand are left out.
    ``before``: the answer before, from which lines that did not change are taken; the answer is the same without.
    ``told``: as for :func:`~kb.evidence.results.weigh`.
    """
    weighed = weigh(evidence, told, by_numbers)
    if not weighed.results and not weighed.retracted:
        return None
    drawn = _drawn(weighed.results or weighed.retracted, evidence, before)
    if not weighed.results:
        return _retracted(weighed.retracted, weighed.retracted_studies, drawn[0].key, evidence, first)
    lead = drawn[0]
    leading = {result.study.id for result in lead.answer.counted}
    harms = harms_read(sorted(weighed.results, key=lambda one: one.study.id not in leading), evidence.citations)
    standing = {result.study.id: result.study for result in weighed.results}
    primary = [study for study in standing.values() if not study.review]
    inside = {id for study in standing.values() if study.review for id in study.includes}
    people, unknown, randomised = _people(weighed.results)
    if not primary:
        people, unknown = lead.answer.people, lead.answer.people_unknown
    said = [drawn_line.said for drawn_line in drawn]

    def worded(words: Catalogue) -> Translation:
        return Translation(
            language=words.language,
            sentence=head_sentence(said, evidence, len(weighed.retracted_studies), words),
            harms_sentence=harms_sentence(said, harms, evidence, words),
        )

    findings = [id for line in drawn for id in line.findings]
    return Summary(
        id=f"{evidence.therapy}|{evidence.condition}|{first}",
        therapy=evidence.therapy,
        condition=evidence.condition,
        first=first,
        until=DRAFT,
        direction=lead.answer.direction,
        certainty=lead.rating.certainty,
        certainty_basis=lead.rating.basis,
        sentence=head_sentence(said, evidence, len(weighed.retracted_studies)),
        harms_sentence=harms_sentence(said, harms, evidence),
        translations=tuple(map(worded, TRANSLATED)),
        indirect=_indirect(lead.answer.counted),
        names_therapy=any(result.names_therapy for result in (*weighed.results, *weighed.retracted)),
        names_condition=any(result.names_condition for result in (*weighed.results, *weighed.retracted)),
        study_count=len(standing),
        review_count=len(standing) - len(primary),
        participant_count=people,
        participants_unknown=unknown,
        participants_randomised=randomised,
        lines=tuple(_line(drawn_line, evidence) for drawn_line in drawn),
        findings=(*findings, *(result.finding.id for result in weighed.retracted)),
        studies=tuple(sorted({*standing, *weighed.retracted_studies})),
        citations=_citations((*weighed.results, *weighed.retracted), evidence),
        retracted_studies=weighed.retracted_studies,
        overlapping_studies=tuple(sorted(study.id for study in primary if study.id in inside)),
        review_overlap=overlap(standing.values()),
        harm_differences=harm_differences(weighed.results, evidence),
        turning_studies=_turning(lead, evidence, before),
        therapies_included=_included(weighed.results, evidence, therapies=True),
        conditions_included=_included(weighed.results, evidence, therapies=False),
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line in the making."""

    key: Key
    results: tuple[Result, ...]
    answer: Answer
    rating: Rating

    absolute: Absolute | None
    #: As it stands already, where no change reaches it.
    line: Line | None = None

    @property
    def said(self) -> Said:
        return Said(self.key, self.answer, self.rating, self.absolute)

    @property
    def findings(self) -> tuple[str, ...]:
        """Those counted first, then the others."""
        counted = dict.fromkeys(result.finding.id for result in self.answer.counted)
        return (*counted, *(result.finding.id for result in self.results if result.finding.id not in counted))


def _drawn(results: Iterable[Result], evidence: Evidence, before: Standing | None) -> list[_Drawn]:
    """Return the lines in the order in which they are shown."""
    lines: dict[Key, _Drawn] = {}
    for key, found in grouped(results, evidence).items():
        line = before.line(key, found, evidence) if before is not None else None
        if line is not None:
            lines[key] = _Drawn(key, found, answer_of(line, found), rating_of(line), line.absolute, line)
            continue
        answer = _answer(key, found, evidence)
        numbers = absolute(answer, evidence) if _comparative(key) else None
        lines[key] = _Drawn(key, found, answer, rate(answer, evidence, key), numbers)
    condition = evidence.vocabulary.conditions.get(evidence.condition)
    ranks = [_rank(line) for line in lines.values()]
    return [lines[key] for key in in_order(ranks, condition.kind if condition is not None else None)]


def _answer(key: Key, results: tuple[Result, ...], evidence: Evidence, *, whole: bool = True) -> Answer:
    answer = synthesise(results, evidence, whole=whole)
    return answer if _comparative(key) else replace(answer, direction=Direction.UNCLEAR)


def _comparative(key: Key) -> bool:
    """Whether the line compares the therapy with something else, in people who got one or the other."""
    return not (key.predicts or key.one_group or key.comparison is ComparatorGroup.WITHIN_THERAPY)


def _rank(line: _Drawn) -> Rank:
    return Rank(
        key=line.key,
        direction=line.answer.direction,
        people=line.answer.people,
        review=line.answer.synthesis is Synthesis.REVIEW_CONCLUSION,
        primary=sum(1 for result in line.answer.counted if result.finding.primary),
    )


def _line(line: _Drawn, evidence: Evidence) -> Line:
    if line.line is not None:
        return line.line
    answer = line.answer
    return Line(
        domain=line.key.domain,
        comparator=line.key.comparison,
        window=line.key.window,
        responders=line.key.responders,
        outcome=line.key.outcome,
        predicts=line.key.predicts,
        synthesis=answer.synthesis,
        direction=answer.direction,
        certainty=line.rating.certainty,
        certainty_basis=line.rating.basis,
        steps=line.rating.steps,
        certainty_computed=line.rating.computed if line.rating.judged else None,
        judgements=tuple(
            Judged(
                reason=one.reason,
                levels=one.levels,
                why=one.why,
                who=one.who,
                when=one.when,
                clinician=one.clinician,
            )
            for one in line.rating.judged
        ),
        studies=tuple(result.study.id for result in answer.counted),
        participants=answer.people,
        participants_unknown=answer.people_unknown,
        favouring=answer.favouring,
        against=answer.against,
        sign_test_p=answer.sign_test_p,
        effect=answer.effect,
        pooled=answer.pool.pooled,
        not_pooled=answer.pool.left_out,
        absolute=line.absolute,
        findings=line.findings,
        sentence=line_sentence(line.said, evidence),
        translations=tuple(
            Translation(language=words.language, sentence=line_sentence(line.said, evidence, words))
            for words in TRANSLATED
        ),
    )


def _retracted(
    retracted: tuple[Result, ...], studies: tuple[str, ...], key: Key, evidence: Evidence, first: int
) -> Summary:
    """The answer where nothing is left to count."""
    sentence = retracted_sentence(len(studies), evidence)
    nothing = HarmsRead(0, ())
    translations = tuple(
        Translation(
            language=words.language,
            sentence=retracted_sentence(len(studies), evidence, words),
            harms_sentence=harms_sentence([], nothing, evidence, words),
        )
        for words in TRANSLATED
    )
    line = Line(
        domain=key.domain,
        comparator=key.comparison,
        window=key.window,
        responders=key.responders,
        outcome=key.outcome,
        predicts=key.predicts,
        synthesis=Synthesis.NONE,
        direction=Direction.UNCLEAR,
        certainty=Certainty.VERY_LOW,
        certainty_basis=CertaintyBasis.COMPUTED,
        studies=(),
        participants=None,
        favouring=0,
        against=0,
        findings=(),
        sentence=sentence,
        translations=translations,
    )
    return Summary(
        id=f"{evidence.therapy}|{evidence.condition}|{first}",
        therapy=evidence.therapy,
        condition=evidence.condition,
        first=first,
        until=DRAFT,
        direction=Direction.UNCLEAR,
        certainty=Certainty.VERY_LOW,
        certainty_basis=CertaintyBasis.COMPUTED,
        sentence=sentence,
        harms_sentence=harms_sentence([], nothing, evidence),
        translations=translations,
        indirect=False,
        names_therapy=any(result.names_therapy for result in retracted),
        names_condition=any(result.names_condition for result in retracted),
        study_count=0,
        participant_count=None,
        lines=(line,),
        findings=tuple(result.finding.id for result in retracted),
        studies=studies,
        citations=_citations(retracted, evidence),
        retracted_studies=studies,
    )


def _people(results: Iterable[Result]) -> tuple[int | None, int, int | None]:
    """People in the primary studies that report them, how many of those do not, and the people in randomised ones."""
    studies: dict[str, Study] = {}
    counted: dict[str, int] = {}
    for result in results:
        study = studies.setdefault(result.study.id, result.study)
        if not study.participants and result.people is not None:
            counted[study.id] = max(counted.get(study.id, 0), result.people)
    primary = [study for study in studies.values() if not study.review]
    known = [(study, n) for study in primary if (n := study.participants or counted.get(study.id)) is not None]
    randomised = [n for study, n in known if study.randomised]
    return (
        sum(n for _, n in known) if known else None,
        len(primary) - len(known),
        sum(randomised) if randomised else None,
    )


def _indirect(counted: Iterable[Result]) -> bool:
    results = tuple(counted)
    return not (any(r.names_condition for r in results) and any(r.names_therapy for r in results))


def _turning(lead: _Drawn, evidence: Evidence, before: Standing | None) -> tuple[str, ...]:
    """Studies each of which, left out, would turn the leading line."""
    if before is not None and lead.line is before.summary.lines[0]:
        return before.summary.turning_studies
    counted = [result.study.id for result in lead.answer.counted]
    if len(counted) < 2:
        # One that speaks alone; the reviews beside it may speak in its place, or say otherwise.
        counted += [result.study.id for result in lead.results if result.study.review]
    turning: list[str] = []
    for study in sorted(dict.fromkeys(counted[: left_out_of(len(lead.results))])):
        rest = tuple(result for result in lead.results if result.study.id != study)
        answer = _answer(lead.key, rest, evidence, whole=False) if rest else lead.answer
        found = answer.direction, rate(answer, evidence, lead.key).certainty
        if found != (lead.answer.direction, lead.rating.certainty):
            turning.append(study)
    return tuple(turning)


def _citations(results: Iterable[Result], evidence: Evidence) -> tuple[str, ...]:
    return tuple(
        sorted({id for r in results for id in (r.citation.id, *r.study.citations) if id in evidence.citations})
    )


def _included(results: Iterable[Result], evidence: Evidence, *, therapies: bool) -> tuple[str, ...]:
    """The narrower therapies (conditions) that the studies name."""
    tree = evidence.vocabulary.therapy_tree if therapies else evidence.vocabulary.condition_tree
    asked = evidence.therapy if therapies else evidence.condition
    under = tree.narrower(asked) - {asked}
    named = {id for r in results for id in (r.finding.therapies if therapies else r.finding.conditions)}
    return tuple(sorted(named & under))
