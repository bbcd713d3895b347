//! What every request passes: an id, the headers that browsers heed, and the refusal of requests from other sites.
use super::listener::Client;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Error, Id};
use std::time::Instant;
use ui::Problem;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; \
    report-uri /csp-report";

struct RequestId;

/// The outermost layer: logs one line for each request, without its query, and completes the answer's headers.
pub async fn everything(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = Id::<RequestId>::new();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let https = request.extensions().get::<Client>().is_some_and(|client| client.https);
    let mut response = next.run(request).await;
    let (status, milliseconds) = (response.status().as_u16(), start.elapsed().as_secs_f64() * 1e3);
    let shown = logged(&path);
    tracing::info!(request = %id, %method, path = shown, status, milliseconds);
    let kind = if status >= 500 { "failed" } else { "answered" };
    metrics::histogram!("cairn_request_seconds", "outcome" => kind).record(milliseconds / 1e3);
    let headers = response.headers_mut();
    set(headers, "x-request-id", &id.to_string());
    set(headers, "x-content-type-options", "nosniff");
    set(headers, "referrer-policy", "same-origin");
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "cross-origin-resource-policy", "same-origin");
    set(headers, "permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    set(headers, "content-security-policy", CSP);
    if https {
        set(headers, "strict-transport-security", "max-age=31536000; includeSubDomains");
    }
    response
}

/// What begins so ends with a secret.
const SECRET: [&str; 6] = ["/invitations/", "/reset/", "/calendar/", "/guests/", "/forms/", "/sent/"];

/// A path without what must not stand in a log: the secret of a link, and what somebody called their file.
fn logged(path: &str) -> &str {
    match path.strip_prefix("/files/") {
        _ if SECRET.iter().any(|start| path.starts_with(start)) => "(a secret link)",
        Some(rest) => rest.find('/').map_or(path, |end| &path[..path.len() - rest.len() + end]),
        None => path,
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.entry(HeaderName::from_static(name)).or_insert(value);
    }
}

/// Pages: nothing from another site changes anything, and nothing private stays in a cache.
pub async fn pages(request: Request, next: Next) -> Response {
    if is_unsafe(request.method()) && !from_here(request.headers()) {
        let sentence = "This request came from another site, so nothing was changed.";
        return private((StatusCode::FORBIDDEN, sentence).into_response());
    }
    private(next.run(request).await)
}

/// The API takes no cookies, so no browser acts there on someone's behalf without knowing.
pub async fn api(request: Request, next: Next) -> Response {
    private(next.run(request).await)
}

fn private(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Cookie, Authorization"));
    response
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers say where a request comes from: `Sec-Fetch-Site` where they know it, and `Origin` with every unsafe one.
/// A client that says neither is no browser and carries no one's cookies by accident.
fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let host = text("host").unwrap_or_default();
    let origin = text("origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, rest)| rest == host));
    site && origin && (text("origin").is_some() || text("sec-fetch-site").is_some())
}

/// A method that a path does not know, and a path that no API has.
pub async fn unknown() -> Problem {
    Problem(Error::NotFound)
}
