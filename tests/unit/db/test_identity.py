"""Ids are made of content, and stay what they are."""

import json

from core.media import AnalysisParameters
from db.identity import canonical_parameters, job_id, media_id, model_version_id, parse_parameters
from tests.factories import make_sha256


def test_job_id_is_the_same_in_every_store():
    # A job's id is written into exports: a change of this value breaks what users keep.
    made = job_id(owner="local", media_sha256="ab" * 32, model_version="small-0", parameters="{}", run_number=0)
    assert made == "fc0b6ad48784b330"


def test_parameters_have_one_text_that_is_read_back():
    parameters = AnalysisParameters(sample_rate_hz=10, min_face_px=60)
    text = canonical_parameters(parameters)
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert '"sample_rate_hz":10.0' in text
    assert parse_parameters(text) == parameters


def test_media_and_model_ids_are_the_start_of_their_digests():
    sha256 = make_sha256("clip")
    assert media_id(sha256) == sha256[:16]
    assert model_version_id("small", sha256) == f"small-{sha256[:12]}"
