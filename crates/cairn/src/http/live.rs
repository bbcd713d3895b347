//! The live stream: says that a record changed, and never how. The page is then fetched anew, and that request is
//! checked like any other.
use super::listener::Shutdown;
use axum::{
    Extension,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use db::Db;
use futures_util::{StreamExt, stream};
use kernel::{Error, Id, Workspace};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio_stream::wrappers::BroadcastStream;
use ui::{Cx, Failure};

const MOST_TOPICS: usize = 20;
/// How long a stream lasts before the browser connects again and shows anew who it is.
const LIFETIME: Duration = Duration::from_secs(300);

/// `GET /live?topics=a,b&proof=…`: only topics that a page of this session was given.
pub async fn live(
    cx: Cx,
    Extension(db): Extension<Arc<Db>>,
    shutdown: Option<Extension<Shutdown>>,
) -> Result<Response, Failure> {
    let wanted = cx.text("topics").to_owned();
    if !ui::proven(&cx, &wanted, cx.text("proof")) {
        return Err(Error::Forbidden.into());
    }
    let topics: Vec<String> = wanted.split(',').take(MOST_TOPICS).map(str::to_owned).collect();
    let workspace: Id<Workspace> = cx.actor().workspace;
    let changes = BroadcastStream::new(db.changes()).filter_map(move |heard| {
        let hit = match heard {
            Ok(changed) => {
                let mine = changed.iter().find(|topic| topic.workspace == workspace && topics.contains(&topic.text));
                mine.map(|topic| topic.text.clone())
            }
            Err(_) => Some(String::new()), // too far behind: look at everything
        };
        async move { hit.map(|topic| Ok::<_, Infallible>(changed(&topic))) }
    });
    let end = async move {
        let ended = tokio::time::sleep(LIFETIME);
        match shutdown {
            Some(Extension(shutdown)) => tokio::select! { () = ended => {}, () = shutdown.begun() => {} },
            None => ended.await,
        }
    };
    let hello = stream::once(async { Ok(Event::default().comment("listening")) });
    let stream = hello.chain(changes).take_until(Box::pin(end));
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response())
}

fn changed(topic: &str) -> Event {
    Event::default().event("changed").data(kernel::json!({ "topic": topic }).to_string())
}
