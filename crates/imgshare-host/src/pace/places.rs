//! The calls that the cloud may still count: its window, as far as it can be told from here.
//!
//! A call takes one of the pace's places when it is sent, and gives it back one window after the moment at which the
//! cloud can at the latest have counted it. That moment is somewhere between sending and answer. The answer's arrival
//! is always late enough, but costs a round trip in each window. So: let the cloud count each call at the same share
//! x of its round trip. Then two calls that share a place are counted
//! `(sent' - sent) + x * (trip' - trip)` apart, and that is a window or more for every x in 0..1 if the place becomes
//! free a window after `answered - shortest trip`. Calls that were sent before any trip was known count by their answer:
//! theirs may have begun with opening a connection.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::quotas::Pace;

/// Clouds differ in whether a call that is exactly one window old still counts.
const MARGIN: Duration = Duration::from_millis(1);

/// When the next call may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Now,
    At(Instant),
    /// Only an answer can tell.
    Unknown,
}

#[derive(Default)]
pub(super) struct Places {
    on_their_way: usize,
    /// Calls that are answered and may still be counted; the one that is forgotten first comes first.
    counted: VecDeque<Counted>,
    sent: u64,
    shortest_trip: Option<Duration>,
    by_answer: bool,
}

struct Counted {
    number: u64,
    at_the_latest: Instant,
    refused: bool,
}

/// A call that took a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    number: u64,
    at: Instant,
    by_answer: bool,
}

impl Places {
    /// Whether a call may go at this pace. Forgets what the cloud has forgotten.
    pub(super) fn next(&mut self, now: Instant, pace: Pace) -> Next {
        self.forget(now, pace.window);
        let places = usize::try_from(pace.calls).unwrap_or(usize::MAX);
        let Some(too_many) = (self.on_their_way + self.counted.len()).checked_sub(places) else {
            return Next::Now;
        };
        match self.counted.get(too_many) {
            Some(counted) => Next::At(free_at(counted, pace.window)),
            None => Next::Unknown,
        }
    }

    /// Forgets the calls that no window of this length holds any more.
    pub(super) fn forget(&mut self, now: Instant, window: Duration) {
        while self.counted.front().is_some_and(|counted| free_at(counted, window) <= now) {
            self.counted.pop_front();
        }
    }

    pub(super) fn take(&mut self, now: Instant) -> Sent {
        self.on_their_way += 1;
        self.sent += 1;
        let by_answer = self.by_answer || self.shortest_trip.is_none();
        Sent { number: self.sent, at: now, by_answer }
    }

    /// The cloud answered.
    pub(super) fn answered(&mut self, sent: Sent, now: Instant) {
        let trip = now - sent.at;
        let shortest = self.shortest_trip.map_or(trip, |shortest| shortest.min(trip));
        self.shortest_trip = Some(shortest);
        let by_answer = sent.by_answer || self.by_answer;
        self.count(sent.number, if by_answer { now } else { now - shortest });
    }

    /// No answer will come; the cloud may have counted it all the same, perhaps only later.
    pub(super) fn lost(&mut self, sent: Sent, now: Instant) {
        let arrived = sent.at + self.shortest_trip.unwrap_or_default();
        self.count(sent.number, now.max(arrived));
    }

    /// It never reached the cloud.
    pub(super) fn give_back(&mut self) {
        self.on_their_way -= 1;
    }

    /// The cloud refused it. Its place stays taken: some clouds count refused calls too. From now on calls count by
    /// their answer: what was told from the trips may have been wrong.
    pub(super) fn refused(&mut self, sent: Sent) {
        self.by_answer = true;
        let counted = self.counted.iter_mut().rev().find(|counted| counted.number == sent.number);
        if let Some(counted) = counted {
            counted.refused = true;
        }
    }

    /// Calls in this window that are not known as refused: what the cloud may have accepted.
    pub(super) fn not_refused(&mut self, now: Instant, window: Duration) -> u32 {
        self.forget(now, window);
        let answered = self.counted.iter().filter(|counted| !counted.refused).count();
        u32::try_from(self.on_their_way + answered).unwrap_or(u32::MAX)
    }

    fn count(&mut self, number: u64, at_the_latest: Instant) {
        self.on_their_way -= 1;
        let place = self.counted.partition_point(|counted| counted.at_the_latest <= at_the_latest);
        self.counted.insert(place, Counted { number, at_the_latest, refused: false });
    }
}

fn free_at(counted: &Counted, window: Duration) -> Instant {
    counted.at_the_latest + window + MARGIN
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { calls: 2, window: Duration::from_secs(1) };

    fn at(began: Instant, ms: u64) -> Instant {
        began + Duration::from_millis(ms)
    }

    /// Two calls that are sent at once, after others have shown a trip of 40 ms, and take so long. Gives when the next
    /// one may go, in milliseconds.
    fn check(trips_ms: [u64; 2], expected_ms: u64) {
        let (mut places, began) = (Places::default(), Instant::now());
        let first = places.take(began);
        places.answered(first, at(began, 40));
        let sent_at = at(began, 10_000);
        assert_eq!(places.next(sent_at, PACE), Next::Now);
        let sent = [places.take(sent_at), places.take(sent_at)];
        assert_eq!(places.next(sent_at, PACE), Next::Unknown);
        for (sent, trip_ms) in sent.into_iter().zip(trips_ms) {
            places.answered(sent, sent_at + Duration::from_millis(trip_ms));
        }
        let Next::At(next) = places.next(sent_at, PACE) else { panic!("both are answered") };
        assert_eq!(next - sent_at, Duration::from_millis(expected_ms) + MARGIN);
    }

    #[test]
    fn a_place_is_free_a_window_after_the_call_and_what_its_trip_took_beyond_the_shortest() {
        check([40, 40], 1000);
        check([100, 70], 1030);
        check([90, 20], 1000);
    }

    #[test]
    fn before_a_trip_is_known_and_after_a_refusal_calls_count_by_their_answer() {
        let (mut places, began) = (Places::default(), Instant::now());
        let sent = [places.take(began), places.take(began)];
        sent.into_iter().for_each(|sent| places.answered(sent, at(began, 50)));
        assert_eq!(places.next(at(began, 60), PACE), Next::At(at(began, 1050) + MARGIN));
        places.refused(sent[0]);
        let later = at(began, 5000);
        let sent = [places.take(later), places.take(later)];
        sent.into_iter().for_each(|sent| places.answered(sent, at(later, 50)));
        assert_eq!(places.next(at(later, 60), PACE), Next::At(at(later, 1050) + MARGIN));
    }

    #[test]
    fn a_call_without_an_answer_counts_from_when_it_was_given_up() {
        let (mut places, began) = (Places::default(), Instant::now());
        let sent = [places.take(began), places.take(began)];
        places.lost(sent[0], at(began, 700));
        assert_eq!(places.next(at(began, 800), PACE), Next::At(at(began, 1700) + MARGIN));
        assert_eq!(places.not_refused(at(began, 800), PACE.window), 2);
    }
}
