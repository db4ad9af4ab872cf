//! What a provider may be called: one word for the key in configs, the folder, the package and the library.

use std::fmt;

use super::files::PROVIDER;
use crate::failure::Failure;

/// The name of a new provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    /// Takes `[a-z][a-z0-9-]*`, unless the crate could not be built under it.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let name = Self(text.to_owned());
        if !is_word(text) {
            return Err(Failure::new(format!("a provider cannot be called {text:?}"))
                .hint("begin with a-z, go on with a-z, 0-9 and single dashes: acme, acme-cloud"));
        }
        if let Some(why) = name.clash() {
            return Err(Failure::new(format!("a provider cannot be called {text}: {why}"))
                .hint(format!("call it {text}-cloud")));
        }
        Ok(name)
    }

    /// `AcmeCloud` for `acme-cloud`.
    pub(super) fn camel(&self) -> String {
        self.0.split('-').map(capitalised).collect()
    }

    /// `acme_cloud`, as cargo writes it in the library's name.
    pub(super) fn snake(&self) -> String {
        self.0.replace('-', "_")
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn clash(&self) -> Option<&'static str> {
        if self.0.starts_with("imgshare") {
            Some("packages of imgshare itself are called so")
        } else if is_used(&self.camel()) {
            Some("something that its code needs is called so")
        } else {
            None
        }
    }
}

/// Whether the provider's code already means something else by this word.
fn is_used(word: &str) -> bool {
    let code = PROVIDER.lines().filter(|line| !line.starts_with("//"));
    let mut words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()));
    word != "Acme" && words.any(|other| other == word)
}

fn is_word(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(is_part)
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_name_is_one_word_in_three_spellings() {
        let name = Name::parse("acme-cloud-2").unwrap_or_else(|failure| panic!("{}", failure.render()));
        assert_eq!(
            (name.as_str(), name.snake().as_str(), name.camel().as_str()),
            ("acme-cloud-2", "acme_cloud_2", "AcmeCloud2")
        );
        assert!(Name::parse("acme").is_ok() && Name::parse("a").is_ok());
    }

    #[test]
    fn what_is_no_word_or_could_not_be_built_is_refused() {
        for text in ["", "Acme", "9lives", "a_b", "-a", "a-", "a--b", "a b", "ä", "../a", "a/b"] {
            assert!(Name::parse(text).is_err(), "{text:?}");
        }
        for text in ["image", "result", "page", "imgshare-sdk", "self", "ok"] {
            let failure = Name::parse(text).expect_err(text).render();
            assert!(failure.contains(&format!("call it {text}-cloud")), "{failure}");
        }
    }
}
