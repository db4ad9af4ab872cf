"""Serves Keystone and Glance on loopback, out of one folder, until stdin is closed.

    serve.py FOLDER

Prints one line when both answer: {"env": {NAME: VALUE}}, what the tests need to know. What the servers say goes to
files in FOLDER; the end of such a file is shown when a server does not start.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import openstack
import requests

HERE = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(sys.executable).parent
REGION = "RegionOne"
ADMIN = {"username": "admin", "password": "fake-admin-password", "project_name": "admin",
         "user_domain_name": "Default", "project_domain_name": "Default"}
SERVICE_PASSWORD = "fake-service-password"
# Starting takes some fifteen seconds; this is when a person would give up.
START_SECONDS_MAX = 120
LOG_LINES_SHOWN = 40

KEYSTONE = """
[database]
connection = sqlite:///{folder}/keystone.sqlite
[fernet_tokens]
key_repository = {folder}/keys
[fernet_receipts]
key_repository = {folder}/keys
[identity]
# The least that bcrypt takes: nobody attacks these passwords, and every login would cost much time.
password_hash_rounds = 4
[cache]
# Without it every call takes most of a second. There is one process, so what is revoked is revoked at once all the same.
enabled = true
backend = oslo_cache.dict
"""

GLANCE = """
[DEFAULT]
enabled_backends = files:file
[database]
connection = sqlite:///{folder}/glance.sqlite
[glance_store]
default_backend = files
[files]
filesystem_store_datadir = {folder}/images
[os_glance_staging_store]
filesystem_store_datadir = {folder}/staging
[os_glance_tasks_store]
filesystem_store_datadir = {folder}/tasks
[paste_deploy]
flavor = keystone
config_file = {paste}
[keystone_authtoken]
auth_type = password
auth_url = {keystone}
www_authenticate_uri = {keystone}
username = glance
password = {password}
project_name = service
user_domain_name = Default
project_domain_name = Default
# Each call asks Keystone anew, for what is revoked here would live on for minutes.
token_cache_time = -1
"""

# A file, for Keystone reads the command line as its own. One request at a time, since sqlite refuses concurrent
# writers and Glance answers 500 then. This sort of worker polls its connections meanwhile, so that an idle one blocks
# nobody.
GUNICORN = """
wsgi_app = "{application}"
bind = "fd://{fd}"
worker_class = "gthread"
threads = 1
keepalive = 75
timeout = 0
control_socket_disable = True
accesslog = "-"
access_log_format = '%(m)s %(U)s %(s)s %(L)s s'
"""


class Failure(Exception):
    """Why the servers cannot be used."""


def tail(log):
    """The end of what a program has said."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-LOG_LINES_SHOWN:])


def run(words, log):
    """Runs a program to its end."""
    with log.open("ab") as said:
        code = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said).returncode
    if code != 0:
        raise Failure(f"{words[0]} ended with {code}:\n{tail(log)}")


class Server:
    """A WSGI application, served by a process of its own on a port that the system chooses."""

    def __init__(self, name, folder):
        self.log = folder / f"{name}.log"
        # Bound here and inherited: nobody else can take the port, and who connects early waits.
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(128)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.process = None

    def start(self, application, variables):
        """Starts it with these variables besides our own."""
        folder = self.log.with_suffix("")
        folder.mkdir()
        (folder / "gunicorn.conf.py").write_text(GUNICORN.format(application=application, fd=self.socket.fileno()))
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn"], cwd=folder, env={**os.environ, **variables},
                stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                pass_fds=[self.socket.fileno()], start_new_session=True)
        self.socket.close()

    def wait(self, path, deadline):
        """Until it answers. An early connection waits in the queue of the socket: nothing is tried twice."""
        try:
            while True:
                try:
                    return requests.get(self.url + path, timeout=1)
                except requests.Timeout:
                    self.check(deadline)
        except requests.ConnectionError as error:
            raise Failure(f"{self.log.stem} does not answer: {error}\n{tail(self.log)}") from error

    def check(self, deadline):
        """That it may still be starting."""
        if self.process.poll() is not None:
            raise Failure(f"{self.log.stem} ended with {self.process.returncode}:\n{tail(self.log)}")
        if time.monotonic() > deadline:
            raise Failure(f"{self.log.stem} does not answer in {START_SECONDS_MAX} s:\n{tail(self.log)}")

    def stop(self):
        """With its workers."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()


def prepare(folder, keystone, glance):
    """Config files and data bases."""
    for name in ["keys", "images", "staging", "tasks", "revoke"]:
        (folder / name).mkdir(mode=0o700)
    paste = BIN.parent / "etc" / "glance" / "glance-api-paste.ini"
    config = folder / "keystone.conf"
    config.write_text(KEYSTONE.format(folder=folder))
    (folder / "glance-api.conf").write_text(
        GLANCE.format(folder=folder, paste=paste, keystone=keystone.url + "/v3", password=SERVICE_PASSWORD))
    log = folder / "setup.log"
    manage = [BIN / "keystone-manage", "--config-file", config]
    run([*manage, "db_sync"], log)
    run([*manage, "fernet_setup", "--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())], log)
    run([*manage, "bootstrap", "--bootstrap-username", ADMIN["username"], "--bootstrap-password", ADMIN["password"],
         "--bootstrap-region-id", REGION, "--bootstrap-public-url", keystone.url + "/v3",
         "--bootstrap-internal-url", keystone.url + "/v3"], log)
    run([BIN / "glance-manage", "--config-file", folder / "glance-api.conf", "db_sync"], log)


def register(keystone, glance):
    """Glance's own user, and its place in the catalogue."""
    cloud = openstack.connect(auth={**ADMIN, "auth_url": keystone.url + "/v3"}, region_name=REGION)
    service = cloud.identity.create_project(name="service", domain_id="default")
    user = cloud.identity.create_user(name="glance", password=SERVICE_PASSWORD, domain_id="default")
    role = cloud.identity.find_role("admin")
    cloud.identity.assign_project_role_to_user(service, user, role)
    image = cloud.identity.create_service(name="glance", type="image")
    for interface in ["public", "internal"]:
        cloud.identity.create_endpoint(service_id=image.id, interface=interface, url=glance.url, region_id=REGION)


def serve(folder, servers):
    """Starts everything and says where it is."""
    deadline = time.monotonic() + START_SECONDS_MAX
    keystone, glance = Server("keystone", folder), Server("glance", folder)
    servers += [keystone, glance]
    prepare(folder, keystone, glance)
    watch = {"WATCH_FOLDER": str(folder), "WATCH_KEYSTONE": keystone.url + "/v3", "PYTHONPATH": str(HERE)}
    keystone.start("keystone.wsgi.api:application", {"OS_KEYSTONE_CONFIG_DIR": str(folder)})
    glance.start("glance_app:application", {"OS_GLANCE_CONFIG_DIR": str(folder), **watch})
    keystone.wait("/v3", deadline)
    register(keystone, glance)
    glance.wait("/versions", deadline)
    return {
        "OPENSTACK_REGION": REGION,
        "OPENSTACK_ADMIN": json.dumps({**ADMIN, "auth_url": keystone.url + "/v3"}),
        "OPENSTACK_CALLS": str(folder / "calls"),
        "OPENSTACK_REVOKE": str(folder / "revoke"),
        "OPENSTACK_CLIENT": json.dumps([sys.executable, str(HERE / "client.py")]),
    }


def main():
    """Until stdin is closed, which the end of whoever started this does too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    servers = []
    try:
        env = serve(pathlib.Path(sys.argv[1]).resolve(), servers)
        print(json.dumps({"env": env}), flush=True)
        sys.stdin.read()
    except KeyboardInterrupt:
        pass
    except Failure as failure:
        sys.exit(f"error: {failure}")
    finally:
        for server in servers:
            server.stop()


if __name__ == "__main__":
    main()
