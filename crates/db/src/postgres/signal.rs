//! Wake-up between processes. `notify` inside an operation's transaction would be the obvious way, but it takes one lock
//! for the whole server until the commit has reached the disk, and so ends group commit. A herald says it afterwards,
//! at most once per pause; the poll of the job runner covers a herald that died between the commit and its call.
use crate::{Topic, wake::Wake};
use deadpool_postgres::Pool;
use std::{future::poll_fn, time::Duration};
use tokio_postgres::{AsyncMessage, Config, NoTls};

const PAUSE: Duration = Duration::from_millis(20);
/// PostgreSQL carries at most 8,000 bytes in a notification.
const MOST_TOPICS: usize = 100;

pub fn start(config: Config, pool: Pool, wake: Wake) {
    let heard = wake.clone();
    tokio::spawn(async move {
        loop {
            wake.elsewhere.notified().await;
            let said = wake.take_unsaid();
            if let Ok(client) = pool.get().await {
                for topics in said.chunks(MOST_TOPICS).chain(said.is_empty().then_some(&[][..])) {
                    // A hint: the poll finds the jobs it misses, and a page its changes when it is looked at again.
                    let _ = client.execute("select pg_notify('cairn', $1)", &[&spell(topics)]).await;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
    tokio::spawn(async move {
        loop {
            let _ = listen(&config, &heard).await; // the connection broke: wake once, in case, and connect again
            heard.here.notify_one();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
}

async fn listen(config: &Config, wake: &Wake) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let (send, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let reading = tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notification(notification) = message {
                let _ = send.send(read(notification.payload()));
            }
        }
    });
    client.batch_execute("listen cairn").await?;
    while let Some(topics) = heard.recv().await {
        wake.here.notify_one();
        wake.changed(topics);
    }
    reading.abort();
    Ok(())
}

/// One topic a line: the workspace, a blank, the topic.
fn spell(topics: &[Topic]) -> String {
    topics.iter().map(|topic| format!("{} {}\n", topic.workspace, topic.text)).collect()
}

fn read(payload: &str) -> Vec<Topic> {
    let topic = |line: &str| {
        let (workspace, text) = line.split_once(' ')?;
        Some(Topic { workspace: workspace.parse().ok()?, text: text.to_owned() })
    };
    payload.lines().filter_map(topic).collect()
}
