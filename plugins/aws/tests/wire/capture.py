"""Makes boto3.json: what the vendor's library puts on the wire for each call that the provider makes, at a fixed time with
fake keys, and what it reads in answers. Nothing is sent.

    pip install boto3==1.44.5
    python capture.py > boto3.json
"""

import datetime
import json

import boto3
import botocore.auth
from botocore.awsrequest import AWSResponse
from botocore.config import Config

MOMENT = datetime.datetime.fromtimestamp(1_700_000_000, datetime.timezone.utc)
botocore.auth.get_current_datetime = lambda *args, **kwargs: MOMENT

ORGANIZATION = "arn:aws:organizations::123456789012:organization/o-fakefake01"
UNIT = "arn:aws:organizations::123456789012:ou/o-fakefake01/ou-fake-fakefake"
KEY = "arn:aws:kms:us-east-1:123456789012:key/fake"

IMAGES = """<DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>fake-request</requestId>
<imagesSet>
<item><imageId>ami-0fake01</imageId><imageLocation>123456789012/golden</imageLocation><imageState>available</imageState>
<imageOwnerId>123456789012</imageOwnerId><creationDate>2023-11-14T22:13:20.000Z</creationDate><isPublic>false</isPublic>
<architecture>x86_64</architecture><imageType>machine</imageType><name>golden &lt;1&gt; &amp; more</name>
<rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/sda1</rootDeviceName><blockDeviceMapping>
<item><deviceName>/dev/sda1</deviceName><ebs><snapshotId>snap-0fake01</snapshotId><volumeSize>8</volumeSize>
<deleteOnTermination>true</deleteOnTermination><volumeType>gp3</volumeType><encrypted>false</encrypted></ebs></item>
<item><deviceName>/dev/sdb</deviceName><virtualName>ephemeral0</virtualName></item></blockDeviceMapping>
<tagSet><item><key>team</key><value>data</value></item><item><key>empty</key><value/></item></tagSet></item>
<item><imageId>ami-0fake02</imageId><imageState>disabled</imageState><imageOwnerId>123456789012</imageOwnerId>
<isPublic>true</isPublic><imageType>machine</imageType><name>copy</name><sourceImageId>ami-0fake09</sourceImageId>
<sourceImageRegion>eu-west-1</sourceImageRegion><blockDeviceMapping/><tagSet/></item>
</imagesSet><nextToken>next+/=page</nextToken></DescribeImagesResponse>"""

SHARES = f"""<DescribeImageAttributeResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>fake-request</requestId>
<imageId>ami-0fake01</imageId><launchPermission><item><userId>012345678901</userId></item><item><group>all</group></item>
<item><organizationArn>{ORGANIZATION}</organizationArn></item>
<item><organizationalUnitArn>{UNIT}</organizationalUnitArn></item></launchPermission></DescribeImageAttributeResponse>"""

SNAPSHOT_SHARES = """<DescribeSnapshotAttributeResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
<requestId>fake-request</requestId><snapshotId>snap-0fake01</snapshotId><createVolumePermission>
<item><userId>012345678901</userId></item><item><group>all</group></item></createVolumePermission>
</DescribeSnapshotAttributeResponse>"""

CALLER = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/fake</Arn><UserId>AIDAFAKE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>fake-request</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>"""


def assumed(action):
    return f"""<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>
<AccessKeyId>ASIAFAKEROLE</AccessKeyId><SecretAccessKey>FakeKeyOfTheRole</SecretAccessKey>
<SessionToken>FAKETOKENROLE</SessionToken><Expiration>2023-11-14T23:13:20Z</Expiration></Credentials></{action}Result>
<ResponseMetadata><RequestId>fake-request</RequestId></ResponseMetadata></{action}Response>"""


class Raw:
    """The body of an answer."""

    def __init__(self, text):
        self.text = text.encode()

    def stream(self, *args, **kwargs):
        yield self.text


def exchange(name, service, call, reply="<R/>", region="us-east-1", token=None, fips=False, **parameters):
    client = boto3.client(
        service, region_name=region, aws_access_key_id="AKIAFAKEWIRE", aws_secret_access_key="FakeWireSecret",
        aws_session_token=token, config=Config(use_fips_endpoint=fips))
    sent = {}

    def answer(request, **kwargs):
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        headers = {key.lower(): value.decode() if isinstance(value, bytes) else value
                   for key, value in request.headers.items()}
        ours = ["content-type", "x-amz-date", "x-amz-security-token", "x-amz-target", "authorization"]
        sent.update(method=request.method, url=request.url, body=body,
                    headers={key: headers[key] for key in ours if key in headers})
        return AWSResponse(request.url, 200, {}, Raw(reply))

    client.meta.events.register(f"before-send.{service}.{call}", answer)
    method = "".join(("_" + letter.lower()) if letter.isupper() else letter for letter in call).lstrip("_")
    parsed = getattr(client, method)(**parameters)
    parsed.pop("ResponseMetadata", None)
    return {"name": name, "request": sent, "reply": reply, "read": parsed}


LIST = dict(Owners=["self"], IncludeDeprecated=True, IncludeDisabled=True, MaxResults=1000)
EXCHANGES = [
    exchange("list", "ec2", "DescribeImages", IMAGES, **LIST),
    exchange("list-next-page", "ec2", "DescribeImages", IMAGES, NextToken="next+/=page", **LIST),
    exchange("list-narrowed", "ec2", "DescribeImages", IMAGES, Filters=[
        {"Name": "image-id", "Values": ["ami-0fake01", "ami-0fake02"]}, {"Name": "name", "Values": ["golden <1> & more"]},
        {"Name": "tag:team", "Values": ["数据"]}], **LIST),
    exchange("read-shares", "ec2", "DescribeImageAttribute", SHARES, Attribute="launchPermission", ImageId="ami-0fake01"),
    exchange("read-shares-with-token", "ec2", "DescribeImageAttribute", SHARES, token="FAKE//Session+Token==",
             Attribute="launchPermission", ImageId="ami-0fake01"),
    exchange("read-shares-in-china", "ec2", "DescribeImageAttribute", SHARES, region="cn-north-1",
             Attribute="launchPermission", ImageId="ami-0fake01"),
    exchange("read-shares-of-the-government", "ec2", "DescribeImageAttribute", SHARES, region="us-gov-west-1", fips=True,
             Attribute="launchPermission", ImageId="ami-0fake01"),
    exchange("read-shares-in-europes-own", "ec2", "DescribeImageAttribute", SHARES, region="eusc-de-east-1",
             Attribute="launchPermission", ImageId="ami-0fake01"),
    exchange("read-shares-fips", "ec2", "DescribeImageAttribute", SHARES, region="us-east-1", fips=True,
             Attribute="launchPermission", ImageId="ami-0fake01"),
    exchange("change-shares", "ec2", "ModifyImageAttribute", ImageId="ami-0fake01", LaunchPermission={
        "Add": [{"UserId": "012345678901"}, {"OrganizationArn": ORGANIZATION}, {"OrganizationalUnitArn": UNIT}],
        "Remove": [{"UserId": "109876543210"}]}),
    exchange("read-snapshot-shares", "ec2", "DescribeSnapshotAttribute", SNAPSHOT_SHARES,
             Attribute="createVolumePermission", SnapshotId="snap-0fake01"),
    exchange("add-to-snapshot", "ec2", "ModifySnapshotAttribute", SnapshotId="snap-0fake01",
             Attribute="createVolumePermission", OperationType="add", UserIds=["012345678901", "109876543210"]),
    exchange("remove-from-snapshot", "ec2", "ModifySnapshotAttribute", SnapshotId="snap-0fake01",
             Attribute="createVolumePermission", OperationType="remove", UserIds=["012345678901"]),
    exchange("copy", "ec2", "CopyImage", "<CopyImageResponse><imageId>ami-0copy</imageId></CopyImageResponse>",
             region="eu-west-1", SourceRegion="us-east-1", SourceImageId="ami-0fake01", Name="golden", Encrypted=True,
             KmsKeyId="alias/fake", CopyImageTags=True, ClientToken="TOKEN", TagSpecifications=[
                 {"ResourceType": "image", "Tags": [{"Key": "imgshare-source", "Value": "us-east-1/ami-0fake01"}]}]),
    exchange("received", "ec2", "DescribeImages", IMAGES, ExecutableUsers=["self"], IncludeDeprecated=True,
             IncludeDisabled=True, MaxResults=1000, Filters=[{"Name": "image-id", "Values": ["ami-0fake01"]}]),
    exchange("caller", "sts", "GetCallerIdentity", CALLER),
    exchange("snapshot-keys", "ec2", "DescribeSnapshots", MaxResults=1000,
             Filters=[{"Name": "snapshot-id", "Values": ["snap-0fake01"]}]),
    exchange("key", "kms", "DescribeKey", "{}", KeyId=KEY),
    exchange("assume-role", "sts", "AssumeRole", assumed("AssumeRole"), RoleArn="arn:aws:iam::123456789012:role/fake", RoleSessionName="me",
             DurationSeconds=900, ExternalId="fake-id"),
    exchange("assume-role-with-token", "sts", "AssumeRoleWithWebIdentity", assumed("AssumeRoleWithWebIdentity"), RoleSessionName="imgshare",
             RoleArn="arn:aws:iam::123456789012:role/fake", WebIdentityToken="FAKE.OIDC.TOKEN"),
]

print(json.dumps({"scheme": "wire capture", "made_with": {"boto3": boto3.__version__}, "exchanges": EXCHANGES},
                 indent=1, ensure_ascii=False, default=str))
