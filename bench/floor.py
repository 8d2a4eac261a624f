"""The floor: what Flask and Jinja cost for 50 rows, without anything of ours."""

from __future__ import annotations

import os
import sys

from flask import Flask, render_template_string

ROWS = [
    {"id": n, "name": f"Member {n}", "city": "Lyon", "line": "Writes, draws and repairs"}
    for n in range(50)
]
PAGE = """<!doctype html><html lang="en"><title>Floor</title><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td><a href="/{{ row.id }}">{{ row.name }}</a></td>
<td>{{ row.city }}</td><td>{{ row.line }}</td></tr>{% endfor %}</table></html>"""

app = Flask(__name__)


@app.get("/")
def table() -> str:
    """A table of 50 rows."""
    return render_template_string(PAGE, rows=ROWS)


def main() -> None:
    """Become gunicorn's gevent worker on $BENCH_PORT, as the product does."""
    port = os.environ["BENCH_PORT"]
    options = ["-k", "gevent", "-w", "1", "-b", f"127.0.0.1:{port}", "--log-level", "error"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *options, "bench.floor:app"])
