//! The audit record, as somebody reads it who wants to know what was done.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// A write, as the cloud is asked for it.
#[derive(Debug, PartialEq)]
pub(crate) struct Write {
    pub(crate) image: String,
    pub(crate) accounts: Vec<String>,
    pub(crate) adds: bool,
}

/// What the record says was about to be sent.
pub(crate) struct Record {
    /// Image, account, and whether the image is given to it.
    sending: BTreeSet<(String, String, bool)>,
    /// Lines that are no JSON.
    pub(crate) broken_lines: usize,
}

impl Record {
    /// Reads it; a file that is not there is a record of nothing.
    pub(crate) fn read(file: &Path) -> Self {
        let bytes = std::fs::read(file).unwrap_or_default();
        let mut record = Self { sending: BTreeSet::new(), broken_lines: 0 };
        for line in String::from_utf8_lossy(&bytes).lines() {
            match serde_json::from_str::<Value>(line) {
                Ok(line) if line["event"] == "sending" => record.note(&line),
                Ok(_) => {}
                Err(_) => record.broken_lines += 1,
            }
        }
        record
    }

    fn note(&mut self, line: &Value) {
        let image = line["image"]["id"].as_str().expect("an image");
        for (field, adds) in [("add", true), ("remove", false)] {
            let accounts = line[field].as_array().expect("a list of accounts");
            let accounts = accounts.iter().filter_map(Value::as_str);
            self.sending.extend(accounts.map(|account| (image.to_owned(), account.to_owned(), adds)));
        }
    }

    /// Whether it says of each account that this was about to be sent.
    pub(crate) fn names(&self, write: &Write) -> bool {
        let line = |account: &String| (write.image.clone(), account.clone(), write.adds);
        write.accounts.iter().all(|account| self.sending.contains(&line(account)))
    }
}
