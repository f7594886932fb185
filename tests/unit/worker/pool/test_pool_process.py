"""What a pool process sees of being asked to stop."""

import os

from worker.pool.pool_process import _has_ended


def test_end_of_the_pipe_is_noticed_without_waiting():
    read_end, write_end = os.pipe()
    assert not _has_ended(read_end)
    os.close(write_end)
    assert _has_ended(read_end)
    os.close(read_end)
