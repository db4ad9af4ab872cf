//! The five functions of a built library, called with whatever a test likes: what hosts of other versions might say.

use imgshare_abi::{Handle, Opened, RootHeader, RootRef};
use imgshare_testkit::PluginFolder;
use serde_json::Value;

/// The bare root of a library.
pub(crate) struct Raw {
    root: RootRef,
}

impl Raw {
    #[expect(unsafe_code, reason = "loading a library runs its code")]
    pub(crate) fn load(package: &str) -> Self {
        let folder = PluginFolder::with(&[package]);
        // SAFETY: the library is one of our own, just built.
        let library =
            unsafe { libloading::Library::new(folder.file(package)) }.expect("a built library can be loaded");
        // SAFETY: all of our libraries export version 1's header under this name.
        let header = unsafe { library.get::<RootHeader>(imgshare_abi::ROOT_SYMBOL.as_bytes()) };
        let header = *header.expect("a plugin exports its root");
        std::mem::forget(library);
        Self { root: imgshare_abi::root(header).expect("the layout is the frozen one") }
    }

    pub(crate) fn describe(&self) -> Value {
        json(self.root.describe()().head())
    }

    pub(crate) fn connect(&self, config: &str) -> (Handle, Value) {
        opened(&self.root.connect()(config.as_bytes().into()))
    }

    pub(crate) fn start(&self, provider: Handle, operation: &str) -> (Handle, Value) {
        opened(&self.root.start()(provider, operation.as_bytes().into()))
    }

    pub(crate) fn resume(&self, exchange: Handle, head: &str, body: &[u8]) -> Value {
        json(self.root.resume()(exchange, head.as_bytes().into(), body.into()).head())
    }

    pub(crate) fn drop(&self, handle: Handle) -> Value {
        json(self.root.drop()(handle).head())
    }

    /// An exchange of a new provider that has not begun yet.
    pub(crate) fn exchange(&self, operation: &str) -> Handle {
        let (provider, _) = self.connect("{}");
        self.start(provider, operation).0
    }
}

fn opened(opened: &Opened) -> (Handle, Value) {
    (opened.handle, json(opened.frame.head()))
}

fn json(head: &[u8]) -> Value {
    serde_json::from_slice(head).expect("every head is JSON")
}
