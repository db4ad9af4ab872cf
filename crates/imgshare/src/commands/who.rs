//! `imgshare who`

use std::collections::BTreeMap;

use clap::Args;
use imgshare_config::near_miss;
use imgshare_engine::Clouds;
use imgshare_plan::{Actual, ActualImage, SharesRead};
use imgshare_protocol::{AccountId, AccountName, CloudName, ImageRef, Region};
use regex::Regex;

use crate::args::{Files, Form, Format, Sites};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::session::Session;
use crate::signals::{INTERRUPTED, unless_interrupted};
use crate::view::images::Images;
use crate::view::who::{Meaning, Who as View};
use crate::{out, text};

/// Tell which images an account has, or who has an image
///
/// Asks the clouds themselves, in all their regions, whatever the rules say. The word is the name of an account in the
/// config, an account's id, an image's id or an image's exact name; the first of these that fits is meant. Never writes
/// to a cloud. Exits with 0, or with 1 when something could not be read.
#[derive(Debug, Args)]
pub(crate) struct Who {
    /// An account's name or id, or an image's id or exact name
    #[arg(value_name = "ACCOUNT|IMAGE")]
    word: String,

    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    sites: Sites,

    #[command(flatten)]
    files: Files,
}

impl Who {
    pub(crate) async fn run(&self) -> Result<u8, Failure> {
        let session = Session::open_sites(&self.files, &self.sites)?;
        let clouds = session.connect_all().await;
        let asking = Asking { word: &self.word, session: &session, clouds: &clouds };
        let Some(view) = unless_interrupted(asking.answer()).await else { return Ok(INTERRUPTED) };
        let view = view?;
        match self.form.format {
            Format::Json => out::json(&view),
            Format::Text => out::data(&text::images::render_who(&view)),
        }
        Ok(u8::from(!view.unreadable.is_empty()))
    }
}

/// A word, and those who may know it.
struct Asking<'a> {
    word: &'a str,
    session: &'a Session,
    clouds: &'a Clouds,
}

impl Asking<'_> {
    async fn answer(&self) -> Result<View, Failure> {
        let Some(account) = self.named_account().or_else(|| self.account_id()) else {
            return self.image().await;
        };
        let actual = self.list(true).await;
        Ok(View::of_account(self.word, account, self.view(&actual)))
    }

    /// The account of this name in the config.
    fn named_account(&self) -> Option<Meaning> {
        let names = self.session.desired.account_names.iter();
        let ids: BTreeMap<_, _> = names
            .filter(|((cloud, _), name)| name.as_str() == self.word && self.session.scope.has_cloud(cloud))
            .map(|((cloud, id), _)| (cloud.clone(), id.clone()))
            .collect();
        (!ids.is_empty()).then(|| Meaning::Account { name: Some(self.word.into()), ids })
    }

    /// The account with this id, on the clouds whose ids look like it.
    fn account_id(&self) -> Option<Meaning> {
        let clouds: Vec<_> = self.clouds.names().filter(|cloud| self.may_be_account_of(cloud)).collect();
        let id = AccountId::from(self.word);
        let name = clouds.iter().find_map(|cloud| self.session.desired.account_name(cloud, &id).cloned());
        let ids = clouds.into_iter().map(|cloud| (cloud.clone(), id.clone())).collect::<BTreeMap<_, _>>();
        (!ids.is_empty()).then_some(Meaning::Account { name, ids })
    }

    /// Where a provider does not say how its account ids look, only those in the config are taken for one: everything
    /// else may be an image's name.
    fn may_be_account_of(&self, cloud: &CloudName) -> bool {
        let desired = &self.session.desired;
        let provider = desired.clouds.get(cloud).map(|cloud| &cloud.provider);
        let description = provider.and_then(|provider| self.clouds.descriptions().get(provider));
        let pattern = description.map(|description| description.account_id.pattern.as_str());
        match pattern.filter(|pattern| !pattern.is_empty()) {
            Some(pattern) => {
                Regex::new(&format!(r"\A(?:{pattern})\z")).is_ok_and(|form| form.is_match(self.word))
            }
            None => desired.account_name(cloud, &self.word.into()).is_some(),
        }
    }

    /// The images of this id or name. Only their own shares are read.
    async fn image(&self) -> Result<View, Failure> {
        let mut actual = self.list(false).await;
        for ((cloud, region), read) in &mut actual.regions {
            let Ok(images) = read else { continue };
            images.retain(|actual| actual.image.id.as_str() == self.word || actual.image.name == self.word);
            for image in images {
                image.shares = self.shares(cloud, region, image).await;
            }
        }
        let found = self.view(&actual);
        if found.images.is_empty() && found.unreadable.is_empty() {
            return Err(self.unknown());
        }
        Ok(View::of_images(self.word, found))
    }

    async fn shares(&self, cloud: &CloudName, region: &Region, actual: &ActualImage) -> SharesRead {
        let image = ImageRef { region: region.clone(), id: actual.image.id.clone() };
        let read = match self.clouds.provider(cloud) {
            Ok(provider) => provider.read_shares(image).await.result,
            Err(error) => Err(error),
        };
        read.map_or_else(SharesRead::Failed, SharesRead::from)
    }

    async fn list(&self, with_shares: bool) -> Actual {
        let progress = Progress::reading();
        imgshare_engine::list_images(self.session.sites(), self.clouds, with_shares, &progress).await
    }

    fn view(&self, actual: &Actual) -> Images {
        Images::all(&self.session.survey(self.clouds, self.session.now()), actual)
    }

    fn unknown(&self) -> Failure {
        let names = self.session.desired.account_names.values().map(AccountName::as_str);
        let hint = match near_miss(self.word, names) {
            Some(near) => format!("did you mean {near}?"),
            None => "ask for an account of the config, an account id, an image id or an exact image name"
                .to_owned(),
        };
        Failure::new(format!("no account and no image of these clouds is called {}", self.word)).hint(hint)
    }
}
