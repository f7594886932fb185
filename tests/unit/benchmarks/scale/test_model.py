"""What is carried forward from one machine's measurements: demand, and how many of each part it takes."""

from dataclasses import fields, replace

import pytest

from benchmarks.scale.demand import Assumptions, Costs, Growth, Scenario, archive, cameras, demand_of
from benchmarks.scale.model import Limit, in_order, judge, limits_of

ASSUMED = Assumptions()
NOTHING = Growth(base_seconds=0.0, per_item_seconds=0.0)


def make_costs(**overrides: object) -> Costs:
    """Return costs of 1 ms or 100 bytes each, of questions that take no time, and of nothing in the log."""
    plain = {field.name: 100.0 if field.name.endswith("bytes") else 0.001 for field in fields(Costs)}
    growth = dict.fromkeys(("due_files", "due_cameras", "lease_owners", "drop_oldest"), NOTHING)
    return Costs(**{**plain, "fragment_memory_ratio": 1.0, **growth, **overrides})  # type: ignore[arg-type]


def make_limit(load_per_stream: float, *, name: str = "part", power: int = 1, is_shared: bool = True) -> Limit:
    """Return a part whose load grows as a power of the streams."""
    return Limit(
        name=name, node="one", is_shared=is_shared, load=lambda case: load_per_stream * case.num_streams**power
    )


def load_of(name: str, scenario: Scenario, costs: Costs) -> float:
    return next(limit.load(scenario) for limit in limits_of(costs, ASSUMED) if limit.name == name)


def test_cameras_ask_for_their_frames_and_fragments():
    demand = demand_of(cameras(10_000), make_costs(), ASSUMED)
    assert demand.decoded_frames == demand.frame_rows == demand.face_rows == 250_000
    assert demand.chunks == 5_000
    assert demand.fragment_bytes == 10_000 * 2e6 / 8
    assert demand.row_bytes_per_day == pytest.approx(86_400 * 250_000 * 200)


def test_a_lower_rate_spares_rows_and_networks_but_no_decoding_and_no_chunks():
    every, some = (demand_of(cameras(100, sample_rate_hz=rate), make_costs(), ASSUMED) for rate in (25, 5))
    assert some.frame_rows == every.frame_rows / 5
    assert (some.decoded_frames, some.chunks) == (every.decoded_frames, every.chunks)
    assert some.worker_cores == pytest.approx(100 * (25 * ASSUMED.decode_seconds + 5 * ASSUMED.analyse_seconds))


def test_an_archive_is_as_many_streams_as_its_hours_fill_its_time():
    demand = demand_of(archive(240, days=1), make_costs(), ASSUMED)
    assert demand.decoded_frames == 10 * 25
    assert demand.fragment_bytes == 0  # workers open the files
    assert demand.chunks == pytest.approx(10 / 24)  # 600 frames each


def test_twice_the_video_asks_for_twice_of_everything_while_questions_take_no_time():
    one, two = (demand_of(cameras(number), make_costs(), ASSUMED) for number in (1_000, 2_000))
    for field in fields(one):
        assert getattr(two, field.name) == pytest.approx(2 * getattr(one, field.name)), field.name


def test_only_cameras_look_at_backlogs():
    costs = make_costs(drop_oldest=Growth(base_seconds=0.01, per_item_seconds=0.0))
    assert load_of("database: cameras' backlogs", cameras(10), costs) == pytest.approx(5 * 0.01 / 16)
    assert load_of("database: cameras' backlogs", archive(1e6, days=365), costs) == 0


def test_all_of_the_database_is_the_sum_of_its_parts():
    costs = make_costs(
        lease_owners=Growth(base_seconds=0.01, per_item_seconds=1e-6),
        due_cameras=Growth(base_seconds=0.01, per_item_seconds=1e-6),
    )
    parts = ("chunks' lives", "rows", "what is due", "dead leases", "cameras' backlogs")
    total = sum(load_of(f"database: {part}", cameras(1_000), costs) for part in parts)
    assert load_of("database: all of these", cameras(1_000), costs) == pytest.approx(total)


def test_dead_leases_are_looked_for_by_every_worker_so_their_load_grows_with_the_square():
    costs = make_costs(lease_owners=Growth(base_seconds=0.0, per_item_seconds=1e-6))
    one, two = (load_of("database: dead leases", cameras(number), costs) for number in (1_000, 2_000))
    assert two == pytest.approx(4 * one)


def test_a_node_is_planned_to_be_no_fuller_than_the_safety_factor_lets_it():
    verdict = judge(cameras(100), make_limit(0.1), replace(ASSUMED, safety_factor=2.0))
    assert verdict.load == pytest.approx(10)
    assert verdict.streams_per_node == pytest.approx(5)
    assert verdict.num_nodes == 20


def test_a_load_that_grows_with_the_square_is_parted_into_fewer_than_its_size_says():
    verdict = judge(cameras(100), make_limit(0.01, power=2), replace(ASSUMED, safety_factor=1.0))
    assert verdict.load == pytest.approx(100)
    assert verdict.num_nodes == 10  # ten nodes of ten streams each are just full


def test_a_part_that_is_not_used_needs_one_node_at_most():
    assert judge(archive(1e6, days=365), make_limit(0.0), ASSUMED).num_nodes <= 1


def test_no_number_of_nodes_helps_a_part_that_is_full_without_a_stream():
    always_full = Limit(name="full", node="one", is_shared=True, load=lambda _: 2.0)
    assert judge(cameras(100), always_full, ASSUMED).num_nodes is None


def test_the_order_is_by_streams_a_node_carries_and_leaves_out_what_is_simply_added():
    limits = [
        make_limit(0.1, name="late"),
        make_limit(0.5, name="first"),
        make_limit(9.0, name="workers", is_shared=False),
        make_limit(0.0, name="unused"),
    ]
    verdicts = [judge(cameras(100), limit, ASSUMED) for limit in limits]
    assert [verdict.name for verdict in in_order(verdicts)] == ["first", "late"]


def test_growth_is_a_base_and_so_much_for_each():
    assert Growth(base_seconds=1.0, per_item_seconds=0.5).seconds(4) == 3.0


def test_a_safety_factor_below_one_is_refused_with_its_value():
    with pytest.raises(ValueError, match=r"at least 1, got 0\.5"):
        Assumptions(safety_factor=0.5)
