//! What is known of a browser before anyone signs in with it.
use super::secret;
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use kernel::Error;
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};
use ui::{Failure, Site, Viewer, cookie};

/// What a browser brings along.
#[derive(Clone, Default)]
pub struct Visitor {
    /// The network it comes from, as attempts are counted by it.
    pub address: String,
    /// The secret that this browser got when someone signed in here before.
    pub device_secret: Option<String>,
    /// The browser, in words.
    pub device: String,
}

impl FromRequestParts<Site> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Visitor, Failure> {
        let viewer = parts.extensions.get::<Arc<Viewer>>().ok_or(Failure(Error::SignedOut))?;
        let device = cookie::read(&parts.headers, "device").and_then(secret::parse);
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Visitor {
            address: network(viewer.address),
            device_secret: device
                .filter(|(workspace, _)| *workspace == site.workspace)
                .map(|(_, text)| text.to_owned()),
            device: browser(agent),
        })
    }
}

/// An address of IPv4, or the first half of one of IPv6: whoever has one of its addresses has all that share it.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

/// A `User-Agent` in words, such as `Firefox on Linux`.
fn browser(agent: &str) -> String {
    // Browsers name those that they want to be taken for as well, so the order counts.
    const NAMES: &[(&str, &str)] = &[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Vivaldi", "Vivaldi"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: &[(&str, &str)] = &[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let found =
        |list: &[(&str, &'static str)]| list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, word)| *word);
    match (found(NAMES), found(SYSTEMS)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "An unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests;
