//! The case as the file that a user would write.

use std::fmt::Write as _;

use imgshare_testkit::InProcess;

use super::{Case, CloudCase, RuleCase, Select, TEAMS};

impl Case {
    /// The TOML text.
    pub(crate) fn config(&self) -> String {
        let clouds: String = self.clouds.iter().map(cloud).collect();
        let teams: String = (0..TEAMS).map(|team| self.team(team)).collect();
        let rules: String = self.rules.iter().map(|of| self.rule(of)).collect();
        let bound = self.max_removals.map(|bound| format!("max_removals = {bound}\n"));
        format!("{clouds}{teams}[fence]\nonly_known_accounts = true\n{}{rules}", bound.unwrap_or_default())
    }

    fn team(&self, team: u32) -> String {
        let mut text = format!("[accounts.team-{team:02}]\n");
        for cloud in &self.clouds {
            writeln!(text, "{} = {:?}", cloud.kind.name, cloud.kind.account(team)).expect("memory");
        }
        text
    }

    fn rule(&self, rule: &RuleCase) -> String {
        let clouds: Vec<_> = rule.clouds.iter().map(|&at| self.clouds[at].kind.name).collect();
        let with: Vec<_> = rule.accounts.iter().map(|team| format!("team-{team:02}")).collect();
        let regions = rule.regions.as_ref().map(|regions| format!("regions = {regions:?}\n"));
        let copies = rule.copy_from.map(|region| format!("copy_from = {region:?}\n"));
        let mode = if rule.exact { "mode = \"exact\"\n" } else { "" };
        format!(
            "[[share]]\nname = {:?}\nclouds = {clouds:?}\n{}images = {}\nwith = {with:?}\n{}{mode}",
            rule.name,
            regions.unwrap_or_default(),
            images(&rule.select),
            copies.unwrap_or_default(),
        )
    }
}

fn cloud(cloud: &CloudCase) -> String {
    let (kind, regions) = (cloud.kind, cloud.regions.iter().map(|region| region.name).collect::<Vec<_>>());
    let [id, secret] = kind.key;
    let token =
        cloud.temporary.then(|| format!(", {} = \"env:{}_TOKEN\"", kind.token, kind.name.to_uppercase()));
    let per_image = cloud.accounts_per_image.map(|most| format!("accounts_per_image = {most}"));
    let limits = per_image.into_iter().chain(cloud.limits.clone()).collect::<Vec<_>>().join(", ");
    format!(
        "[clouds.{name}]\nprovider = {name:?}\nregions = {regions:?}\nendpoint = {endpoint:?}\n\
         credentials = {{ {id} = \"env:{upper}_ID\", {secret} = \"env:{upper}_SECRET\"{token} }}\nlimits = {{ {limits} }}\n",
        name = kind.name,
        upper = kind.name.to_uppercase(),
        endpoint = InProcess::endpoint(kind.name),
        token = token.unwrap_or_default(),
    )
}

fn images(select: &Select) -> String {
    match select {
        Select::All => "{ all = true }".to_owned(),
        Select::Glob(stem, None) => format!("{{ name = \"{stem}*\" }}"),
        Select::Glob(stem, Some(newest)) => format!("{{ name = \"{stem}*\", newest = {newest} }}"),
        Select::Name(name) => format!("{{ name = {name:?} }}"),
        Select::Picky(picky) => picky.config(),
        Select::Ids(ids) => format!("{{ ids = {ids:?} }}"),
    }
}
