//! Reading who has one image or one snapshot.

use imgshare_host::Ended;
use imgshare_plan::{PlannedChange, SharesRead};
use imgshare_protocol::{CloudName, Error, ImageRef, Shares, SnapshotRef};

use crate::clouds::Clouds;

/// Reads who has one image. With the answer comes how many requests were sent for it.
pub(crate) async fn read_shares(clouds: &Clouds, cloud: &CloudName, image: ImageRef) -> (SharesRead, u32) {
    let ended = match clouds.provider(cloud) {
        Ok(provider) => provider.read_shares(image.clone()).await,
        Err(error) => unasked(error),
    };
    told(ended, |error| {
        let error = error.with_context("cloud", cloud.as_str());
        error.with_context("region", image.region.as_str()).with_context("image", image.id.as_str())
    })
}

/// Reads who has one snapshot. With the answer comes how many requests were sent for it.
pub(crate) async fn read_snapshot_shares(
    clouds: &Clouds,
    cloud: &CloudName,
    snapshot: SnapshotRef,
) -> (SharesRead, u32) {
    let ended = match clouds.provider(cloud) {
        Ok(provider) => provider.read_snapshot_shares(snapshot.clone()).await,
        Err(error) => unasked(error),
    };
    told(ended, |error| {
        let error = error.with_context("cloud", cloud.as_str());
        error.with_context("region", snapshot.region.as_str()).with_context("snapshot", snapshot.id.as_str())
    })
}

/// Reads what this change was about again.
pub(crate) async fn read_back(clouds: &Clouds, change: &PlannedChange) -> SharesRead {
    let (read, _) = match change.snapshot_ref() {
        None => read_shares(clouds, &change.cloud, change.image_ref()).await,
        Some(snapshot) => read_snapshot_shares(clouds, &change.cloud, snapshot).await,
    };
    read
}

pub(crate) fn unasked<T>(error: Error) -> Ended<T> {
    Ended { result: Err(error), sends: 0 }
}

fn told(ended: Ended<Shares>, located: impl FnOnce(Error) -> Error) -> (SharesRead, u32) {
    match ended.result {
        Ok(shares) => (shares.into(), ended.sends),
        Err(error) => (SharesRead::Failed(located(error)), ended.sends),
    }
}
