use cairn::{
    files::Files,
    web::{Inside, Web},
};
use kernel::{BlobStore, Checkpoint, Fetch, Fetched, Later, Letter, Outside};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// Stands in for the world outside, and keeps what it was told.
pub struct Recorder {
    letters: Mutex<Vec<Letter>>,
    notes: Mutex<Vec<String>>,
    pub files: Arc<Files>,
    web: Mutex<Web>,
}

impl Recorder {
    /// Keeps the bytes that people bring in a folder.
    pub fn in_folder(path: &Path) -> Recorder {
        Recorder {
            letters: Mutex::default(),
            notes: Mutex::default(),
            files: Arc::new(Files::folder(path).expect("the folder can be made")),
            web: Mutex::new(Web::new(Inside::default())),
        }
    }

    /// What was noted of accounts, a line each.
    pub fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets a server of a test be asked, by its origin such as `http://127.0.0.1:3000`.
    pub fn admit(&self, origin: &str) {
        let inside = Inside::parse(origin).expect("this is an origin");
        *self.web.lock().unwrap_or_else(PoisonError::into_inner) = Web::new(inside);
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

    fn note_access(&self, line: String) -> Later<'_, ()> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        Box::pin(async { Ok(()) })
    }

    fn blobs(&self) -> &dyn BlobStore {
        &*self.files
    }

    fn fetch(&self, fetch: Fetch) -> Later<'_, Fetched> {
        let web = self.web.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async move { web.fetch(fetch).await })
    }
}
