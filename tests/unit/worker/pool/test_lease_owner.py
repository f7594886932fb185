import os
import subprocess
import sys

from worker.pool.lease_owner import is_alive, this_process


def test_this_process_lives():
    assert is_alive(this_process())


def test_a_process_that_ended_is_dead():
    command = [sys.executable, "-c", "from worker.pool.lease_owner import this_process; print(this_process())"]
    owner = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert not is_alive(owner)


def test_a_pid_that_is_used_again_is_another_process():
    host, pid, started_at = this_process().rsplit("/", maxsplit=2)
    assert int(pid) == os.getpid()
    assert not is_alive(f"{host}/{pid}/{int(started_at) - 1}")


def test_a_process_on_another_host_is_left_to_its_lease():
    assert is_alive("elsewhere/1/1")
