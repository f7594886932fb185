"""Mutants of what comes in: files that are no videos, their names and sizes, addresses, bombs."""

from tests.mutants import Mutant

_UPLOADS = "tests/integration/api/test_uploads.py::"
_RESUMABLE = "tests/integration/api/test_resumable.py::"
_JOBS = "tests/integration/api/test_jobs.py::"
_PICTURES = "tests/integration/api/test_pictures.py::"
_LIMITS = "tests/unit/video/probing/test_probe.py::test_more_than_a_limit_allows_is_refused"

MUTANTS = {
    "any container": Mutant(
        file="video/opening.py",
        right='        "format_whitelist": ",".join(CONTAINERS),\n',
        wrong="",
        noticed_by="tests/unit/video/test_opening.py::test_ffmpeg_itself_refuses_a_playlist_that_slipped_past_the_first_look",
    ),
    "no first look": Mutant(
        file="video/opening.py",
        right="    refuse_unless_video_like(path)\n",
        wrong="",
        noticed_by="tests/unit/video/probing/test_probe.py::test_what_is_no_video_is_refused_in_one_line_that_names_it[photo.mp4]",
    ),
    "any codec": Mutant(
        file="video/opening.py",
        right="and s.codec_context.codec.canonical_name in CODECS]",
        wrong="]",
        noticed_by="tests/unit/video/probing/test_probe.py::test_what_is_no_video_is_refused_in_one_line_that_names_it[lossless.mkv]",
        behind=Mutant(
            file="video/opening.py",
            right='        "codec_whitelist": ",".join(_DECODERS),\n',
            wrong="",
            noticed_by="",
        ),
    ),
    "probed inside the server": Mutant(
        file="api/files/uploads.py",
        right="from video.isolation.isolation import probe_isolated",
        wrong="from video.probing.probe import probe as probe_isolated",
        noticed_by="tests/integration/api/test_app.py::test_no_network_library_and_no_decoder_is_imported_with_the_api",
    ),
    "secrets in the prober's environment": Mutant(
        file="video/isolation/isolation.py",
        right="environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}",
        wrong="environment = dict(os.environ)",
        noticed_by="tests/integration/video/test_isolation.py::test_the_child_sees_no_secret_of_the_environment",
    ),
    "a client's name is a path": Mutant(
        file="api/files/uploads.py",
        right='file = (folder / video_name(name)).open("xb")',
        wrong='file = (folder / name).open("xb")',
        noticed_by=f"{_UPLOADS}test_a_name_is_for_people_and_never_a_path[../../../etc/cron.d/x.mp4-x.mp4]",
    ),
    "a client's name with its folders": Mutant(
        file="api/files/uploads.py",
        right='last = name.replace("\\\\", "/").rsplit("/", 1)[-1]',
        wrong="last = name",
        noticed_by=f"{_UPLOADS}test_a_name_is_for_people_and_never_a_path[../../../etc/cron.d/x.mp4-x.mp4]",
    ),
    "a client's suffix": Mutant(
        file="api/files/uploads.py",
        right="suffix if suffix in VIDEO_SUFFIXES else ''",
        wrong="suffix",
        noticed_by=f"{_RESUMABLE}test_a_name_is_for_people_and_never_a_path[x.html]",
    ),
    "a media id is a path": Mutant(
        file="api/requests/jobs.py",
        right='media_id: str = Field(pattern=r"^[0-9a-f]{16}$",',
        wrong="media_id: str = Field(",
        noticed_by=f"{_JOBS}test_a_media_id_is_no_way_into_anothers_folder",
    ),
    "a model's name is a path": Mutant(
        file="api/requests/jobs.py",
        right='model: str | None = Field(None, pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$",',
        wrong="model: str | None = Field(None,",
        noticed_by=f"{_JOBS}test_a_wrong_request_is_refused_by_name[asked1-INVALID_REQUEST]",
    ),
    "static files from anywhere": Mutant(
        file="api/routes/pages.py",
        right='    return StaticFiles(directory=FOLDER / "static")',
        wrong='    files = StaticFiles(directory=FOLDER / "static")\n'
        '    files.lookup_path = lambda path: (str(FOLDER / "static" / path), (FOLDER / "static" / path).stat())\n'
        "    return files",
        noticed_by="tests/integration/api/test_pages.py::"
        "test_only_what_is_there_for_pages_is_given[/static/%2e%2e/%2e%2e/app.py]",
    ),
    "an address that is fetched": Mutant(
        file="api/files/uploads.py",
        right="        folder = Path(tempfile.mkdtemp(dir=quarantine))\n",
        wrong="        folder = Path(tempfile.mkdtemp(dir=quarantine))\n"
        '            if name.startswith("http"):\n'
        '                __import__("urllib.request").request.urlopen(name, timeout=1).read()\n',
        noticed_by="tests/integration/api/test_addresses.py::"
        "test_an_address_in_the_place_of_an_id_or_a_name_is_refused[http://127.0.0.1:{port}/secret]",
    ),
    "no cap before the first byte": Mutant(
        file="api/files/uploads.py",
        right="            self.refuse_beyond(owner, declared_bytes)\n",
        wrong="            pass\n",
        noticed_by=f"{_UPLOADS}test_a_file_that_says_it_is_too_large_is_refused_before_it_is_read",
    ),
    "no cap while bytes come": Mutant(
        file="api/files/uploads.py",
        right="        self.refuse_beyond(incoming.owner, incoming.num_bytes)\n",
        wrong="",
        noticed_by=f"{_UPLOADS}test_a_file_that_is_larger_than_it_says_is_cut_short_at_the_cap",
    ),
    "more pieces than was said": Mutant(
        file="api/files/resumable.py",
        right="if piece.num_bytes + len(block) > piece.upload.num_bytes:",
        wrong="if False:",
        noticed_by=f"{_RESUMABLE}test_bytes_go_where_the_upload_ends_and_nowhere_else",
    ),
    "no quota": Mutant(
        file="api/files/uploads.py",
        right="if num_bytes + self._used_bytes(owner) > self.limits.quota_bytes:",
        wrong="if False:",
        noticed_by=f"{_UPLOADS}test_one_owners_quota_is_its_own",
    ),
    "promises that count for nothing": Mutant(
        file="api/files/uploads.py",
        right="return kept + reserved_bytes(self._root, owner)",
        wrong="return kept",
        noticed_by=f"{_RESUMABLE}test_what_is_promised_counts_for_the_quota",
    ),
    "a disk filled to the brim": Mutant(
        file="api/files/uploads.py",
        right="            self.refuse_full_disk(declared_bytes or 0)\n",
        wrong="",
        noticed_by=f"{_UPLOADS}test_a_full_disk_is_said_and_not_filled_further",
        behind=Mutant(
            file="api/files/uploads.py", right="        self.refuse_full_disk(len(block))\n", wrong="", noticed_by=""
        ),
    ),
    "a disk filled meanwhile": Mutant(
        file="api/files/uploads.py",
        right="        self.refuse_full_disk(len(block))\n",
        wrong="",
        noticed_by=f"{_UPLOADS}test_a_disk_that_fills_up_meanwhile_is_not_filled_further",
    ),
    "any number of uploads at once": Mutant(
        file="api/files/uploads.py",
        right="if not self._slots.acquire(blocking=False):",
        wrong="if False:",
        noticed_by=f"{_UPLOADS}test_no_more_come_in_at_once_than_may",
    ),
    "patience without end": Mutant(
        file="api/files/bodies.py",
        right="                raise TimeoutError\n",
        wrong="                pass\n",
        noticed_by=f"{_UPLOADS}test_a_client_that_only_drips_loses_its_place",
    ),
    "patience with pictures": Mutant(
        file="api/routes/pictures.py",
        right="in blocks_of(request):",
        wrong="in request.stream():",
        noticed_by=f"{_PICTURES}test_a_picture_that_only_drips_is_not_waited_for",
    ),
    "a large body of JSON": Mutant(
        file="api/gate.py",
        right="if not length.isdecimal() or int(length[:20]) > most:",
        wrong="if not length.isdecimal():",
        noticed_by=f"{_JOBS}test_a_large_body_is_refused_before_it_is_read",
    ),
    "a body without a length": Mutant(
        file="api/gate.py",
        right='if "transfer-encoding" in headers:',
        wrong="if False:",
        noticed_by=f"{_JOBS}test_a_large_body_is_refused_before_it_is_read",
    ),
    "a picture longer than it says": Mutant(
        file="api/routes/pictures.py",
        right="if len(content) > MAX_PICTURE_BYTES:",
        wrong="if False:",
        noticed_by=f"{_PICTURES}test_a_picture_that_is_longer_than_it_says_is_cut_short",
    ),
    "pictures without end": Mutant(
        file="api/routes/pictures.py",
        right="    except PicturesBusy as error:\n        raise Problem(429,",
        wrong="    except PicturesBusy as error:\n        raise Problem(503,",
        noticed_by=f"{_PICTURES}test_a_crowd_of_pictures_is_told_to_wait",
    ),
    "pictures of any size": Mutant(
        file="video/opening.py",
        right="if context.width * context.height > limits.max_pixels:",
        wrong="if False:",
        noticed_by=f"{_LIMITS}[pixels-mp4]",
    ),
    "any number of frames a second": Mutant(
        file="video/probing/probe.py",
        right="if len(tally.times_us) > num_allowed:",
        wrong="if False:",
        noticed_by=f"{_UPLOADS}test_a_small_file_of_very_many_pictures_is_refused",
    ),
    "any duration": Mutant(
        file="video/probing/probe.py",
        right="if span_us > limits.max_duration_seconds * MICROSECONDS_PER_SECOND:",
        wrong="if False:",
        noticed_by=f"{_LIMITS}[duration-mp4]",
    ),
    "any number of frames": Mutant(
        file="video/probing/probe.py",
        right="if tally.num_read > limits.max_frames:",
        wrong="if False:",
        noticed_by=f"{_LIMITS}[frames-mp4]",
    ),
    "half a file": Mutant(
        file="api/files/uploads.py",
        right="if info.truncated_at_us is not None:",
        wrong="if False:",
        noticed_by=f"{_UPLOADS}test_a_video_whose_index_promises_more_is_refused",
    ),
}
