//! Operations that are not waited for any longer.

use imgshare_protocol::{ErrorKind, Operation};

use super::subject::Subject;
use super::verdict::{Verdict, ensure};
use crate::{Answer, FakeWorld, Script};

/// More steps than this are more of the same.
const STEPS_MAX: usize = 6;

pub(super) fn an_operation_can_be_dropped_at_every_step(subject: &Subject) -> Verdict {
    let mut operations = subject.operations();
    operations.push(Operation::FindCredentials { may_ask_network: true });
    let config = subject.sending_config().cloned().unwrap_or_else(|_| subject.config());
    operations.iter().try_for_each(|operation| {
        (0..=STEPS_MAX).try_for_each(|answered| {
            subject.block_on(async { drop_after(subject, &config, operation, answered).await })
        })
    })
}

/// Lets so many requests be answered, each by one that makes the host try again, and drops the operation while the next
/// one is on its way.
async fn drop_after(
    subject: &Subject,
    config: &imgshare_protocol::Connect,
    operation: &Operation,
    answered: usize,
) -> Verdict {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let cloud = Script::by(move |_| {
        let before = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if before < answered { Answer::status(429, "") } else { Answer::never() }
    });
    let host = crate::host(&cloud, &std::sync::Arc::new(FakeWorld::default()));
    let Ok(provider) = host.connect(&subject.plugin, config, false) else { return Ok(()) };
    // Nothing takes longer than this by the paused clock, but a request that is never answered.
    let hour = std::time::Duration::from_secs(3600);
    let ended = tokio::time::timeout(hour, provider.ask(operation)).await;
    let kind = operation.kind();
    ensure(
        !ended.is_ok_and(|ended| ended.result.is_err_and(|error| error.kind == ErrorKind::Panicked)),
        || format!("{kind:?} panics after {answered} answers; return an error instead"),
    )?;
    ensure(cloud.in_flight() == 0, || {
        format!("{kind:?}, dropped after {answered} answers, leaves a request on its way")
    })
}
