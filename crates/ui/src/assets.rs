//! The scripts, styles, fonts and icons inside the binary, under names that change with their content.
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{collections::BTreeMap, sync::LazyLock};

mod files {
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

static BY_NAME: LazyLock<BTreeMap<&'static str, &'static [u8]>> =
    LazyLock::new(|| files::FILES.iter().map(|(name, bytes)| (*name, *bytes)).collect());

static MANIFEST: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| asset("manifest.json").and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default());

/// A file of the web build, by the name it has there.
pub fn asset(name: &str) -> Option<&'static [u8]> {
    BY_NAME.get(name).copied()
}

/// The address of `main.css` and its like; the plain name when the web build was not there.
pub fn url(name: &str) -> String {
    format!("/assets/{}", MANIFEST.get(name).map_or(name, String::as_str))
}

/// `GET /assets/{name}`: for ever the same bytes, so browsers and proxies may keep them for ever.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |encoding: &str| accepts.split(',').any(|one| one.trim().split(';').next() == Some(encoding));
    let packed = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, ending)| {
        takes(encoding).then(|| asset(&format!("{name}.{ending}")).map(|bytes| (bytes, Some(encoding)))).flatten()
    });
    let Some((bytes, encoding)) = packed.or_else(|| asset(&name).map(|bytes| (bytes, None))) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = ([(header::CONTENT_TYPE, content_type(&name))], bytes).into_response();
    let fresh = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, fresh);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
