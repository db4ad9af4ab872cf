//! Plays many cases on all processors, and tells of those that fail all that is needed to play them again.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tracing::subscriber::with_default;
use tracing_subscriber::fmt::MakeWriter;

use crate::case::{Case, Trouble};
use crate::dice::Dice;
use crate::properties::no_secret_is_logged;
use crate::tally::Tally;
use crate::{plot, plot_copies, plot_copy_trouble};

/// Failures after which a run of many cases ends: each is printed whole.
const FAILURES_MAX: usize = 3;

/// What a row of cases came to.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) tally: Tally,
    pub(crate) failures: Vec<String>,
    pub(crate) played: u64,
}

/// Plays one case to its end: what struck, and what went wrong.
pub(crate) type Play = fn(u64) -> Result<Tally, String>;

/// Plays the cases of these seeds.
pub(crate) fn play_row(play: Play, first: u64, count: u64) -> Row {
    let began = Instant::now();
    crate::stage::plugins();
    let (next, row) = (AtomicU64::new(0), Mutex::new(Row::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work_off(play, first, count, &next, &row));
        }
    });
    let row = row.into_inner().unwrap_or_else(PoisonError::into_inner);
    let seconds = began.elapsed().as_secs_f64();
    say(&format!("{} cases in {seconds:.1} s; {}", row.played, row.tally));
    row
}

fn work_off(play: Play, first: u64, count: u64, next: &AtomicU64, row: &Mutex<Row>) {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= count || locked(row).failures.len() >= FAILURES_MAX {
            return;
        }
        let played = play(first.wrapping_add(at));
        let mut row = locked(row);
        row.played += 1;
        match played {
            Ok(tally) => row.tally.merge(&tally),
            Err(failure) => row.failures.push(failure),
        }
    }
}

/// Plays the case of a seed.
pub(crate) fn play_seed(seed: u64) -> Result<Tally, String> {
    let case = Case::of(seed);
    guarded(&case, || in_virtual_time(&case, plot::play(&case)))
}

/// Plays the world of a seed without any trouble but a second run.
pub(crate) fn play_two_at_once(seed: u64) -> Result<Tally, String> {
    let case = Case::of(seed).with(Trouble::two_at_once(&mut Dice::new(seed)));
    guarded(&case, || in_virtual_time(&case, plot::play_two_at_once(&case)))
}

/// Plays the case of a seed in which a region is dead and the others are slow.
pub(crate) fn play_dead_region(seed: u64) -> Result<Tally, String> {
    let case = Case::dead_region_at_half_the_quota(seed);
    guarded(&case, || in_virtual_time(&case, plot::play(&case)))
}

/// Plays the case about copies of a seed.
pub(crate) fn play_copies(seed: u64) -> Result<Tally, String> {
    let case = Case::copying(seed);
    guarded(&case, || in_virtual_time(&case, plot_copies::play(&case)))
}

/// Plays the case of a seed in which copies go wrong.
pub(crate) fn play_copy_trouble(seed: u64) -> Result<Tally, String> {
    let case = Case::copies_gone_wrong(seed);
    guarded(&case, || in_virtual_time(&case, plot_copy_trouble::play(&case)))
}

/// Plays the same world without any trouble but a second run.
pub(crate) fn play_copies_at_once(seed: u64) -> Result<Tally, String> {
    let case = Case::copying(seed).with(Trouble::two_at_once(&mut Dice::new(seed)));
    guarded(&case, || in_virtual_time(&case, plot_copies::play_two_at_once(&case)))
}

/// What went wrong, and how to see it again.
fn guarded(case: &Case, play: impl FnOnce() -> Tally) -> Result<Tally, String> {
    let played = catch_unwind(AssertUnwindSafe(play));
    played.map_err(|panic| {
        let sentence = panic.downcast_ref::<&str>().copied();
        let message = panic.downcast_ref::<String>().map(String::as_str).or(sentence);
        describe(case, message.unwrap_or("a panic without a message"))
    })
}

/// Plays in a runtime of its own, in which time passes only while everybody waits.
pub(crate) fn in_virtual_time<T>(case: &Case, play: impl Future<Output = T>) -> T {
    let log = Log::default();
    let listener = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(log.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let played = with_default(listener, || runtime.expect("a runtime can be made").block_on(play));
    no_secret_is_logged(case, &log.text());
    played
}

fn describe(case: &Case, failure: &str) -> String {
    format!(
        "IMGSHARE_SEED={} fails: {failure}\n\n-- config --\n{}\n-- world --\n{:#}\n-- run --\n{:#?}\n-- trouble --\n{:#?}\n",
        case.seed,
        case.config(),
        case.world(),
        case.running,
        case.trouble
    )
}

#[expect(clippy::print_stderr, reason = "a test that draws at random says what it drew")]
fn say(line: &str) {
    eprintln!("{line}");
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything that was logged in a case.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&locked(&self.0)).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        locked(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
