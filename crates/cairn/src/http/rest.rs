//! REST: every operation of every part at its route, for programs that carry a token.
use super::{guard, listener::Client, openapi};
use axum::{
    Extension, Router,
    body::{Bytes, HttpBody},
    extract::{DefaultBodyLimit, FromRequest, Query, RawPathParams, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, patch, post, put},
};
use kernel::{Actor, App, Error, Id, Method, Op, Request, Result, Workspace};
use people::account::{token, visitor::network};
use std::net::{IpAddr, Ipv4Addr};
use tokio::runtime::Handle;
use ui::{Fields, Problem, Site};

const LARGEST_BODY: usize = 32 * 1024 * 1024;

pub fn router(site: Site) -> Router<Site> {
    let mut router = Router::new();
    for op in site.app.operations() {
        router = router.route(op.route.1, handler(op));
    }
    router
        .route("/openapi.json", get(openapi::json))
        .route("/", get(openapi::page))
        .fallback(guard::unknown)
        .method_not_allowed_fallback(guard::unknown)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

fn handler(op: &'static Op) -> MethodRouter<Site> {
    let fields: &'static Fields = Box::leak(Box::new(Fields::of(op.input))); // as long as the program, like `op`
    let handle = move |State(site): State<Site>,
                       client: Option<Extension<Client>>,
                       headers: HeaderMap,
                       path: RawPathParams,
                       Query(query): Query<Vec<(String, String)>>,
                       request: axum::extract::Request| async move {
        let app = if op.reads { site.app.at_one_moment() } else { site.app.clone() };
        let client = client.map(|Extension(client)| client);
        let mut sender = actor(&app, site.workspace, &headers, client).await?;
        // Only now is the body read: whoever has no token fills no memory with it.
        if !request.body().is_end_stream() {
            app.let_go().await?;
        }
        let body = Bytes::from_request(request, &site).await.map_err(unread)?;
        if op.reads && !body.is_empty() {
            // It may have been long on its way; changes ask again by themselves.
            sender = actor(&app, site.workspace, &headers, client).await?;
        }
        json_only(&headers, &body)?;
        let texts = path.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).chain(query).collect();
        let asked = Asked { op, fields, actor: sender, texts, key: key(&headers)?, body };
        let answer = asked.answer(app).await?;
        Ok::<Response, Problem>((StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], answer).into_response())
    };
    match op.route.0 {
        Method::Get => get(handle),
        Method::Post => post(handle),
        Method::Put => put(handle),
        Method::Patch => patch(handle),
        Method::Delete => delete(handle),
    }
}

/// A body from here on is read on a thread of its own: it may hold a picture or a file of people, and the others who wait
/// for a page do not wait for it.
const LARGE_BODY: usize = 128 * 1024;

/// A request whose sender is known.
struct Asked {
    op: &'static Op,
    fields: &'static Fields,
    actor: Actor,
    texts: Vec<(String, String)>,
    key: Option<String>,
    body: Bytes,
}

impl Asked {
    async fn answer(self, app: App) -> Result<String> {
        if self.body.len() < LARGE_BODY {
            return self.answer_here(app).await;
        }
        let runtime = Handle::current();
        let thread = tokio::task::spawn_blocking(move || runtime.block_on(self.answer_here(app)));
        thread.await.map_err(Error::internal)?
    }

    async fn answer_here(self, app: App) -> Result<String> {
        let Asked { op, fields, actor, texts, key, body } = self;
        let request = Request { input: fields.merge(texts.into_iter(), &body)?, key };
        app.call_json(op, &actor, request).await
    }
}

fn unread(rejection: BytesRejection) -> Error {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::malformed("body", "The body did not arrive as a whole."),
    }
}

/// A form can be sent from any site; JSON cannot, and so nothing else is read.
fn json_only(headers: &HeaderMap, body: &Bytes) -> Result<()> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match body.is_empty() || kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json") {
        true => Ok(()),
        false => Err(Error::invalid("Content-Type", "Send JSON, with the content type application/json.")),
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let text = key.to_str().ok().filter(|text| (1..=128).contains(&text.len()));
    let text = text.ok_or_else(|| Error::invalid("Idempotency-Key", "Use 1 to 128 plain letters."))?;
    Ok(Some(text.to_owned()))
}

/// The bearer of a token. Cookies mean nothing here.
async fn actor(app: &App, workspace: Id<Workspace>, headers: &HeaderMap, client: Option<Client>) -> Result<Actor> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.strip_prefix("Bearer ")).ok_or(Error::SignedOut)?;
    let address = client.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |client| client.address);
    token::bearer(app, workspace, token, &network(address)).await
}
