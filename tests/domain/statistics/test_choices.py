import pytest

from app.domain.statistics.choices import chosen_options, options_of
from tests.factories import content


def test_every_option_is_known_with_its_key():
    assert options_of(content(type="true_false", answer=True).body) == {
        "true": True,
        "false": False,
    }
    options = options_of(content().body)
    assert sum(options.values()) == 1
    assert set(options) == {option.id for option in content().body.options}


@pytest.mark.parametrize(
    ("answer", "options"),
    [(None, set()), (True, {"true"}), (False, {"false"}), ("b", {"b"}), (["a", "c"], {"a", "c"})],
)
def test_an_answer_tells_what_was_chosen(answer, options):
    assert chosen_options(answer) == options
