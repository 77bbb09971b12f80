"""The rules of evidence: pure functions from records to answers. No store, no clock, no chance.

The nine rules of the design, and where each is written down and done:

1. **Roll-up**: a question takes in every narrower therapy and condition (``rollup``); what was taken in is named
   (``summaries``), and evidence from narrower ones only is indirect (``certainty``). An entry that was merged into
   another one is that other one (``replaced``).
2. **Studies, not papers**: one result per study and line (``lines``); a trial and the reviews that hold it are never
   added up (``synthesis``); the overlap is shown (``summaries``, and ``overlap`` between reviews).
3. **Retraction**: what was retracted carries no weight (``results``) and stays visible (``summaries``); an expression
   of concern, or a retracted trial inside a review, lowers certainty (``certainty``).
4. **Synthesis and lead**: a pool of what can be compared (``scales``, ``comparable``, ``poolable``, ``pools``, and
   ``pooling`` for the statistics), counting by direction of effect, a single study, or a review's own result
   (``synthesis``); which result leads the answer (``lines``). Results of different comparators, windows and outcomes
   are never merged.
5. **Certainty** after GRADE, in steps with figures (``certainty``, ``imprecision``; ``intervals`` for what a result
   leaves open, ``precision`` for what matters and how many people are needed); what reviewers judged stands beside
   what was computed.
6. **Words**: effect × certainty in plain language (``sentences`` and ``harms``, with ``phrases`` and ``figures``), from
   one file per language (``catalogue``); absolute numbers and numbers needed to treat (``absolute``).
7. **Fragility**: which single study would turn the answer (``summaries``).
8. **Unknown stays unknown**: what is not reported is None and said so; a finding that cannot be followed to its study
   and citation is left out (``results``).
9. **Signs** are never looked at: a finding says which arm it favours (``results``).

:func:`~kb.evidence.summaries.summarise` makes the answer for a pair, :func:`~kb.evidence.summaries.touched_pairs` says
which pairs a finding can change.
"""
