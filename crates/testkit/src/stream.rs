use crate::Client;
use axum::body::Body;
use futures_util::StreamExt;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{task::JoinHandle, time};

/// A stream that a browser opened, and what it has said.
pub struct Stream {
    said: Arc<Mutex<String>>,
    reading: JoinHandle<()>,
}

impl Stream {
    /// Opens the stream at `path` and waits until it listens, which it says in a comment.
    pub async fn open(browser: &Client, path: &str) -> Stream {
        let response = browser.respond("GET", path, &[], Body::empty()).await;
        assert_eq!(response.status(), 200, "{path}");
        let said = Arc::new(Mutex::new(String::new()));
        let (heard, mut data) = (said.clone(), response.into_body().into_data_stream());
        let reading = tokio::spawn(async move {
            while let Some(Ok(bytes)) = data.next().await {
                held(&heard).push_str(&String::from_utf8_lossy(&bytes));
            }
        });
        let stream = Stream { said, reading };
        stream.says(": listening").await;
        held(&stream.said).clear();
        stream
    }

    /// Waits until the stream has said these words.
    ///
    /// # Panics
    /// Where it does not within half a minute.
    pub async fn says(&self, words: &str) {
        let said = async {
            while !held(&self.said).contains(words) {
                time::sleep(Duration::from_millis(5)).await;
            }
        };
        time::timeout(Duration::from_secs(30), said)
            .await
            .unwrap_or_else(|_| panic!("the stream does not say {words}"));
    }

    pub fn has_ended(&self) -> bool {
        self.reading.is_finished()
    }

    /// Waits until the stream ends by itself, and gives all that it said beside that it listens.
    ///
    /// # Panics
    /// Where it goes on for longer than `limit`.
    pub async fn ended(self, limit: Duration) -> String {
        time::timeout(limit, self.reading).await.expect("the stream goes on").expect("nothing panics while it is read");
        held(&self.said).clone()
    }
}

fn held(said: &Mutex<String>) -> MutexGuard<'_, String> {
    said.lock().unwrap_or_else(PoisonError::into_inner)
}
