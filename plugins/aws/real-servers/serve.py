"""Serves moto, which checks signatures and rights, and MiniStack on loopback, until stdin is closed.

    serve.py FOLDER

Prints one line when both answer: {"env": {NAME: VALUE}}, what the tests need to know. What the servers say goes to
files in FOLDER; the end of such a file is shown when a server does not start.
"""

import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

# The images of Amazon that moto would have of itself take long to load. Read when moto is.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

import boto3
import botocore.exceptions
import requests
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

HERE = pathlib.Path(__file__).resolve().parent
REGION = "us-east-1"
# One for each test that writes, for they run side by side.
OWNERS = [f"1111222233{number:02}" for number in range(1, 13)]
# What an owner's user may do: what README.md of the plugin asks for, and no more.
RIGHTS = [
    "ec2:DescribeImages", "ec2:DescribeImageAttribute", "ec2:ModifyImageAttribute", "ec2:CopyImage", "ec2:CreateTags",
    "ec2:DescribeSnapshots", "ec2:DescribeSnapshotAttribute", "ec2:ModifySnapshotAttribute",
]
MAY_ONLY_READ = [right for right in RIGHTS if right.startswith("ec2:Describe")]
# Starting takes some seconds; this is when a person would give up.
START_SECONDS_MAX = 120
LOG_LINES_SHOWN = 40


class Failure(Exception):
    """Why the servers cannot be used."""


class Moto:
    """In this process. A line `KEY REGION ACTION` of each call goes to the file `calls`."""

    def __init__(self, folder):
        self.calls = (folder / "calls").open("a")
        self.application = DomainDispatcherApplication(create_backend_app)
        sys.stderr = (folder / "moto.log").open("a", buffering=1)
        server = make_server("127.0.0.1", 0, self.note, threaded=True, request_handler=MotoRequestHandler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def note(self, environ, start_response):
        """Writes the line and passes the call on."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        _, _, scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")
        key, _, region, *_ = [*scope.split("/"), "-", "-", "-"]
        action = urllib.parse.parse_qs(body.decode(errors="replace")).get("Action", ["-"])[0]
        print(key or "-", region, action, file=self.calls, flush=True)
        return self.application(environ, start_response)

    def client(self, service, account):
        """A client of somebody in this account, as long as nobody checks who it is."""
        client = boto3.client(service, endpoint_url=self.url, region_name=REGION, aws_access_key_id="FAKE",
                              aws_secret_access_key="fake")
        client.meta.events.register(
            "before-sign.*.*", lambda request, **_: request.headers.add_header("x-moto-account-id", account))
        return client

    def check_from_now_on(self):
        """Signatures and rights."""
        requests.post(f"{self.url}/moto-api/reset-auth", data="0", timeout=10).raise_for_status()
        try:
            self.client("ec2", OWNERS[0]).describe_images()
        except botocore.exceptions.ClientError:
            return
        raise Failure("moto lets anybody in: it does not check signatures")


class MiniStack:
    """In a process of its own, on a port that the system has chosen. An access key is the account that it is of."""

    def __init__(self, folder):
        self.log = folder / "ministack.log"
        self.process = None
        # Bound here and inherited: nobody else can take the port, and who connects early waits.
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(128)
            port = listener.getsockname()[1]
            self.start(folder, listener.fileno(), port)
        self.url = f"http://127.0.0.1:{port}"

    def start(self, folder, fd, port):
        """Only what is needed, and no other port."""
        variables = {"SERVICES": "ec2,sts", "GATEWAY_PORT": str(port), "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0",
                     "TMPDIR": str(folder)}
        words = [sys.executable, "-m", "hypercorn", "ministack.app:app", "--bind", f"fd://{fd}"]
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(words, cwd=folder, env={**os.environ, **variables}, pass_fds=[fd],
                                            stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)

    def wait(self, deadline):
        """Until it answers. A connection that is early waits in the queue of the socket."""
        while True:
            try:
                return requests.get(f"{self.url}/_ministack/health", timeout=1).raise_for_status()
            except requests.Timeout as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise Failure(f"MiniStack does not answer: {error}\n{self.tail()}") from error
            except requests.RequestException as error:
                raise Failure(f"MiniStack cannot be used: {error}\n{self.tail()}") from error

    def tail(self):
        """The end of what it has said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:])

    def stop(self):
        """With whatever it has started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def policy(actions, **more):
    """A policy's text."""
    statement = {"Effect": "Allow", "Action": actions, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def key_of_new_user(iam, name, actions):
    """A user who may do this, and the keys."""
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=policy(actions, Resource="*"))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


def owner(moto, account):
    """An account with its users, and the role that one of them may take."""
    iam = moto.client("iam", account)
    role = iam.create_role(RoleName="sharer", AssumeRolePolicyDocument=policy("sts:AssumeRole", Principal={"AWS": "*"}))
    iam.put_role_policy(RoleName="sharer", PolicyName="rights", PolicyDocument=policy(RIGHTS, Resource="*"))
    return {
        "account": account,
        "admin": key_of_new_user(iam, "admin", "*"),
        "sharer": key_of_new_user(iam, "sharer", RIGHTS),
        "reader": key_of_new_user(iam, "reader", MAY_ONLY_READ),
        "role_taker": key_of_new_user(iam, "role-taker", "sts:AssumeRole"),
        "role": role["Role"]["Arn"],
    }


def main():
    """Until stdin is closed, which the end of whoever started this does too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = pathlib.Path(sys.argv[1]).resolve()
    deadline = time.monotonic() + START_SECONDS_MAX
    stderr = sys.stderr
    ministack = MiniStack(folder)
    try:
        moto = Moto(folder)
        owners = [owner(moto, account) for account in OWNERS]
        moto.check_from_now_on()
        ministack.wait(deadline)
        env = {"MOTO_URL": moto.url, "MOTO_REGION": REGION, "MOTO_OWNERS": json.dumps(owners),
               "MOTO_CALLS": moto.calls.name, "MINISTACK_URL": ministack.url,
               "AWS_CLIENT": json.dumps([sys.executable, str(HERE / "client.py")])}
        print(json.dumps({"env": env}), flush=True)
        sys.stdin.read()
    except KeyboardInterrupt:
        pass
    except Failure as failure:
        print(f"error: {failure}", file=stderr)
        sys.exit(1)
    finally:
        ministack.stop()


if __name__ == "__main__":
    main()
