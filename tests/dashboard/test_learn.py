"""The Learn page: every worked example's number, and what moving a control does."""

import re

import pytest

from dashboard.curriculum import ALL, LESSONS

from .conftest import opened, texts

# worked-examples.md: the numbers as printed there, by example; the tolerance is 1e-6 unless given.
# Of example 9 the page's last digit is a slip: 0.9 ln 1.8 is 0.529008.
STATED = {
    1: (0.321928,),
    2: (2.321928,),
    3: (0,),
    4: ("infinite", 0.1080),
    5: (1.6144631, 2.3291779, 0.6371457),
    6: (0,),
    7: (2.8068528, 0.8181472),
    8: (0.1016968, 1.0625639, 0.0254242, 0.2656410),
    9: (0.5290080, "infinite"),
    10: (10.1147, pytest.approx(1.5, abs=1)),
    11: (0.2, 0.5, 0.2, 0.1, 0),
    12: tuple(pytest.approx(each, abs=1e-5) for each in (2.1079947, 1.2206073, 0.8873874)),
    13: (6.643856, 1),
    14: (0.2163165, 0.3120787, 0.5586401, 0.27117),
    15: (0, pytest.approx(20, abs=5)),
    16: (0.1927, 0.1927),
    18: (0.00180108, 3.60216, 0.0577),
}


def learn(lesson):
    app = opened(lesson=lesson).switch_page("views/learn.py").run()
    assert not app.exception
    return app


def shown(app):
    """Read each number of each worked example from the page, as it is written there."""
    articles = re.findall(r"<article><h3>(\d+)\..*?</article>", texts(app))
    bodies = re.findall(r"<article>(.*?)</article>", texts(app))
    return {
        int(number): re.findall(r"<dd>(\S+) <small>", body)
        for number, body in zip(articles, bodies, strict=True)
    }


def figures(app):
    """Read the numbers of a lesson by their names."""
    lesson = texts(app).partition('<div class="examples">')[0]
    found = re.findall(r"<dt>(.*?)</dt><dd>(\S+) <small>(.*?)</small>", lesson)
    return {
        name: (float("inf" if text == "infinite" else text), unit) for name, text, unit in found
    }


def moved(app, label, value):
    control = next(
        each
        for each in [*app.slider, *app.select_slider, *app.radio, *app.selectbox]
        if each.label == label
    )
    return control.set_value(value).run()


@pytest.fixture(scope="module")
def worked():
    return shown(learn(ALL))


def test_all_twenty_worked_examples_stand_there_in_order(worked):
    assert list(worked) == list(range(1, 21))


@pytest.mark.parametrize("number", STATED)
def test_a_worked_example_shows_the_stated_number(worked, number):
    assert len(worked[number]) == len(STATED[number])
    for text, stated in zip(worked[number], STATED[number], strict=True):
        if isinstance(stated, str):
            assert text == stated
        else:
            value = pytest.approx(stated, abs=1e-6) if isinstance(stated, int | float) else stated
            assert float(text) == value


def test_two_ways_to_the_same_number_agree(worked):
    fine, coarse, whole, merged = map(float, worked[17])
    assert fine == pytest.approx(coarse, abs=1e-6)
    assert merged < whole
    for number in (19, 20):
        one, other = worked[number]
        assert one == other


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_draws_its_pictures_says_units_and_shows_its_examples(lesson):
    app = learn(lesson)
    assert list(shown(app)) == sorted(LESSONS[lesson][1])
    assert all(unit for _, unit in figures(app).values())
    if lesson != ALL:
        assert app.get("plotly_chart")
        assert all(chart.proto.alt for chart in app.get("plotly_chart"))


def test_it_opens_without_data_and_with_the_first_lesson():
    app = opened().switch_page("views/learn.py").run()
    assert '<h2 class="">Two distributions</h2>' in texts(app)


def test_distributions_that_are_the_same_have_no_divergence():
    app = moved(moved(learn("Two distributions"), "Live: middle", 0.0), "Live: spread", 1.0)
    assert {value for value, _ in figures(app).values()} == {0}
    assert "Nothing differs" in texts(app)


def test_psi_is_the_sum_of_both_directions():
    found = figures(moved(learn("Two distributions"), "Live: spread", 2.0))
    there, back = found["KL(live‖reference)"][0], found["KL(reference‖live)"][0]
    assert there != pytest.approx(back, abs=0.1)
    assert found["PSI"][0] == pytest.approx(there + back, abs=2e-4)


def test_terms_of_kl_can_be_negative_and_the_page_says_so():
    app = moved(learn("Two distributions"), "Each bin's part of", "KL(live‖reference)")
    assert "can be negative" in texts(app)


def test_a_coin_that_never_falls_so_makes_kl_infinite_one_way():
    found = figures(moved(learn("Coins"), "Coin q: chance of heads", 1.0))
    assert found["KL(p‖q)"][0] == float("inf")
    assert found["KL(q‖p)"][0] == pytest.approx(0.6931, abs=1e-4)


def test_a_sure_and_right_classifier_is_not_surprised():
    found = figures(moved(learn("Two classifiers"), "The first says “dog” with", 1.0))
    assert found["Surprise of the first"][0] == 0
    assert found["Surprise of the second"][0] == pytest.approx(2.3219, abs=1e-4)


def test_a_rarer_swan_tells_more():
    app = learn("Black swan")
    before = figures(app)["Learnt from one swan"][0]
    after = figures(moved(app, "Believed probability", 0.0001))["Learnt from one swan"][0]
    assert (before, after) == pytest.approx((6.643856, 13.287712), abs=1e-6)


def test_bins_never_see_more_than_the_closed_form():
    found = figures(learn("Normal curves"))
    assert found["KL(p‖q) in 64 bins"][0] < found["KL(p‖q), closed form"][0]


def test_what_is_added_to_an_empty_bin_decides_the_number():
    app = learn("Empty bins")
    assert figures(app)["KL(d1‖d4)"][0] == float("inf")
    tiny = figures(moved(app, "Added to every bin", "A tiny share"))["KL(d1‖d4)"][0]
    smaller = figures(moved(app, "The tiny share", 1e-12))["KL(d1‖d4)"][0]
    prior = figures(moved(app, "Added to every bin", "Half a row a bin"))["KL(d1‖d4)"][0]
    assert smaller == pytest.approx(10.1147, abs=1e-3)
    assert tiny < smaller - 5
    assert prior == pytest.approx(1.2039, abs=1e-4)


def test_merged_bins_never_show_more():
    app = learn("Merging bins")
    before = figures(app)
    after = figures(moved(app, "Bins", 2))
    assert all(after[name][0] <= before[name][0] for name in before)
    assert {value for value, _ in figures(moved(app, "Bins", 1)).values()} == {0}


def test_more_tosses_make_the_same_share_certain():
    app = learn("From KL to p")
    before = figures(app)
    after = figures(moved(app, "Tosses", 10_000))
    assert after["KL(seen‖fair), a toss"] == before["KL(seen‖fair), a toss"]
    assert after["p"][0] < 0.001
    assert before["p"][0] > 0.05


def test_few_rows_make_a_distance_where_there_is_none():
    app = learn("Sample size")
    assert figures(app)["JS distance, the truth"][0] == 0
    few = figures(moved(app, "Rows on each side", 100))["As measured"][0]
    many = figures(moved(app, "Rows on each side", 100_000))["As measured"][0]
    assert few > 0.2
    assert many < 0.02


def test_independent_features_tell_nothing_about_each_other():
    found = figures(moved(learn("Dependence"), "Rows in which both agree, of 100", 50))
    assert {value for value, _ in found.values()} == {0}


def test_the_lesson_is_part_of_the_link_and_is_kept_over_views():
    app = learn("Coins")
    app.switch_page("views/start.py").run()
    app.switch_page("views/learn.py").run()
    assert '<h2 class="">Coins</h2>' in texts(app)
