"""Glance as it is, beside it two things that the tests need and Glance has no call for.

* Each call is written to the file CALLS: `PROJECT METHOD PATH STATUS`.
* A file REVOKE/PROJECT with a number N: the token of the project's Nth call from now is revoked when that call has been
  answered, so that a test sees a token end in the middle without waiting for its time.
"""

import os
import pathlib

import requests
from glance.wsgi.api import application as glance

FOLDER = pathlib.Path(os.environ["WATCH_FOLDER"])
CALLS = FOLDER / "calls"
REVOKE = FOLDER / "revoke"
KEYSTONE = os.environ["WATCH_KEYSTONE"]


def application(environ, start_response):
    """The call, then the notes on it."""
    seen = []

    def note_status(status, headers, exc_info=None):
        seen.append(status.split()[0])
        return start_response(status, headers, exc_info)

    answer = glance(environ, note_status)
    # Keystone's middleware, which is in Glance's own pipeline, has written this into the same environment.
    project = environ.get("HTTP_X_PROJECT_ID") or "-"
    with CALLS.open("a") as calls:
        print(project, environ["REQUEST_METHOD"], environ["PATH_INFO"], *seen, file=calls)
    count_down(project, environ.get("HTTP_X_AUTH_TOKEN"))
    return answer


def count_down(project, token):
    """Revokes the token when it is its turn."""
    file = REVOKE / project
    if not file.exists():
        return
    left = int(file.read_text()) - 1
    if left > 0:
        file.write_text(str(left))
        return
    file.unlink()
    headers = {"X-Auth-Token": token, "X-Subject-Token": token}
    requests.delete(f"{KEYSTONE}/auth/tokens", headers=headers, timeout=30).raise_for_status()
