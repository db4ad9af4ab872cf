"""Makes aws-sigv4.json: what the vendor's library signs, with every text on the way, at a fixed time with fake keys.

    pip install botocore==1.44.5
    python generate.py > aws-sigv4.json
"""

import datetime
import json
import urllib.parse

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

FORM = "application/x-www-form-urlencoded; charset=utf-8"


def vector(name, *, host, body="", service="ec2", region="us-east-1", token=None, time=1_700_000_000, method="POST",
           query=(), headers=None, scheme="https"):
    moment = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *args, **kwargs: moment
    keys = Credentials("AKIAFAKEVECTORS00001", "Fake/Secret+Key/For+Vectors00000000000001", token)
    sent = {"content-type": FORM} if headers is None else headers
    url = f"{scheme}://{host}/"
    if query:
        url += "?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote, safe="-_.~")
    request = AWSRequest(method=method, url=url, headers=sent, data=body.encode())
    signer = botocore.auth.SigV4Auth(keys, service, region)
    signer.add_auth(request)
    del request.headers["Authorization"]
    canonical = signer.canonical_request(request)
    to_sign = signer.string_to_sign(request, canonical)
    signature = signer.signature(to_sign, request)
    signer._inject_signature_to_request(request, signature)
    signed = signer.headers_to_sign(request)
    del signed["authorization"]
    return {
        "name": name,
        "inputs": {
            "method": method, "host": host, "path": "/", "query": [list(pair) for pair in query], "headers": sent,
            "body": body, "service": service, "region": region, "timestamp": time,
            "access_key_id": keys.access_key, "secret_access_key": keys.secret_key, "session_token": token,
        },
        "expect": {
            "payload_sha256": signer.payload(request),
            "canonical_request": canonical,
            "string_to_sign": to_sign,
            "signature": signature,
            "authorization": request.headers["Authorization"],
            "signed_headers": {header: value for header, value in sorted(signed.items())},
        },
    }


VECTORS = [
    vector("a-listing", host="ec2.us-east-1.amazonaws.com",
           body="Action=DescribeImages&Version=2016-11-15&Owner.1=self&MaxResults=1000"),
    vector("temporary-keys", host="ec2.eu-central-1.amazonaws.com", region="eu-central-1", token="FAKE//Session+Token==",
           body="Action=DescribeImageAttribute&Version=2016-11-15&Attribute=launchPermission&ImageId=ami-0fake01"),
    vector("the-part-in-china", host="ec2.cn-north-1.amazonaws.com.cn", region="cn-north-1",
           body="Action=ModifyImageAttribute&Version=2016-11-15&ImageId=ami-0fake01&LaunchPermission.Add.1.UserId=012345678901"),
    vector("a-port-is-part-of-the-host", host="127.0.0.1:45678", scheme="http",
           body="Action=DescribeImages&Version=2016-11-15"),
    vector("the-token-service", host="sts.us-gov-west-1.amazonaws.com", service="sts", region="us-gov-west-1",
           body="Action=GetCallerIdentity&Version=2011-06-15"),
    vector("json", host="kms.us-east-1.amazonaws.com", service="kms",
           headers={"content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.DescribeKey"},
           body='{"KeyId":"arn:aws:kms:us-east-1:123456789012:key/fake"}'),
    vector("letters-of-other-scripts", host="ec2.us-east-1.amazonaws.com",
           body="Action=DescribeImages&Version=2016-11-15&Filter.1.Name=name&Filter.1.Value.1=%E9%95%9C%E5%83%8F%20%2A~"),
    vector("no-body-and-a-query", host="ec2.us-east-1.amazonaws.com", method="GET", headers={},
           query=[("Version", "2016-11-15"), ("Action", "DescribeImages"), ("Filter.10.Name", "a b"), ("Filter.1.Name", "~")]),
    vector("white-space-in-a-header", host="ec2.us-east-1.amazonaws.com",
           headers={"content-type": FORM, "x-fake": "  a   b  "}, body="Action=DescribeImages&Version=2016-11-15"),
    vector("the-last-second-of-a-day", host="ec2.us-east-1.amazonaws.com", time=1_735_689_599,
           body="Action=DescribeImages&Version=2016-11-15"),
]

print(json.dumps({"scheme": "AWS4-HMAC-SHA256", "made_with": {"botocore": botocore.__version__}, "vectors": VECTORS},
                 indent=1, ensure_ascii=False))
