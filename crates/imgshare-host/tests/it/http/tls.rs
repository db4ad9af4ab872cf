//! Whom the client trusts: the system's certificates, and those of a file if there is one.

use std::sync::Arc;

use imgshare_host::http::{Client, ClientOptions, Transport as _};
use imgshare_protocol::ErrorKind;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::get;
use super::server::{Reaction, Server, response};

/// A certificate authority that was made a moment ago, and a server with a certificate of its.
struct Private {
    ca_pem: String,
    server: Server,
}

async fn private() -> Private {
    let mut params = CertificateParams::new([]).expect("no names are fine names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key can be made");
    let ca_pem = params.self_signed(&key).expect("an authority signs itself").pem();
    let acceptor = acceptor(&Issuer::new(params, key));
    let reaction = Reaction::Write(response("200 OK", "", "private"));
    Private { ca_pem, server: Server::start_with_tls(reaction, Some(acceptor)).await }
}

fn acceptor(issuer: &Issuer<'_, KeyPair>) -> TlsAcceptor {
    let key = KeyPair::generate().expect("a key can be made");
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).expect("an address is a fine name");
    let certificate = params.signed_by(&key, issuer).expect("the authority signs");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key that was made can be read");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("key and certificate belong together");
    TlsAcceptor::from(Arc::new(config))
}

fn client(extra_ca_pem: Option<&str>) -> Client {
    let extra_ca_pem = extra_ca_pem.map(|pem| pem.as_bytes().to_vec());
    Client::new(ClientOptions { extra_ca_pem, ..ClientOptions::default() })
}

#[tokio::test]
async fn an_authority_of_the_extra_file_is_trusted() {
    let Private { ca_pem, server } = private().await;
    let client = client(Some(&ca_pem));
    for _ in 0..2 {
        let url = format!("https://{}/", server.address());
        assert_eq!(client.send(get(url)).await.expect("it is trusted").body, b"private");
    }
    assert_eq!(server.accepted(), 1, "the connection is used again");
}

#[tokio::test]
async fn an_authority_that_nobody_knows_is_not() {
    let Private { server, .. } = private().await;
    let failure = client(None).send(get(format!("https://{}/", server.address()))).await;
    let failure = failure.expect_err("it is not trusted");
    assert_eq!((failure.error.kind, failure.may_have_been_done), (ErrorKind::Unavailable, false));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_file_without_certificates_is_said_to_be_none() {
    for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let failure = client(Some(pem)).send(get("https://127.0.0.1:1/")).await.expect_err("it is none");
        assert!(!failure.may_have_been_done);
        assert!(failure.error.message.contains("CA"), "{}", failure.error);
        assert!(failure.error.hint.is_some_and(|hint| hint.contains("PEM file")));
    }
}
