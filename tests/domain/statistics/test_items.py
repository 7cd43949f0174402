import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics.items import Flag, ItemFigures, OptionFigures, figures, flags
from app.domain.statistics.tallies import ItemTally, group_weights, item_tallies
from tests.domain.statistics.lsat6 import matrix, paper

scores = st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=30)


def found(tally):
    return figures(tally, {})


def test_the_figures_are_those_that_lsat6_is_known_for():
    items = [found(tally) for tally in item_tallies(paper())]

    assert [item.n for item in items] == [1000] * 5
    assert [item.facility for item in items] == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870])
    assert [item.correlation for item in items] == pytest.approx(
        [0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=1e-4
    )
    assert [item.discrimination for item in items] == pytest.approx(
        [0.1966, 0.6315, 0.8109, 0.5370, 0.3203], abs=1e-4
    )


@given(scores, scores)
def test_papers_add_up_in_any_order(one, other):
    first, second = item_tallies(paper(one)), item_tallies(paper(other))

    for a, b in zip(first, second, strict=True):
        there, back = (a + b), (b + a)
        assert there.n == len(one) + len(other)
        for x, y in zip(there.dump().values(), back.dump().values(), strict=True):
            assert x == pytest.approx(y)
        assert ItemTally() + a == a == a + ItemTally()


@given(scores)
def test_what_is_kept_comes_back_the_same(one):
    for tally in item_tallies(paper(one)):
        assert ItemTally.load(tally.dump()) == tally


@given(scores, st.randoms())
def test_the_order_of_people_changes_nothing(one, draw):
    mixed = list(one)
    draw.shuffle(mixed)

    for a, b in zip(item_tallies(paper(one)), item_tallies(paper(mixed)), strict=True):
        assert a.upper == pytest.approx(b.upper)
        assert a.s_xy == pytest.approx(b.s_xy, abs=1e-9)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_the_upper_group_is_27_percent_and_ties_share(totals):
    weights = group_weights(np.array(totals, dtype=np.float64))

    assert weights.sum() == pytest.approx(0.27 * len(totals))
    assert all(0 <= weight <= 1 + 1e-9 for weight in weights)
    by_total = {}
    for total, weight in zip(totals, weights, strict=True):
        assert by_total.setdefault(total, weight) == weight


def test_an_easy_and_a_hard_paper_make_no_question_look_good():
    """Chance alone within each paper; between the papers everything differs."""
    draw = np.random.default_rng(1)
    easy, hard = (draw.random((400, 6)) < p for p in (0.9, 0.2))

    tally = item_tallies(paper(easy))[0] + item_tallies(paper(hard))[0]
    pooled = item_tallies(paper(np.vstack([easy, hard])))[0]

    assert abs(found(tally).correlation) < 0.1
    assert found(pooled).correlation > 0.5


def test_a_pilot_is_compared_with_a_score_that_it_is_not_part_of():
    points = matrix()
    counted = np.array([True, True, True, True, False])

    pilot = item_tallies(paper(points, counted=counted))[4]

    rest = points[:, :4].sum(axis=1)
    assert found(pilot).correlation == pytest.approx(np.corrcoef(points[:, 4], rest)[0, 1])
    others = item_tallies(paper(points[:, :4]))
    assert item_tallies(paper(points, counted=counted))[:4] == others


def test_points_of_any_maximum_give_the_same_figures():
    points = matrix()

    plain = item_tallies(paper(points))
    doubled = item_tallies(paper(points * 2, maxima=np.full(5, 2.0)))

    for one, other in zip(map(found, plain), map(found, doubled), strict=True):
        assert one.facility == pytest.approx(other.facility)
        assert one.correlation == pytest.approx(other.correlation)


def test_options_tell_who_chose_them():
    points = np.array([[1.0, 1], [1, 1], [0, 0], [0, 1]])
    chosen = {
        "a": np.array([True, True, False, False]),
        "b": np.array([False, False, True, False]),
        "c": np.array([False] * 4),
    }

    item = figures(
        item_tallies(paper(points, chosen=[chosen, {}]))[0], {"a": True, "b": False, "c": False}
    )

    assert [(o.name, o.share, o.is_right) for o in item.options] == [
        ("a", 0.5, True),
        ("b", 0.25, False),
        ("c", 0.0, False),
    ]
    assert item.options[1].correlation == pytest.approx(-1.0)
    assert item.options[2].correlation is None
    assert item.omitted == 0.25


def test_where_nobody_differs_there_is_no_correlation():
    item = found(item_tallies(paper([[1.0, 1], [1, 1]]))[0])

    assert item.correlation is None
    assert item.facility == 1


def made(n, *, facility=0.6, d=0.5, r=0.4, options=()):
    return ItemFigures(n, facility, d, r, None, tuple(options))


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (made(29, facility=0.1), ()),
        (made(30, facility=0.1), (Flag.TOO_HARD,)),
        (made(30, facility=0.3), ()),
        (made(30, facility=0.96), (Flag.TOO_EASY,)),
        (made(99, d=0.0, r=-0.5), ()),
        (made(100, d=0.29), (Flag.LOW_D,)),
        (made(100, d=0.19), (Flag.VERY_LOW_D,)),
        (made(100, r=0.19), (Flag.WEAK_R,)),
        (made(100, r=0.09), (Flag.VERY_WEAK_R,)),
        (made(100, r=-0.01), (Flag.NEGATIVE_R,)),
        (made(100, options=[OptionFigures("b", False, 0.04, -0.1)]), (Flag.IDLE_OPTION,)),
        (made(100, options=[OptionFigures("a", True, 0.04, 0.5)]), ()),
        (
            made(100, options=[OptionFigures("b", False, 0.2, 0.01)]),
            (Flag.ATTRACTIVE_WRONG_OPTION,),
        ),
        (made(0, facility=None, d=None, r=None), ()),
    ],
)
def test_flags_are_raised_at_their_threshold_and_never_below_the_smallest_n(item, expected):
    assert flags(item) == expected
