use cairn::files::Files;
use kernel::{BlobStore, Checkpoint, Later, Letter, Outside};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// Stands in for the world outside, and keeps what it was told.
pub struct Recorder {
    letters: Mutex<Vec<Letter>>,
    pub files: Arc<Files>,
}

impl Recorder {
    /// Keeps the bytes that people bring in a folder.
    pub fn in_folder(path: &Path) -> Recorder {
        Recorder { letters: Mutex::default(), files: Arc::new(Files::folder(path).expect("the folder can be made")) }
    }

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

    fn blobs(&self) -> &dyn BlobStore {
        &*self.files
    }
}
