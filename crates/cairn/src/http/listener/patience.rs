use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep};

/// How long a peer may keep us waiting in total. Waiting uses it up; bytes that move earn it back at a fixed rate, up to
/// where it began. So neither silence nor a trickle holds a connection, and a long transfer at a fair speed goes on.
pub struct Patience {
    most: Duration,
    left: Duration,
    bytes_per_second: u32,
    alarm: Pin<Box<Sleep>>,
    waiting: bool,
}

impl Patience {
    pub fn new(most: Duration, bytes_per_second: u32) -> Self {
        Self { most, left: most, bytes_per_second, alarm: Box::pin(sleep(most)), waiting: false }
    }

    /// To be asked whenever the peer makes us wait; ready when patience has run out.
    pub fn poll_spent(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.waiting {
            self.waiting = true;
            self.alarm.as_mut().reset(Instant::now() + self.left);
        }
        ready!(self.alarm.as_mut().poll(cx));
        self.left = Duration::ZERO;
        Poll::Ready(())
    }

    /// The peer moved this many bytes, so the wait, if there was one, is over.
    pub fn earn(&mut self, bytes: usize) {
        if std::mem::take(&mut self.waiting) {
            self.left = self.alarm.deadline().saturating_duration_since(Instant::now());
        }
        let earned = Duration::from_micros(bytes as u64 * 1_000_000 / u64::from(self.bytes_per_second.max(1)));
        self.left = self.left.saturating_add(earned).min(self.most);
    }
}
