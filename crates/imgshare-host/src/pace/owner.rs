//! Who a cloud counts calls against.

use imgshare_protocol::{Connect, ProviderName};
use sha2::{Digest as _, Sha256};

/// An owner account, told apart by what it logs in with; the credentials themselves are not kept. A cloud without
/// credentials in the config logs in by the provider's own convention, so all such clouds of a provider are one owner.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Owner([u8; 32]);

impl Owner {
    pub(super) fn of(provider: &ProviderName, connect: &Connect) -> Self {
        let mut digest = Sha256::new();
        let mut add = |text: &str| {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        };
        add(provider.as_str());
        add(connect.endpoint.as_deref().unwrap_or_default());
        for (field, value) in &connect.credentials {
            add(field);
            add(value);
        }
        Self(digest.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(endpoint: Option<&str>, credentials: &[(&str, &str)]) -> Owner {
        let credentials = credentials.iter().map(|(field, value)| ((*field).into(), (*value).into()));
        let connect = Connect {
            endpoint: endpoint.map(Into::into),
            credentials: credentials.collect(),
            ..Connect::default()
        };
        Owner::of(&"acme".into(), &connect)
    }

    #[test]
    fn clouds_with_the_same_login_are_one_owner_whatever_they_are_called() {
        assert!(owner(None, &[("id", "a")]) == owner(None, &[("id", "a")]));
        assert!(owner(None, &[]) == owner(None, &[]));
    }

    #[test]
    fn another_key_profile_or_endpoint_is_another_owner() {
        let one = owner(None, &[("id", "ab"), ("key", "c")]);
        assert!(one != owner(None, &[("id", "a"), ("key", "bc")]));
        assert!(one != owner(Some("http://127.0.0.1:1"), &[("id", "ab"), ("key", "c")]));
        assert!(owner(None, &[("profile", "a")]) != owner(None, &[("profile", "b")]));
    }
}
