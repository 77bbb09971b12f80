"""Doses: how a treatment was given."""

from schema.terms.term import OWN, Term


class Waveform(Term):
    """The pattern of an electrical stimulation."""

    TONIC = ("TONIC", "single pulses at even distances, under 1 kHz", OWN)
    BURST = ("BURST", "groups of pulses with pauses between the groups", OWN)
    HIGH_FREQUENCY = ("HIGH_FREQUENCY", "single pulses at even distances, at 1 kHz or more", OWN)
    DIRECT_CURRENT = ("DIRECT_CURRENT", "a steady current without pulses", OWN)


class Leukocytes(Term):
    """Whether platelet-rich plasma was made with or without white blood cells."""

    RICH = ("RICH", "white blood cells were kept", OWN)
    POOR = ("POOR", "white blood cells were removed or reduced", OWN)


class Guidance(Term):
    """How the place of a needle, a lead or a block was found."""

    ULTRASOUND = ("ULTRASOUND", "seen by ultrasound while it was placed", OWN)
    FLUOROSCOPY = ("FLUOROSCOPY", "seen by X-ray while it was placed", OWN)
    LANDMARKS = ("LANDMARKS", "found by the landmarks of the body alone", OWN)


class ShamKind(Term):
    """How a sham imitates the treatment."""

    INACTIVE = ("INACTIVE", "the same device or procedure, without energy or agent", OWN)
    WEAK = ("WEAK", "the same device or procedure, at a dose that is held not to work", OWN)
    SALINE = ("SALINE", "the same injection, of saline or water", OWN)
    OTHER_PROCEDURE = ("OTHER_PROCEDURE", "another procedure that looks or feels alike", OWN)
    OTHER_CONTENT = ("OTHER_CONTENT", "the same medium or contact, with content held not to work", OWN)
