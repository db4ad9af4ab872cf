"""The reference client, boto3: makes calls with it and prints what it reads.

each line of stdin:  [[LOGIN, SERVICE, METHOD, {ARGUMENT: VALUE}], ...]; LOGIN: {"url", "region", "key", "secret", "token"?}
each line of stdout: [RESULT, ...]; a call that fails is {"error": CODE, "message": TEXT}

One more METHOD of the service ec2, launch_permissions, reads those of all own images: {NAME: [PERMISSION, ...]}.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError

CLIENTS = {}


def client(login, service):
    """One for each login."""
    name = json.dumps([login, service])
    if name not in CLIENTS:
        CLIENTS[name] = boto3.client(
            service, endpoint_url=login["url"], region_name=login["region"], aws_access_key_id=login["key"],
            aws_secret_access_key=login["secret"], aws_session_token=login.get("token"))
    return CLIENTS[name]


def launch_permissions(ec2):
    """Who has each of the caller's own images."""
    images = ec2.describe_images(Owners=["self"])["Images"]
    return {image["Name"]: permissions(ec2, image["ImageId"]) for image in images}


def permissions(ec2, image):
    """Who has it."""
    return ec2.describe_image_attribute(ImageId=image, Attribute="launchPermission")["LaunchPermissions"]


def call(login, service, method, arguments):
    """Makes one call."""
    try:
        if method == "launch_permissions":
            return launch_permissions(client(login, service))
        result = getattr(client(login, service), method)(**arguments)
    except ClientError as error:
        return {"error": error.response["Error"]["Code"], "message": str(error)}
    result.pop("ResponseMetadata", None)
    return result


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps([call(*one) for one in json.loads(line)], default=str), flush=True)
