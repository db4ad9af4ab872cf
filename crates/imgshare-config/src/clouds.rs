//! `[clouds.X]`: named logins.

use std::collections::BTreeMap;

use imgshare_protocol::{Cloud, CloudName, ProviderName, Region};

use crate::findings::Findings;
use crate::providers::{Provider, Providers};
use crate::table::{Entry, Table, Word};
use crate::{credentials, endpoint, keys, limits, names, settings};

/// A cloud and what is known about its provider: nothing when the plugin cannot be used.
///
/// What could not be read is empty. A reader of it leaves empty things unjudged, because a problem stands for them.
pub(crate) struct KnownCloud<'p> {
    pub(crate) cloud: Cloud,
    pub(crate) provider: Option<&'p Provider<'p>>,
}

/// All clouds of the file.
pub(crate) type Clouds<'p> = BTreeMap<CloudName, KnownCloud<'p>>;

/// Reads all clouds; there must be one.
pub(crate) fn read<'p>(
    top: &Table<'_>,
    providers: &'p Providers<'p>,
    findings: &mut Findings<'_>,
) -> Clouds<'p> {
    let Some(entry) = top.required("clouds", findings) else { return Clouds::new() };
    let Some(table) = entry.table("[clouds]", findings) else { return Clouds::new() };
    if table.entries().next().is_none() {
        findings.report(entry.span, "the file names no cloud").help("add a table `[clouds.NAME]`".to_owned());
    }
    let clouds = table.entries().filter_map(|entry| {
        let known = cloud(&entry, providers, findings)?;
        Some((known.cloud.name.clone(), known))
    });
    clouds.collect()
}

fn cloud<'p>(
    entry: &Entry<'_>,
    providers: &'p Providers<'p>,
    findings: &mut Findings<'_>,
) -> Option<KnownCloud<'p>> {
    names::check(entry.key, "a cloud", &entry.key_span, findings);
    refuse_key_of_accounts(entry, findings);
    let table = entry.table(format!("[clouds.{}]", entry.key), findings)?.only(&keys::CLOUD, findings);
    let named = table.required("provider", findings).and_then(|entry| entry.word(findings));
    let provider = named.as_ref().and_then(|word| providers.named(word, findings));
    let description = provider.map(|provider| provider.description);
    let name = named.map(|word| ProviderName::from(word.text)).unwrap_or_default();
    refuse_foreign_provider_name(entry, &name, providers, findings);
    let cloud = Cloud {
        name: entry.key.into(),
        provider: name,
        regions: all_regions(&table, findings),
        endpoint: endpoint::read(&table, findings),
        allow_plain_http: endpoint::plain_http_allowed(&table, findings),
        credentials: credentials::read(&table, description, findings),
        limits: limits::read(&table, description, findings),
        settings: settings::read(&table, description, findings),
        place: findings.place(&table.header),
    };
    Some(KnownCloud { cloud, provider })
}

/// A key under an account is a cloud's or a provider's name: a cloud with another provider's name would make it unclear
/// whose id that is.
fn refuse_foreign_provider_name(
    entry: &Entry<'_>,
    provider: &ProviderName,
    providers: &Providers<'_>,
    findings: &mut Findings<'_>,
) {
    if entry.key != provider.as_str() && providers.knows(entry.key) {
        findings
            .report(
                entry.key_span.clone(),
                format!("cloud `{}` has the name of a provider that it is not of", entry.key),
            )
            .help("choose another name for the cloud".to_owned());
    }
}

/// Under an account, it could not be told from the key.
fn refuse_key_of_accounts(entry: &Entry<'_>, findings: &mut Findings<'_>) {
    if keys::ACCOUNT.keys.contains(&entry.key) {
        findings
            .report(entry.key_span.clone(), format!("no cloud can have the name `{}`", entry.key))
            .label("it is a key of [accounts.X]")
            .help("choose another name for the cloud".to_owned());
    }
}

fn all_regions(table: &Table<'_>, findings: &mut Findings<'_>) -> Vec<Region> {
    let Some(entry) = table.required("regions", findings) else { return Vec::new() };
    let words = several(&entry, "region", "name at least one region", findings);
    words.iter().map(|word| Region::from(word.text)).collect()
}

/// The words of this array: at least one, each once.
pub(crate) fn several<'a>(
    entry: &Entry<'a>,
    kind: &str,
    help: &str,
    findings: &mut Findings<'_>,
) -> Vec<Word<'a>> {
    let Some(words) = entry.words(findings) else { return Vec::new() };
    if entry.is_empty_array() {
        findings.report(entry.span.clone(), format!("`{}` is empty", entry.key)).help(help.to_owned());
    }
    each_once(words, kind, findings)
}

/// The words without repetitions, which are reported.
fn each_once<'a>(words: Vec<Word<'a>>, kind: &str, findings: &mut Findings<'_>) -> Vec<Word<'a>> {
    let mut unique: Vec<Word<'a>> = Vec::new();
    for word in words {
        match unique.iter().find(|earlier| earlier.text == word.text) {
            None => unique.push(word),
            Some(earlier) => {
                findings
                    .report(word.span, format!("{kind} `{}` is named twice", word.text))
                    .related(earlier.span.clone(), "first named here");
            }
        }
    }
    unique
}
