//! A cloud in the words of the wire, whose answers are chosen by the test.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use imgshare_sdk::{Connect, ImageRef};
use imgshare_testkit::{Answer, FakeWorld, HttpRequest, Plugin, Provider, Script};

use crate::form::Form;

/// What becomes of a call with a bad account in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadAccount {
    SpoilsTheCall,
    OthersAreDone,
}

/// Something that is shared, and with whom.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    has: Arc<Mutex<BTreeSet<String>>>,
}

impl Shared {
    pub(crate) fn with(accounts: impl IntoIterator<Item = String>) -> Self {
        Self { has: Arc::new(Mutex::new(accounts.into_iter().collect())) }
    }

    pub(crate) fn accounts(&self) -> BTreeSet<String> {
        self.has.lock().unwrap().clone()
    }

    /// The cloud, of an image and of a snapshot alike. Accounts that begin with 9 are bad.
    pub(crate) fn cloud(&self, bad: BadAccount) -> Arc<Script> {
        let has = self.has.clone();
        Script::by(move |request| {
            let (mut has, form) = (has.lock().unwrap(), Form::of(&request.body));
            match form.text("Action") {
                action @ ("ModifyImageAttribute" | "ModifySnapshotAttribute") => {
                    let (add, remove) = changes(&form);
                    let refused = |account: &&&str| account.starts_with('9');
                    let is_spoilt = add.iter().chain(&remove).any(|account| refused(&account));
                    let is_done =
                        |account: &&&str| !is_spoilt || bad == BadAccount::OthersAreDone && !refused(account);
                    has.extend(add.iter().filter(is_done).map(|account| (*account).to_owned()));
                    has.retain(|account| !remove.iter().filter(is_done).any(|gone| gone == account));
                    if is_spoilt {
                        refuse("InvalidAMIAttributeItemValue")
                    } else {
                        done(action, "<return>true</return>")
                    }
                }
                action => done(action, &grants(&has)),
            }
        })
    }
}

/// Those to add, and those to remove.
fn changes(form: &Form) -> (Vec<&str>, Vec<&str>) {
    match form.get("OperationType") {
        Some("add") => (form.list("UserId"), Vec::new()),
        Some(_) => (Vec::new(), form.list("UserId")),
        None => {
            let members = ["UserId", "OrganizationArn", "OrganizationalUnitArn"];
            let list = |list| form.members(&format!("LaunchPermission.{list}"), &members);
            (list("Add"), list("Remove"))
        }
    }
}

/// Who has an image and a snapshot.
fn grants(has: &BTreeSet<String>) -> String {
    let items: String =
        has.iter().map(|account| format!("<item><userId>{account}</userId></item>")).collect();
    format!(
        "<imageId>ami-0fake01</imageId><launchPermission>{items}</launchPermission><snapshotId>snap-1</snapshotId>\
         <createVolumePermission>{items}</createVolumePermission>"
    )
}

/// An answer to this action, with this in it.
pub(crate) fn done(action: &str, content: &str) -> Answer {
    Answer::ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{action}Response \
         xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>fake-request</requestId>{content}</{action}Response>"
    ))
}

/// An answer with this error.
pub(crate) fn refuse(code: &str) -> Answer {
    refuse_with(400, code, "No.")
}

pub(crate) fn refuse_with(status: u16, code: &str, message: &str) -> Answer {
    Answer::status(
        status,
        format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>\
             <RequestID>fake-refusal</RequestID></Response>"
        ),
    )
}

/// A page of images with these ids; `next` names the one behind it.
pub(crate) fn images(ids: &[&str], next: Option<&str>) -> Answer {
    let item = |id: &&str| {
        format!(
            "<item><imageId>{id}</imageId><imageState>available</imageState><name>golden</name>\
             <imageType>machine</imageType></item>"
        )
    };
    let items: String = ids.iter().map(item).collect();
    let next = next.map(|next| format!("<nextToken>{next}</nextToken>")).unwrap_or_default();
    done("DescribeImages", &format!("<imagesSet>{items}</imagesSet>{next}"))
}

pub(crate) fn no_shares() -> Answer {
    done("DescribeImageAttribute", "<imageId>ami-0fake01</imageId><launchPermission/>")
}

/// The value of this header; empty when there is none.
pub(crate) fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

pub(crate) fn form(request: &HttpRequest) -> Form {
    Form::of(&request.body)
}

/// The calls' actions, in order; of the service that speaks JSON its target.
pub(crate) fn actions(cloud: &Script) -> Vec<String> {
    let action = |request: &HttpRequest| match header(request, "x-amz-target") {
        "" => form(request).text("Action").to_owned(),
        target => target.to_owned(),
    };
    cloud.requests().iter().map(action).collect()
}

/// Whose key signed this request.
pub(crate) fn signer(request: &HttpRequest) -> &str {
    let credential = header(request, "authorization").split("Credential=").nth(1);
    credential.and_then(|rest| rest.split('/').next()).unwrap_or("nobody")
}

/// The built library, loaded once for all tests: it has no state of its own.
pub(crate) fn plugin() -> &'static Plugin {
    static PLUGIN: LazyLock<Plugin> = LazyLock::new(|| imgshare_testkit::load("aws"));
    &PLUGIN
}

/// The provider, in this world before this cloud.
pub(crate) fn connect(cloud: &Arc<Script>, world: FakeWorld, config: &Connect) -> Provider {
    imgshare_testkit::host(cloud, &Arc::new(world)).connect(plugin(), config, false).unwrap()
}

/// The provider with keys in its config, where waiting takes no time.
pub(crate) fn aws(cloud: &Arc<Script>) -> Provider {
    connect(cloud, FakeWorld::default().with_virtual_time(), &with_keys())
}

pub(crate) fn image() -> ImageRef {
    ImageRef { region: "us-east-1".into(), id: "ami-0fake01".into() }
}

/// A cloud whose keys are in the config.
pub(crate) fn with_keys() -> Connect {
    with_credentials(&[("access_key_id", "AKIAFAKECONFIG"), ("secret_access_key", "FakeKeyOfTheConfig")])
}

pub(crate) fn with_credentials(fields: &[(&str, &str)]) -> Connect {
    let credentials: BTreeMap<_, _> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Connect { cloud: "fake".into(), credentials, ..Connect::default() }
}
