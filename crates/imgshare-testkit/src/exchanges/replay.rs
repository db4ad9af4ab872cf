//! Answers as it was recorded, and says where a request is another one.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use imgshare_protocol::{Error, ErrorKind};

use super::{Scrub, text};

/// A transport that answers what was recorded, as long as it is asked what was recorded.
pub struct Replay {
    file: String,
    endpoint: Option<String>,
    scrub: Scrub,
    state: Mutex<State>,
}

struct State {
    left: VecDeque<Exchange>,
    asked: usize,
    difference: Option<String>,
}

struct Exchange {
    request: String,
    answer: Result<HttpResponse, SendError>,
}

impl Replay {
    /// Reads what a [`Recorder`](super::Recorder) wrote; `file` is its name, for messages.
    ///
    /// # Errors
    ///
    /// When the text is something else, with the line that is not understood.
    pub fn new(file: &str, text: &str, scrub: Scrub) -> Result<Self, String> {
        let (mut endpoint, mut left) = (None, VecDeque::new());
        let (mut asked, mut answered) = (String::new(), String::new());
        for (at, line) in text.lines().chain(["> "]).enumerate() {
            if line.starts_with('>') && !answered.is_empty() {
                let exchange = Exchange::read(&std::mem::take(&mut asked), &std::mem::take(&mut answered));
                left.push_back(exchange.ok_or_else(|| format!("{file}:{at}: this is no answer"))?);
            }
            match line.split_at(line.len().min(1)) {
                ("" | "#", _) => {}
                (">", rest) => push_line(&mut asked, rest),
                ("<", rest) => push_line(&mut answered, rest),
                _ => match line.strip_prefix("endpoint ") {
                    Some(address) => endpoint = Some(address.to_owned()),
                    None => return Err(format!("{file}:{}: this line has no mark", at + 1)),
                },
            }
        }
        let state = Mutex::new(State { left, asked: 0, difference: None });
        Ok(Self { file: file.to_owned(), endpoint, scrub, state })
    }

    /// The endpoint of the config that it was recorded with.
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// Everything was asked as it was recorded.
    ///
    /// # Errors
    ///
    /// The first difference, with request and line; or how many requests were not sent.
    pub fn finish(&self) -> Result<(), String> {
        let state = self.state();
        match (&state.difference, state.left.front()) {
            (Some(difference), _) => Err(difference.clone()),
            (None, None) => Ok(()),
            (None, Some(next)) => {
                let (file, asked, first) = (&self.file, state.asked, next.request.lines().next());
                let first = first.unwrap_or_default();
                Err(format!("{file}: {asked} requests were sent, and the next one is recorded: {first}"))
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::result_large_err, reason = "the transport's own form, and only tests come here")]
    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, SendError> {
        let mut state = self.state();
        let sent = text::request(request, &self.scrub);
        state.asked += 1;
        let next = state.left.pop_front();
        let difference = difference(&sent, next.as_ref().map(|next| next.request.as_str()));
        if let (None, None, Some(next)) = (&state.difference, &difference, next) {
            return next.answer;
        }
        let asked = state.asked;
        let found = difference.map(|difference| format!("{}: request {asked}: {difference}", self.file));
        let first = state.difference.take().or(found).unwrap_or_default();
        state.difference = Some(first.clone());
        Err(SendError { error: Error::new(ErrorKind::Unexpected, first), may_have_been_done: false })
    }
}

impl Exchange {
    fn read(asked: &str, answered: &str) -> Option<Self> {
        let strip = |text: &str| text.strip_suffix('\n').unwrap_or(text).to_owned();
        Some(Self { request: strip(asked), answer: text::read_answer(&strip(answered))? })
    }
}

fn push_line(text: &mut String, rest: &str) {
    text.push_str(rest.strip_prefix(' ').unwrap_or(rest));
    text.push('\n');
}

fn difference(sent: &str, recorded: Option<&str>) -> Option<String> {
    let Some(recorded) = recorded else {
        return Some(format!("nothing more is recorded, and sent is {:?}", sent.lines().next()));
    };
    let (ours, theirs): (Vec<_>, Vec<_>) = (sent.split('\n').collect(), recorded.split('\n').collect());
    let same = ours.iter().zip(&theirs).take_while(|(our, their)| our == their).count();
    let line = |lines: &[&str]| lines.get(same).map_or("nothing".to_owned(), |line| format!("{line:?}"));
    (ours != theirs).then(|| {
        format!("line {} differs\n  sent:     {}\n  recorded: {}", same + 1, line(&ours), line(&theirs))
    })
}

impl Transport for Replay {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        std::future::ready(self.answer(&request)).boxed()
    }
}
