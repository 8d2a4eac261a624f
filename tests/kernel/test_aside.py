"""Long work beside the loop: others are served meanwhile, what it raises is heard."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from incubator.kernel.aside import aside, breathe

# Without a thread of its own, the work would wait for ever for what only the loop can do.
SERVED = """
from gevent import monkey
monkey.patch_all()
import gevent
from incubator.kernel.aside import aside, breathe
other = monkey.get_original("threading", "Event")()
gevent.spawn(other.set)
assert aside(lambda: other.wait(30))
heard = []
gevent.spawn(heard.append, 1)
breathe()
assert heard == [1]
try:
    aside(lambda: 1 / 0)
except ZeroDivisionError:
    print("well")
"""


def test_where_no_loop_serves_it_is_done_at_once() -> None:
    assert aside(threading.get_ident) == threading.get_ident()
    breathe()
    with pytest.raises(ZeroDivisionError):
        aside(lambda: 1 // 0)


def test_others_are_served_while_it_is_done() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVED], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("well", 0), done.stderr
