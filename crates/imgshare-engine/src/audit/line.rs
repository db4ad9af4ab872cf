//! What a line of the audit record says. Borrowed from what it is about, so that it is written without a copy.

use imgshare_plan::ImageName;
use imgshare_protocol::{
    AccountFailure, AccountId, CloudName, Error, ImageRef, ProviderName, Region, RuleName, SnapshotId,
};
use serde::Serialize;

use crate::audit::RunInfo;

/// One line.
#[derive(Serialize)]
pub(crate) struct Line<'a> {
    #[serde(flatten)]
    pub(crate) run: &'a RunInfo,
    pub(crate) time: String,
    pub(crate) event: &'static str,
    #[serde(flatten)]
    pub(crate) write: Facts<'a>,
    #[serde(flatten)]
    pub(crate) answered: Option<Answered<'a>>,
}

/// What is written, and to which image.
#[derive(Serialize)]
pub(crate) struct Facts<'a> {
    pub(crate) cloud: &'a CloudName,
    pub(crate) provider: &'a ProviderName,
    pub(crate) region: &'a Region,
    pub(crate) image: &'a ImageName,
    pub(crate) rules: &'a [RuleName],
    #[serde(flatten)]
    pub(crate) what: What<'a>,
}

/// What is written.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum What<'a> {
    Shares {
        add: &'a [AccountId],
        remove: &'a [AccountId],
        #[serde(skip_serializing_if = "Option::is_none")]
        snapshot: Option<&'a SnapshotId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        prepare: Option<&'a str>,
    },
    Copy {
        copy_to: &'a Region,
        copy_name: &'a str,
    },
    Acceptance {
        accept: &'a AccountId,
        accept_with: &'a CloudName,
    },
}

/// How a write ended.
#[derive(Serialize)]
pub(crate) struct Answered<'a> {
    #[serde(flatten)]
    pub(crate) outcome: Outcome<'a>,
    pub(crate) attempts: u32,
}

/// What came back.
#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Outcome<'a> {
    Accepted {
        request_ids: &'a [String],
        /// Of a copy.
        #[serde(skip_serializing_if = "Option::is_none")]
        made: Option<&'a [ImageRef]>,
    },
    Partly {
        request_ids: &'a [String],
        failed: &'a [AccountFailure],
    },
    Failed {
        error: &'a Error,
    },
}

impl<'a> Outcome<'a> {
    pub(crate) fn accepted(request_ids: &'a [String]) -> Self {
        Self::Accepted { request_ids, made: None }
    }
}
