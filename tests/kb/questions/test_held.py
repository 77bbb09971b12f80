"""A vocabulary of which the places are read, and the entries when they are named, is the one that is read whole."""

from functools import partial

import pytest

from kb.questions.held import Unread, with_what_it_asks_for
from kb.questions.vocabulary import read_vocabulary
from kb.releases import publish
from kb.store import Store
from schema.record import DRAFT
from tests.samples import HIP, KNEE, OSTEOARTHRITIS, SAMPLE, load, with_changed

MERGED = HIP.model_copy(update={"id": "coxarthrosis", "name": "Coxarthrosis", "replaced_by": HIP.id})


async def test_entries_are_read_when_they_are_asked_for(store: Store) -> None:
    await load(store, [*SAMPLE, MERGED])
    await publish(store, who="tester")
    # Waits for the next release: the first one holds it as it was.
    await load(store, with_changed(SAMPLE, KNEE.model_copy(update={"name": "Worn knees", "broader": ()})), name="edit")
    for release in (1, DRAFT):
        whole = await read_vocabulary(store, release)
        places = await read_vocabulary(store, release, places=True)
        assert set(places.conditions) == set(whole.conditions) == {OSTEOARTHRITIS.id, KNEE.id, HIP.id}
        assert places.replaced.current("Condition", MERGED.id) == HIP.id
        for id_ in whole.conditions:
            assert places.condition_tree.parents(id_) == whole.condition_tree.parents(id_)
        with pytest.raises(Unread, match="Condition osteoarthritis was not read"):
            _ = places.conditions[OSTEOARTHRITIS.id]
        found = await with_what_it_asks_for(store, partial(dict, places.conditions))
        assert found == dict(whole.conditions)
