//! The stream of a guest: it says that their board changed and nothing else. Before each word of it, it is asked whether the
//! link stands still with which they came.
use super::{LIFETIME, changed, until};
use crate::http::listener::Shutdown;
use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use db::{Db, Topic};
use futures_util::{StreamExt, future::ready};
use kernel::{Actor, Door, Error, Id, Result};
use people::account::access_topic;
use rituals::retrospective::{
    Retrospective,
    guest::{AttendBoard, Link, secret},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_stream::wrappers::BroadcastStream;
use ui::{Cx, Failure, Site};

/// So many streams at once are open to the guests of one link, each of whom may look at the board in a few windows.
const PER_LINK: usize = 60;
const IN_ALL: usize = 1_000;

/// `GET /guest-boards/{retrospective}/live`
pub async fn live(
    State(site): State<Site>,
    headers: HeaderMap,
    cx: Cx,
    Extension(db): Extension<Arc<Db>>,
    shutdown: Option<Extension<Shutdown>>,
) -> Result<Response, Failure> {
    let retrospective: Id<Retrospective> = cx.text("retrospective").parse().map_err(|_| Error::NotFound)?;
    let attend = AttendBoard { retrospective, secret: secret(&headers, retrospective).ok_or(Error::NotFound)? };
    let (app, actor) = (site.app, Actor::stranger(site.workspace, Door::Page));
    let heard = BroadcastStream::new(db.changes());
    let here = app.call(&actor, attend.clone()).await?;
    let place = Place::take(here.link)?;
    let (board, access, workspace) = (retrospective.to_string(), access_topic(here.made_by), site.workspace);
    let news = heard.filter_map(move |heard| {
        let of_ours = |topic: &&Topic| topic.workspace == workspace;
        ready(match heard {
            Ok(all) if all.iter().filter(of_ours).any(|topic| topic.text == board) => Some(News::Board),
            Ok(all) => all.iter().filter(of_ours).any(|topic| topic.text == access).then_some(News::Access),
            Err(_) => Some(News::Board), // too far behind: look again
        })
    });
    let admitted = news.then(move |news| {
        let (app, actor, attend) = (app.clone(), actor.clone(), attend.clone());
        async move { app.call(&actor, attend).await.is_ok().then_some(news) }
    });
    let changes = admitted.take_while(|news| ready(news.is_some())).filter_map(move |news| {
        let _held = &place;
        ready(matches!(news, Some(News::Board)).then(|| changed(kernel::json!({}))))
    });
    let left = u64::try_from(here.ends_at.0 - cx.now().0).unwrap_or(0);
    Ok(until(changes, LIFETIME.min(Duration::from_micros(left)), shutdown))
}

/// What may concern a guest.
enum News {
    Board,
    /// The access of whoever made their link may have ended.
    Access,
}

/// The place of a stream among those that are open.
struct Place(Id<Link>);

static OPEN: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

impl Place {
    /// `TooMany` where as many are open as there may be.
    fn take(link: Id<Link>) -> Result<Place> {
        const WAIT: i64 = 60;
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let of_link = open.get(link.as_str()).copied().unwrap_or(0);
        if of_link >= PER_LINK || open.values().sum::<usize>() >= IN_ALL {
            return Err(Error::TooMany(WAIT));
        }
        open.insert(link.to_string(), of_link + 1);
        Ok(Place(link))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(self.0.as_str()) {
            *count -= 1;
            if *count == 0 {
                open.remove(self.0.as_str());
            }
        }
    }
}
