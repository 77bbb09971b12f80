"""What kind of publication a citation is by its title and type."""

import pytest

from kb.matching.kinds import Kind, kind_of
from schema.citation import Citation
from schema.terms import CitationType


def kind(title: str, type_: CitationType = CitationType.ARTICLE) -> Kind:
    return kind_of(Citation(id="local:one", title=title, type=type_))


@pytest.mark.parametrize(
    "title",
    [
        "Retraction",
        "Retraction: Epidural steroids for sciatica",
        "RETRACTION. Epidural steroids for sciatica",
        "Retraction – Epidural steroids for sciatica",
        "Retraction - Epidural steroids for sciatica",
        "[Retraction] Epidural steroids for sciatica",
        "[Retraction of: Epidural steroids for sciatica]",
        "Retraction of: Epidural steroids for sciatica",
        "Retraction to: Epidural steroids for sciatica",
        "Retraction of “Epidural steroids for sciatica”",
        "Retraction of Lund et al: Epidural steroids for sciatica",
        "Retraction of the article by Lund: epidural steroids",
        "Retraction Note: Epidural steroids for sciatica",
        "Retraction note to: Epidural steroids for sciatica",
        "Retraction notice to “Epidural steroids for sciatica” [Pain 9 (2016) 45]",
        "Retraction statement: Epidural steroids for sciatica",
        "Retraction and republication: Epidural steroids for sciatica",
        "Author's retraction: Epidural steroids for sciatica",
        "Epidural steroids for sciatica: retraction notice to readers",
        "Epidural steroids for sciatica (Retraction)",
        "Epidural steroids for sciatica [retraction notice].",
        "Epidural steroids for sciatica (Retraction of vol 12, pg 45, 2016)",
        "Notice of retraction: Epidural steroids for sciatica",
        "Notice of Retraction and Replacement. Epidural steroids for sciatica",
    ],
)
def test_a_notice_of_retraction_is_told_by_the_form_of_its_title(title: str) -> None:
    assert kind(title) is Kind.NOTICE


@pytest.mark.parametrize(
    "title",
    [
        "Retraction of the tongue during laryngoscopy: a randomised trial",
        "Retraction of the Tongue During Laryngoscopy: A Randomised Trial",
        "Retraction-assisted dissection of the greater occipital nerve",
        "Retraction injury of the lateral femoral cutaneous nerve",
        "Retraction to expose the lumbar plexus",
        "Retractions in pain medicine, 2000 to 2020",
        "Muscle retraction and pain after rotator cuff repair",
        "What readers make of a retraction notice in anaesthesiology journals",
        # The article itself, as its publisher marks it.
        "RETRACTED: Epidural steroids for sciatica",
    ],
)
def test_what_is_retracted_by_hand_and_what_is_about_retractions_is_no_notice(title: str) -> None:
    assert kind(title) is Kind.REPORT


def test_where_the_form_does_not_tell_the_publication_type_does() -> None:
    title = "Retraction of Efficacy of Epidural Steroids in Sciatica"
    assert kind(title) is Kind.REPORT
    assert kind(title, CitationType.NOTICE) is Kind.NOTICE
