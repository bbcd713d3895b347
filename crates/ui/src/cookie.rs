//! Cookies that JavaScript cannot read and that no other site's request carries.
use axum::http::{HeaderMap, HeaderValue, header};

/// The `Set-Cookie` of a cookie that lasts this many seconds.
pub fn set(name: &str, value: &str, seconds: u64) -> HeaderValue {
    let text = format!("__Host-{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("__Host-none=; Path=/; Secure; Max-Age=0"))
}

pub fn end(name: &str) -> HeaderValue {
    set(name, "", 0)
}

/// What a browser sent back of a cookie that [`set`] made.
pub fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split("; ")).filter_map(|one| one.split_once('='));
    pairs.find(|(key, _)| key.strip_prefix("__Host-") == Some(name)).map(|(_, value)| value)
}
