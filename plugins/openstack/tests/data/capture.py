"""Captures what the reference client sends: writes wire-openstack.json beside this file.

    pip install openstacksdk==4.22.0
    python capture.py

Everything is on loopback, and all logins are made up. The answers are stubs: just enough for the client to go on.
"""

import http.server
import json
import pathlib
import threading
from importlib import metadata

import openstack

PROJECT = "0a0a0c3ba9e84d6f8b2a7c9e0d414243"
RECEIVER = "5f1d0c3ba9e84d6f8b2a7c9e0d414243"
IMAGE = "9a1d0c3b-a9e8-4d6f-8b2a-7c9e0d414243"
KEPT = {"content-type", "x-auth-token", "accept"}
SEEN = []


class Cloud(http.server.BaseHTTPRequestHandler):
    """Keystone and Glance on one port."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        SEEN.append({
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items() if name.lower() in KEPT},
            "body": json.loads(body) if body else None,
        })
        status, answer, headers = self.answer()
        text = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

    def answer(self):
        host = f"http://{self.headers['Host']}"
        path = self.path.split("?")[0]
        member = {"member_id": RECEIVER, "image_id": IMAGE, "status": "pending"}
        image = {"id": IMAGE, "name": "golden", "status": "active", "visibility": "private", "owner": PROJECT}
        if path.endswith("/v3/auth/tokens"):
            endpoint = {"interface": "public", "region_id": "RegionOne", "region": "RegionOne", "url": f"{host}/image"}
            token = {"methods": ["password"], "issued_at": "2026-11-22T19:00:00.000000Z",
                     "expires_at": "2036-11-22T20:00:00.000000Z", "project": {"id": PROJECT, "name": "images"},
                     "catalog": [{"type": "image", "name": "glance", "endpoints": [endpoint]}]}
            return 201, {"token": token}, {"X-Subject-Token": "FAKE-TOKEN"}
        if path.rstrip("/").endswith("/v3"):
            version = {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": f"{host}/identity/v3/"}]}
            return 200, {"version": version}, {}
        if path.rstrip("/") in ["/image", "/image/v2"]:
            version = {"id": "v2.15", "status": "CURRENT", "links": [{"rel": "self", "href": f"{host}/image/v2/"}]}
            return 300, {"versions": [version]}, {}
        if "/members" in path:
            if self.command == "DELETE":
                return 204, None, {}
            return 200, {"members": [member]} if self.command == "GET" else member, {}
        if "marker=" in self.path:
            return 200, {"images": []}, {}
        return 200, {"images": [image]} if path.endswith("/images") else image, {}


def captured(auth, auth_type, act):
    """The requests of one act that are no discovery of versions."""
    SEEN.clear()
    cloud = openstack.connect(load_yaml_config=False, load_envvars=False, auth=auth, auth_type=auth_type,
                              region_name="RegionOne")
    act(cloud)
    kept = [request for request in SEEN if "/auth/tokens" in request["path"] or "/images" in request["path"]]
    return json.loads(json.dumps(kept))


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cloud)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = {"auth_url": f"http://127.0.0.1:{server.server_port}/identity/v3"}
    names = {"username": "me", "password": "FAKE-PASSWORD", "project_name": "images",
             "user_domain_name": "People", "project_domain_id": "default"}
    ids = {"user_id": "u-1", "password": "FAKE-PASSWORD", "project_id": PROJECT}
    credential = {"application_credential_id": "a-1", "application_credential_secret": "FAKE-SECRET"}
    named = {"application_credential_name": "ci", "application_credential_secret": "FAKE-SECRET",
             "username": "me", "user_domain_id": "default"}
    token = {"token": "FAKE-OLD-TOKEN", "project_id": PROJECT}
    logins = [("password by names", "password", names), ("password by ids", "password", ids),
              ("application credential by id", "v3applicationcredential", credential),
              ("application credential by name", "v3applicationcredential", named), ("token", "token", token)]
    acts = [
        ("list", lambda cloud: list(cloud.image.images(owner=PROJECT, limit=1000))),
        ("members", lambda cloud: list(cloud.image.members(IMAGE))),
        ("add", lambda cloud: cloud.image.add_member(IMAGE, member_id=RECEIVER)),
        ("remove", lambda cloud: cloud.image.remove_member(RECEIVER, IMAGE)),
        ("accept", lambda cloud: cloud.image.update_member(PROJECT, IMAGE, status="accepted")),
        ("prepare", lambda cloud: cloud.image.update_image(IMAGE, visibility="shared")),
        ("received", lambda cloud: list(cloud.image.images(visibility="shared", member_status="pending"))),
    ]
    found = {"client": f"openstacksdk {metadata.version('openstacksdk')}", "logins": [], "calls": {}}
    for name, auth_type, auth in logins:
        requests = captured({**at, **auth}, auth_type, lambda cloud: cloud.authorize())
        found["logins"].append({"name": name, "fields": auth, "request": requests[0]})
    for name, act in acts:
        found["calls"][name] = captured({**at, **names}, "password", act)[1:]
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    (pathlib.Path(__file__).parent / "wire-openstack.json").write_text(text)


if __name__ == "__main__":
    main()
