"""The reference client, openstacksdk: makes calls with it and prints what it reads.

each line of stdin:  [[LOGIN, METHOD, {ARGUMENT: VALUE}], ...]; LOGIN: the `auth` of a clouds.yaml; METHOD: like "image.members"
each line of stdout: [RESULT, ...]; a call that fails is {"error": STATUS, "message": TEXT}
"""

import json
import operator
import sys
import types

import openstack
from openstack.exceptions import HttpException
from openstack.resource import Resource

CLOUDS = {}


def cloud(login):
    """One connection for each login."""
    key = json.dumps(login)
    if key not in CLOUDS:
        method = "v3applicationcredential" if "application_credential_id" in login else "password"
        CLOUDS[key] = openstack.connect(auth=login, auth_type=method, region_name="RegionOne")
    return CLOUDS[key]


def plain(result):
    """As JSON has it."""
    if isinstance(result, Resource):
        return result.to_dict(computed=False, original_names=True)
    if isinstance(result, (list, types.GeneratorType)):
        return [plain(item) for item in result]
    return result


def call(login, method, arguments):
    """Makes one call."""
    try:
        return plain(operator.attrgetter(method)(cloud(login))(**arguments))
    except HttpException as error:
        return {"error": error.status_code, "message": str(error)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps([call(*one) for one in json.loads(line)], default=str), flush=True)
