"""Changes as the JSON document that commands print (docs/formats.md)."""

from typing import Any, Final

from core.calendar_bins import as_datetime, parse_zone
from core.change.level_shifts import LevelShift
from core.change.search import LEAST_SESSIONS, Chance, Changes, MeasureChange
from core.change.sustained_shift import SustainedShift
from core.documents import NOTICE
from core.people.longitudinal import CONFIDENCE

_DECIMALS: Final = 6

#: Travels with every answer about change.
WORDING: Final = (
    "The expression record changed, or it did not: how a face appeared in these sittings. It is no diagnosis, says "
    "nothing of why, and light, camera and company change a record too."
)


def changes_document(found: Changes, *, subject_id: str, zone_name: str) -> dict[str, Any]:
    """The answer with all that it rests on."""
    return {
        "subject_id": subject_id,
        "status": "insufficient" if found.measures is None else "ok",
        "zone": zone_name,
        "unit_of_sampling": "session",
        "num_sessions": len(found.series),
        "num_sessions_too_short": found.series.num_too_short,
        "least_sessions": LEAST_SESSIONS,
        "confidence": CONFIDENCE,
        "alpha": found.search.alpha,
        "num_questions": found.num_questions,
        "false_alarm_rate": found.false_alarm_rate,
        "false_alarm_n": None if found.false_alarm_rate is None else found.search.num_shuffles,
        "seed": found.search.seed,
        "num_together": found.search.num_together,
        "baseline": None if found.baseline is None else found.baseline.number,
        "notice": NOTICE,
        "wording": WORDING,
        "measures": None
        if found.measures is None
        else {each.measure: _measure_document(each, zone_name) for each in found.measures},
    }


def _measure_document(each: MeasureChange, zone_name: str) -> dict[str, Any]:
    trend = each.trend
    return {
        "is_changed": each.is_changed,
        "shape": None if each.shape is None else each.shape.value,
        "autocorrelation": round(each.autocorrelation, 3),
        "trend": _chance_document(each.trend_chance)
        | {
            "slope_per_30_days": round(trend.slope, _DECIMALS),
            "low": round(trend.low, _DECIMALS),
            "high": round(trend.high, _DECIMALS),
        },
        "level_shifts": _chance_document(each.shift_chance)
        | {"shifts": [_shift_document(shift, zone_name) for shift in each.shifts]},
        "sustained_shift": None
        if each.sustained_chance is None
        else _chance_document(each.sustained_chance)
        | {"run": None if each.sustained is None else _run_document(each.sustained, zone_name)},
    }


def _chance_document(chance: Chance) -> dict[str, Any]:
    return {
        "is_found": chance.is_found,
        "p_value": round(chance.p_value, _DECIMALS),
        "corrected_p_value": round(chance.corrected_p_value, _DECIMALS),
    }


def _shift_document(shift: LevelShift, zone_name: str) -> dict[str, Any]:
    size = shift.size
    return {
        "at": _moment(shift.at_us, zone_name),
        "not_before": _moment(shift.not_before_us, zone_name),
        "not_after": _moment(shift.not_after_us, zone_name),
        "before": round(size.first_mean, _DECIMALS),
        "after": round(size.second_mean, _DECIMALS),
        "difference": round(size.difference, _DECIMALS),
        "low": round(size.low, _DECIMALS),
        "high": round(size.high, _DECIMALS),
        "effect_size": None if size.effect_size is None else round(size.effect_size, 4),
        "num_before_sessions": size.num_first,
        "num_after_sessions": size.num_second,
        "p_value": round(shift.p_value, _DECIMALS),
    }


def _run_document(run: SustainedShift, zone_name: str) -> dict[str, Any]:
    size = {"difference": run.size.mean, "low": run.size.low, "high": run.size.high}
    return {
        "from": _moment(run.from_us, zone_name),
        "until": _moment(run.until_us, zone_name),
        "num_sessions": run.num_sessions,
        **{name: None if value is None else round(value, _DECIMALS) for name, value in size.items()},
        "cusum_deviations": round(run.height, 3),
    }


def _moment(time_us: int, zone_name: str) -> str:
    return as_datetime(time_us, parse_zone(zone_name)).isoformat()
