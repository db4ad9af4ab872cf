//! Asking receivers, with their own logins, what they see of what is shared with them.

mod granted;

use std::time::Duration;

use futures_util::future::join_all;
use imgshare_plan::{Question, Received, Report};
use imgshare_protocol::{Error, ReceivedImage, Result};
use tokio::time::sleep;

use crate::apply::Applying;
use crate::clouds::Clouds;
use crate::events::{Event, Observer};
use crate::stop::Stop;
pub use granted::Receivers;

/// How long to wait before each further look: clouds need a moment until a receiver sees what was shared just now.
const WAITS: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

impl Receivers {
    /// Asks each receiver once what it sees.
    pub async fn look(&self, clouds: &Clouds, observer: &dyn Observer) -> Vec<Received> {
        let stop = Stop::default();
        Asking { clouds, observer, stop: &stop }.looks(self, &[]).await
    }
}

/// What receivers see after a run that ended like this. One that does not see everything yet is asked again some times;
/// a run that is to stop asks nobody.
pub(crate) async fn look_after(
    report: &Report,
    receivers: &Receivers,
    applying: &Applying<'_>,
) -> Vec<Received> {
    let Applying { clouds, observer, stop, .. } = applying;
    let asking = Asking { clouds, observer: *observer, stop };
    asking.looks(&receivers.after(report), &WAITS).await
}

struct Asking<'a> {
    clouds: &'a Clouds,
    observer: &'a dyn Observer,
    stop: &'a Stop,
}

type Answer = Result<Vec<ReceivedImage>>;

impl Asking<'_> {
    /// Asks, and after each of these times asks again for what is not seen yet.
    async fn looks(&self, receivers: &Receivers, waits: &[Duration]) -> Vec<Received> {
        let Some(mut answers) = self.ask(receivers.questions(), 1).await else { return Vec::new() };
        for (wait, look) in waits.iter().zip(2..) {
            let asked = receivers.questions().iter().zip(&answers);
            let hidden: Vec<_> = asked.map(|(question, answer)| receivers.hidden(question, answer)).collect();
            if hidden.iter().all(|question| question.images.is_empty()) {
                break;
            }
            let again = async {
                sleep(*wait).await;
                self.ask(&hidden, look).await
            };
            let Some(Some(again)) = self.stop.unless_requested(again).await else { break };
            answers.iter_mut().zip(again).for_each(|(answer, newer)| renew(answer, newer));
        }
        let shares = receivers.questions().iter().zip(&answers);
        shares.flat_map(|(question, answer)| receivers.received(question, answer)).collect()
    }

    /// The answers to all questions; one about no image is answered by itself. `None`: the run is to stop.
    async fn ask(&self, questions: &[Question], look: u32) -> Option<Vec<Answer>> {
        let shares = questions.iter().map(|question| question.images.len()).sum();
        if shares > 0 {
            self.observer.event(Event::Asking { shares, look });
        }
        let answers = join_all(questions.iter().map(|question| self.answer(question)));
        self.stop.unless_requested(answers).await
    }

    async fn answer(&self, question: &Question) -> Answer {
        if question.images.is_empty() {
            return Ok(Vec::new());
        }
        let answer = match self.clouds.provider(&question.with) {
            Ok(provider) => provider.read_received(question.query()).await.result,
            Err(error) => Err(error),
        };
        answer.map_err(|error| located(question, error))
    }
}

/// What was seen later counts; a later error takes nothing away.
fn renew(answer: &mut Answer, newer: Answer) {
    if let (Ok(seen), Ok(newer)) = (answer, newer) {
        seen.retain(|image| newer.iter().all(|other| other.id != image.id));
        seen.extend(newer);
    }
}

fn located(question: &Question, error: Error) -> Error {
    error
        .with_context("cloud", question.with.as_str())
        .with_context("region", question.region.as_str())
        .with_context("account", question.account.id.as_str())
}
