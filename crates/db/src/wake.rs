use crate::Topic;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, broadcast};

/// How many changes a live page may be behind before it is told to look at everything.
const BEHIND: usize = 256;

/// Tells that something was saved: a hint that may be lost, never the truth, which is in the tables.
#[derive(Clone)]
pub struct Wake {
    /// Wakes the job runner of this process.
    pub here: Arc<Notify>,
    /// Wakes the herald, which tells the other processes.
    pub elsewhere: Arc<Notify>,
    /// What the herald has yet to say.
    unsaid: Arc<Mutex<Vec<Topic>>>,
    changes: broadcast::Sender<Arc<Vec<Topic>>>,
}

impl Default for Wake {
    fn default() -> Wake {
        let changes = broadcast::channel(BEHIND).0;
        Wake { here: Arc::default(), elsewhere: Arc::default(), unsaid: Arc::default(), changes }
    }
}

impl Wake {
    /// Said after each commit. One that leaves neither jobs nor changes is nobody's concern: the runner's own look into the
    /// queue, told to the runner, would make it look again for ever.
    pub fn saved(&self, jobs: bool, topics: Vec<Topic>) {
        if !jobs && topics.is_empty() {
            return;
        }
        if jobs {
            self.here.notify_one();
        }
        if !topics.is_empty() {
            self.unsaid.lock().unwrap_or_else(PoisonError::into_inner).extend(topics.iter().cloned());
            self.changed(topics);
        }
        self.elsewhere.notify_one();
    }

    /// Tells the live pages of this process.
    pub fn changed(&self, topics: Vec<Topic>) {
        let _ = self.changes.send(Arc::new(topics)); // nobody listens when no page is open
    }

    pub fn listen(&self) -> broadcast::Receiver<Arc<Vec<Topic>>> {
        self.changes.subscribe()
    }

    pub fn take_unsaid(&self) -> Vec<Topic> {
        std::mem::take(&mut self.unsaid.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
