"""Values that are made quickly are what the dataclass says: equal, frozen, copied and pickled as others."""

import copy
import dataclasses
import inspect
import pickle

import pytest

from pipeline.model import Action, Block, Evidence, KeptBlock, Kind, Removed, Verdict

VALUES = (
    Block(0, Kind.LINE, 0, "Home", level=2, path="/html"),
    Evidence(1, "en.test.rule", "test", 2.0, 3, 7, cut=True),
    Verdict(0, Action.KEEP, 0.5),
    Removed(0, 4, "en.test.rule", "test", 1.0, "Home"),
    KeptBlock(0, Kind.ITEM, "Home", gap=True),
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_value_is_as_any_frozen_dataclass(value):
    kind = type(value)
    same = kind(**{one.name: getattr(value, one.name) for one in dataclasses.fields(kind)})
    assert same == value
    assert hash(same) == hash(value)
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == dataclasses.replace(value) == value  # noqa: S301
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(kind)[0].name, 5)
    with pytest.raises(TypeError):
        kind(**dataclasses.asdict(value), another=1)
    assert list(inspect.signature(kind).parameters) == [one.name for one in dataclasses.fields(kind)]


def test_fields_that_are_not_given_have_their_defaults():
    assert Block(0, Kind.LINE, 0, "Home") == Block(0, Kind.LINE, 0, "Home", False, 0, 0, False, "", "", "", 0)
    assert Evidence(0, "r", "f", 1.0, 0, 1).cut is False
