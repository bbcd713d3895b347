use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::Instant;

use super::{Limits, patience::Patience};

/// What the answer to a request needs to know about the arrival of its body.
pub struct Exchange {
    last_heard: Mutex<Instant>,
    stalled: AtomicBool,
}

impl Exchange {
    pub fn new() -> Self {
        Self { last_heard: Mutex::new(Instant::now()), stalled: AtomicBool::new(false) }
    }

    /// When the last part of the request arrived.
    pub fn last_heard(&self) -> Instant {
        *self.last_heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the body was given up because it arrived too slowly.
    pub fn stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed)
    }

    fn hear(&self) {
        *self.last_heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

/// A request body that fails when it arrives too slowly.
pub struct PacedBody {
    body: Incoming,
    patience: Patience,
    exchange: Arc<Exchange>,
}

impl PacedBody {
    pub fn wrap(body: Incoming, exchange: Arc<Exchange>, limits: &Limits) -> Body {
        if body.is_end_stream() {
            return Body::empty();
        }
        Body::new(Self { body, patience: Patience::new(limits.body_time, limits.slowest_rate), exchange })
    }
}

impl HttpBody for PacedBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.patience.earn(frame.data_ref().map_or(0, Bytes::len));
                self.exchange.hear();
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(end) => Poll::Ready(end.map(|frame| frame.map_err(Into::into))),
            Poll::Pending => self.patience.poll_spent(cx).map(|()| {
                self.exchange.stalled.store(true, Ordering::Relaxed);
                Some(Err(io::Error::from(io::ErrorKind::TimedOut).into()))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
