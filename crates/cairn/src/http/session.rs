//! From a cookie to the person who looks, and from an error to a page in their shell.
use super::listener::Client;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::TimeZone;
use kernel::{Actor, App, Door, Error, Id, Person};
use people::account::{
    secret,
    session::{ResolvePerson, ResolveSession, Resolved, TouchSession},
};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};
use ui::{ErrorPage, Failure, Flash, Site, Theme, Viewer, html};

pub const SESSION_COOKIE: &str = "__Host-session";
/// In a demonstration, through whose eyes this browser looks.
pub const EYES_COOKIE: &str = "__Host-eyes";

/// Finds out who asks, lets the page answer, and dresses its errors.
pub async fn establish(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let app = if request.method().is_safe() { site.app.at_one_moment() } else { site.app.clone() };
    let client = request.extensions().get::<Client>().copied();
    let headers = request.headers().clone();
    let viewer = match viewer(&site, &app, &headers, client).await {
        Ok(viewer) => Arc::new(viewer),
        Err(error) => return Failure(error).into_response(),
    };
    let had_flash = cookie(request.headers(), "__Host-flash").is_some();
    let (method, address) = (request.method().clone(), request.uri().to_string());
    request.extensions_mut().insert(viewer.clone());
    request.extensions_mut().insert(app);
    let mut response = next.run(request).await;
    if response.status() == 401 && method == Method::GET && !site.demonstration {
        return Redirect::to(&format!("/sign-in?return_to={}", encoded(&address))).into_response();
    }
    if let Some(page) = response.extensions_mut().remove::<ErrorPage>() {
        response = dressed(&viewer, &page, response);
    }
    let shown = had_flash && response.status().is_success() && is_page(&response);
    if shown {
        response.headers_mut().append(header::SET_COOKIE, Flash::shown());
    }
    response
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

async fn viewer(site: &Site, app: &App, headers: &HeaderMap, client: Option<Client>) -> Result<Viewer, Error> {
    let address = client.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |client| client.address);
    let theme = cookie(headers, "theme").map_or(Theme::System, Theme::named);
    let now = site.app.clock.now();
    let stranger = Actor::stranger(site.workspace, Door::Page);
    let found = match site.demonstration {
        true => eyes(site, app, headers).await?,
        false => signed_in(site, app, &stranger, headers).await?,
    };
    let Some((who, secret)) = found else {
        return Ok(Viewer {
            actor: stranger,
            name: String::new(),
            workspace_name: "Cairn".into(),
            zone: TimeZone::UTC,
            zone_name: "UTC".into(),
            team: None,
            theme,
            secret: None,
            address,
            badges: Vec::new(),
            lacks_factor: false,
            personas: Arc::new([]),
            now,
        });
    };
    let personas = if site.demonstration { personas(site, app).await? } else { Vec::new() };
    let actor = who.actor(site.workspace)?;
    let waiting = app.call(&actor, asks::CountAsks {}).await?;
    Ok(Viewer {
        actor,
        badges: vec![("/inbox", waiting.owe)],
        lacks_factor: who.lacks_factor()?,
        zone: TimeZone::get(&who.zone).unwrap_or(TimeZone::UTC),
        zone_name: who.zone,
        team: who.team_id.zip(who.team_name),
        name: who.name,
        workspace_name: who.workspace_name,
        theme,
        secret: Some(secret.into()),
        address,
        personas: personas.into(),
        now,
    })
}

async fn signed_in(
    site: &Site,
    app: &App,
    stranger: &Actor,
    headers: &HeaderMap,
) -> Result<Option<(Resolved, String)>, Error> {
    let Some((workspace, secret)) = cookie(headers, SESSION_COOKIE).and_then(secret::parse) else { return Ok(None) };
    if workspace != site.workspace {
        return Ok(None);
    }
    let found = match app.call(stranger, ResolveSession { secret: secret.to_owned() }).await {
        Ok(found) => found,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    if found.is_stale(site.app.clock.now()) {
        // Outside of the request's own readings, which would wait for it and begin anew.
        let (app, actor, touch) =
            (site.app.clone(), found.actor(workspace)?, TouchSession { secret: secret.to_owned() });
        tokio::spawn(async move {
            if let Err(error) = app.call(&actor, touch).await {
                tracing::debug!(%error, "the last use of a session was not noted");
            }
        });
    }
    Ok(Some((found, secret.to_owned())))
}

async fn eyes(site: &Site, app: &App, headers: &HeaderMap) -> Result<Option<(Resolved, String)>, Error> {
    let system = Actor::system(site.workspace);
    let chosen: Option<Id<Person>> = cookie(headers, EYES_COOKIE).and_then(|text| text.parse().ok());
    let first = personas(site, app).await?.first().map(|(id, ..)| *id);
    for person in [chosen, first].into_iter().flatten() {
        match app.call(&system, ResolvePerson { person }).await {
            Ok(found) => return Ok(Some((found, format!("demonstration {person}")))),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

async fn personas(site: &Site, app: &App) -> Result<Vec<(Id<Person>, String, String)>, Error> {
    app.call(&Actor::system(site.workspace), super::demonstration::ListPersonas {}).await
}

fn dressed(viewer: &Viewer, page: &ErrorPage, old: Response) -> Response {
    let title = match page.status.as_u16() {
        404 => "There is nothing here",
        403 => "This is not yours to do",
        409 => "This cannot be done now",
        429 => "Too many attempts",
        503 => "Please try again in a moment",
        500.. => "Something went wrong",
        _ => "This could not be used",
    };
    let workspace = if viewer.actor.is_stranger() { "" } else { &viewer.workspace_name };
    let body = html! {
        h1 { (title) }
        p.lead { (page.sentence) }
        p { a.button href="/" { "Go to the start" } }
    };
    let mut response = (page.status, ui::alone(title, workspace, viewer.theme, body)).into_response();
    if let Some(wait) = old.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    response
}

/// The answer to a path that no page has.
pub async fn nothing_here() -> Response {
    let page = html! {
        h1 { "There is nothing here" }
        p.lead { "The address may be mistyped, or what was here is gone." }
        p { a.button href="/" { "Go to the start" } }
    };
    (axum::http::StatusCode::NOT_FOUND, ui::alone("There is nothing here", "", Theme::System, page)).into_response()
}

pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split("; ")).find_map(|one| one.strip_prefix(name)?.strip_prefix('='))
}
