//! The door for webhooks: outside of what guards forms, as no browser sends them, and of the API, as their senders have
//! no tokens. Whoever has the secret of the address is let in.
use axum::{
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri, header::CONTENT_LENGTH},
    response::{IntoResponse, Response},
};
use delivery::hook::{Headers, LARGEST, find, keep};
use kernel::Error;
use ui::{Problem, Site};

/// `POST /hooks/{system}/{id}`: answered when what came is stored.
pub async fn receive(
    State(site): State<Site>,
    Path((system, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let door = find(&site.app, site.workspace, &system, &id).await.map_err(Problem)?;
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(0);
    let too_large = || Problem(Error::invalid("body", format!("A webhook has at most {} MB.", LARGEST >> 20)));
    if length > LARGEST {
        return Err(too_large());
    }
    let body = to_bytes(body, LARGEST).await.map_err(|_| too_large())?;
    keep(&site.app, site.workspace, &door, &Sent { headers, uri }, body.into()).await.map_err(Problem)?;
    Ok((StatusCode::ACCEPTED, "kept\n").into_response())
}

struct Sent {
    headers: HeaderMap,
    uri: Uri,
}

impl Headers for Sent {
    fn get(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn token(&self) -> Option<&str> {
        let mut pairs = self.uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == "token").map(|(_, token)| token)
    }
}
