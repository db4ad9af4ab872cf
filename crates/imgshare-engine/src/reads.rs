//! Reading who has one image.

use imgshare_host::Ended;
use imgshare_plan::SharesRead;
use imgshare_protocol::{CloudName, Error, ImageRef};

use crate::clouds::Clouds;

/// Reads who has one image. With the answer comes how many requests were sent for it.
pub(crate) async fn read_shares(clouds: &Clouds, cloud: &CloudName, image: ImageRef) -> (SharesRead, u32) {
    let located = |error: Error| {
        error
            .with_context("cloud", cloud.as_str())
            .with_context("region", image.region.as_str())
            .with_context("image", image.id.as_str())
    };
    let Ended { result, sends } = match clouds.provider(cloud) {
        Ok(provider) => provider.read_shares(image.clone()).await,
        Err(error) => Ended { result: Err(error), sends: 0 },
    };
    match result {
        Ok(shares) => (shares.into(), sends),
        Err(error) => (SharesRead::Failed(located(error)), sends),
    }
}
