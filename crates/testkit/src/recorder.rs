use kernel::{Checkpoint, Later, Letter, Outside};
use std::sync::{Mutex, PoisonError};

/// Stands in for the world outside, and keeps what it was told.
#[derive(Default)]
pub struct Recorder {
    letters: Mutex<Vec<Letter>>,
}

impl Recorder {
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Outside for Recorder {
    fn send(&self, letter: Letter) -> Later<'_, ()> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        Box::pin(async { Ok(()) })
    }

    fn publish(&self, checkpoint: Checkpoint) -> Later<'_, String> {
        Box::pin(async move { Ok(format!("{} {} {}", checkpoint.workspace, checkpoint.size, checkpoint.head)) })
    }
}
