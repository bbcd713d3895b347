//! The two cookies of an account, and the one that remembers how pages look.
use super::{secret, session, sign_in::SignedIn};
use axum::{
    http::{HeaderValue, header::SET_COOKIE},
    response::Response,
};
use kernel::{Id, Workspace};
use ui::cookie;

const A_YEAR: u64 = 365 * 24 * 3600;

/// Hands a browser what it keeps of a session that has begun.
pub(crate) fn keep(response: &mut Response, workspace: Id<Workspace>, signed_in: &SignedIn) {
    keep_session(response, workspace, &signed_in.session_secret);
    let device = secret::address(workspace, &signed_in.device_secret);
    response.headers_mut().append(SET_COOKIE, cookie::set("device", &device, A_YEAR));
    response.headers_mut().append(SET_COOKIE, theme(&signed_in.theme));
}

/// Replaces the secret of a session that goes on.
pub(crate) fn keep_session(response: &mut Response, workspace: Id<Workspace>, session_secret: &str) {
    let session = secret::address(workspace, session_secret);
    response.headers_mut().append(SET_COOKIE, cookie::set("session", &session, session::ABSOLUTE.as_secs()));
}

/// Ends the session in the browser. The device stays known, so that strangers cannot lock its user out.
pub(super) fn end(response: &mut Response) {
    response.headers_mut().append(SET_COOKIE, cookie::end("session"));
    response.headers_mut().append(SET_COOKIE, cookie::end("flash"));
}

/// The one cookie that a script writes too: the theme holds before the page is asked for again.
pub(crate) fn theme(word: &str) -> HeaderValue {
    let text = format!("theme={word}; Path=/; Secure; SameSite=Lax; Max-Age={A_YEAR}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("theme=system; Path=/; Secure"))
}
