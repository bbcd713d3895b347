//! The live stream: says that a record changed, and never how. The page is then fetched anew, and that request is
//! checked like any other. A stream ends with the access of its reader.
pub mod guest;

use super::listener::Shutdown;
use axum::{
    Extension,
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use db::{Db, Topic};
use futures_util::{Stream, StreamExt, future::ready, stream};
use kernel::{Error, Json};
use people::account::{access_topic, session::IsAdmitted};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio_stream::wrappers::BroadcastStream;
use ui::{Cx, Failure, Site};

const MOST_TOPICS: usize = 20;
/// How long a stream lasts before the browser connects again and shows anew who it is.
const LIFETIME: Duration = Duration::from_secs(300);

/// `GET /live?topics=a,b&proof=…`: only topics that a page of this session was given.
pub async fn live(
    State(site): State<Site>,
    cx: Cx,
    Extension(db): Extension<Arc<Db>>,
    shutdown: Option<Extension<Shutdown>>,
) -> Result<Response, Failure> {
    let wanted = cx.text("topics").to_owned();
    if !ui::proven(&cx, &wanted, cx.text("proof")) {
        return Err(Error::Forbidden.into());
    }
    let topics: Vec<String> = wanted.split(',').take(MOST_TOPICS).map(str::to_owned).collect();
    // The stream outlives the moment of the request, so it asks the program itself.
    let (app, actor) = (site.app, cx.actor().clone());
    let (workspace, access) = (actor.workspace, access_topic(actor.person));
    let heard = BroadcastStream::new(db.changes()).filter_map(move |heard| {
        let of_ours = |topic: &&Topic| topic.workspace == workspace;
        ready(match heard {
            Ok(changed) if changed.iter().filter(of_ours).any(|topic| topic.text == access) => Some(Heard::Access),
            Ok(changed) => {
                let mine = changed.iter().filter(of_ours).find(|topic| topics.contains(&topic.text));
                mine.map(|topic| Heard::Change(topic.text.clone()))
            }
            Err(_) => Some(Heard::Change(String::new())), // too far behind: look at everything
        })
    });
    let admitted = heard.then(move |heard| {
        let (app, actor) = (app.clone(), actor.clone());
        async move { app.call(&actor, IsAdmitted {}).await.unwrap_or(false).then_some(heard) }
    });
    // Whoever has no access any more hears of nothing, and not of that either.
    let changes = admitted.take_while(|heard| ready(heard.is_some())).filter_map(|heard| {
        ready(match heard {
            Some(Heard::Change(topic)) => Some(changed(kernel::json!({ "topic": topic }))),
            _ => None,
        })
    });
    Ok(until(changes, LIFETIME, shutdown))
}

/// Tells of changes for so long, or until the program stops.
fn until(
    changes: impl Stream<Item = Event> + Send + 'static,
    lifetime: Duration,
    shutdown: Option<Extension<Shutdown>>,
) -> Response {
    let end = async move {
        let ended = tokio::time::sleep(lifetime);
        match shutdown {
            Some(Extension(shutdown)) => tokio::select! { () = ended => {}, () = shutdown.begun() => {} },
            None => ended.await,
        }
    };
    let hello = stream::once(async { Event::default().comment("listening") });
    let stream = hello.chain(changes).map(Ok::<_, Infallible>).take_until(Box::pin(end));
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response()
}

/// What a stream has to do with something that was committed.
enum Heard {
    /// Access of its reader may have ended.
    Access,
    Change(String),
}

fn changed(data: Json) -> Event {
    Event::default().event("changed").data(data.to_string())
}
