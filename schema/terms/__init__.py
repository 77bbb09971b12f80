"""Controlled terms: every enumeration of the knowledge base, each member with definition and source."""

from schema.terms.change import ChangeReason
from schema.terms.citation import (
    BibliographicSource,
    CitationLinkKind,
    CitationType,
    DuplicateState,
    RetractionState,
    VerificationState,
)
from schema.terms.dose import Guidance, Leukocytes, ShamKind, Waveform
from schema.terms.editing import (
    Approval,
    LoadState,
    Strength,
)
from schema.terms.gap import GapKind
from schema.terms.grade import (
    Certainty,
    CertaintyBasis,
    CertaintyReason,
    Direction,
    Favours,
    Synthesis,
    TimeWindow,
)
from schema.terms.outcome import (
    Better,
    EffectMeasure,
    Measured,
    OutcomeDomain,
    ThresholdKind,
    ThresholdMeaning,
)
from schema.terms.registration import PublicationLinkKind, RecruitmentStatus
from schema.terms.study import (
    ArmRole,
    ComparatorClass,
    ComparatorGroup,
    RiskOfBiasDomain,
    SecondReading,
    StudyDesign,
)
from schema.terms.term import OWN, Term
from schema.terms.vocabulary import (
    ConditionKind,
    CpicLevel,
    CpicStatus,
    Language,
    MappingMatch,
    MarkerKind,
    SynonymScope,
    TherapyKind,
)

__all__ = [
    "OWN",
    "Approval",
    "ArmRole",
    "Better",
    "BibliographicSource",
    "Certainty",
    "CertaintyBasis",
    "CertaintyReason",
    "ChangeReason",
    "CitationLinkKind",
    "CitationType",
    "ComparatorClass",
    "ComparatorGroup",
    "ConditionKind",
    "CpicLevel",
    "CpicStatus",
    "Direction",
    "DuplicateState",
    "EffectMeasure",
    "Favours",
    "GapKind",
    "Guidance",
    "Language",
    "Leukocytes",
    "LoadState",
    "MappingMatch",
    "MarkerKind",
    "Measured",
    "OutcomeDomain",
    "PublicationLinkKind",
    "RecruitmentStatus",
    "RetractionState",
    "RiskOfBiasDomain",
    "SecondReading",
    "ShamKind",
    "Strength",
    "StudyDesign",
    "SynonymScope",
    "Synthesis",
    "Term",
    "TherapyKind",
    "ThresholdKind",
    "ThresholdMeaning",
    "TimeWindow",
    "VerificationState",
    "Waveform",
]
