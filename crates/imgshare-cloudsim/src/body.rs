//! Bodies of answers, whole and spoiled.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// Blanks that a flood is made of, a chunk at a time.
static BLANKS: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// The body of one answer.
#[derive(Debug)]
pub(crate) enum AnswerBody {
    /// Everything at once.
    Whole(Bytes),
    /// So many blanks, never all in memory.
    Flood { left: u64 },
    /// Less than the length announces, then the end.
    Cut { arriving: Bytes, announced: u64, pause: Pause },
}

/// Between the half body and the end the connection must get its turn to send the half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    Ahead,
    Over,
}

/// Why a cut body ends.
#[derive(Debug)]
pub(crate) struct BodyWasCut;

impl fmt::Display for BodyWasCut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body was cut by an injected fault")
    }
}

impl std::error::Error for BodyWasCut {}

impl AnswerBody {
    pub(crate) fn cut(arriving: Bytes, announced: u64) -> Self {
        Self::Cut { arriving, announced, pause: Pause::Ahead }
    }

    fn left(&self) -> u64 {
        match self {
            Self::Whole(bytes) => bytes.len() as u64,
            Self::Flood { left } => *left,
            Self::Cut { announced, .. } => *announced,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = BodyWasCut;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyWasCut>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(next_frame(std::mem::take(bytes))),
            Self::Flood { left } => {
                let chunk = (*left).min(BLANKS.len() as u64);
                *left -= chunk;
                Poll::Ready(next_frame(Bytes::from_static(&BLANKS[..chunk as usize])))
            }
            Self::Cut { arriving, .. } if !arriving.is_empty() => {
                Poll::Ready(next_frame(std::mem::take(arriving)))
            }
            Self::Cut { pause, .. } if *pause == Pause::Ahead => {
                *pause = Pause::Over;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Cut { .. } => Poll::Ready(Some(Err(BodyWasCut))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left())
    }
}

fn next_frame(bytes: Bytes) -> Option<Result<Frame<Bytes>, BodyWasCut>> {
    (!bytes.is_empty()).then(|| Ok(Frame::data(bytes)))
}
