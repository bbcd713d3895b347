//! Which servers may be asked: those of the public internet, and those that whoever runs this one has named. The address that a
//! name stands for is looked at when the connection is made, and that address is connected.
use hyper_util::client::legacy::connect::dns::Name;
use kernel::{Error, Result};
use std::{
    collections::BTreeSet,
    fmt,
    future::Future,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    vec::IntoIter,
};
use tower::{BoxError, Service};
use url::{Host, Url};

/// Servers that may be asked although they are inside the network, by their origins, such as `https://git.example.internal`.
#[derive(Clone, Debug, Default)]
pub struct Inside(Arc<BTreeSet<String>>);

impl Inside {
    /// Reads a list with commas: `git.example.internal, http://127.0.0.1:3000`. Without a word of its own a server is asked by
    /// https.
    ///
    /// # Errors
    /// `Invalid` at `connect-inside`.
    pub fn parse(text: &str) -> Result<Inside> {
        let named = text.split(',').map(str::trim).filter(|one| !one.is_empty());
        let wrong = |one: &str| {
            Error::invalid("connect-inside", format!("`{one}` is no server, such as git.example.internal."))
        };
        let origin = |one: &str| {
            let url = if one.contains("://") { Url::parse(one) } else { Url::parse(&format!("https://{one}")) };
            let url = url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/");
            url.map(|url| url.origin().ascii_serialization()).ok_or_else(|| wrong(one))
        };
        Ok(Inside(Arc::new(named.map(origin).collect::<Result<_>>()?)))
    }

    /// Whether this may be asked, as far as the address alone tells it; else a sentence.
    pub(super) fn admits(&self, url: &Url) -> Result<(), String> {
        if self.0.contains(&url.origin().ascii_serialization()) {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err("A token is sent by https only.".to_owned());
        }
        let admitted = match url.host() {
            Some(Host::Ipv4(address)) => is_public(address.into()),
            Some(Host::Ipv6(address)) => is_public(address.into()),
            Some(Host::Domain(name)) => !self.has(name),
            None => false,
        };
        if admitted { Ok(()) } else { Err(Refused(url.host_str().unwrap_or_default().to_owned()).to_string()) }
    }

    /// Whether a server of this name was named, with whatever port.
    fn has(&self, host: &str) -> bool {
        self.0.iter().filter_map(|origin| Url::parse(origin).ok()).any(|url| url.host_str() == Some(host))
    }
}

/// A server inside the network that nobody has named.
#[derive(Debug)]
pub(super) struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is inside the network of this server; whoever runs it can allow it with `connect-inside`.",
            self.0
        )
    }
}

impl std::error::Error for Refused {}

/// Finds the addresses of a name, and refuses those inside the network.
#[derive(Clone)]
pub(super) struct Resolver(Inside);

impl Resolver {
    pub fn new(inside: Inside) -> Resolver {
        Resolver(inside)
    }
}

impl Service<Name> for Resolver {
    type Response = IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<IntoIter<SocketAddr>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let inside = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            match inside.has(name.as_str()) || found.iter().all(|address| is_public(address.ip())) {
                true => Ok(found.into_iter()),
                false => Err(Refused(name.as_str().to_owned()).into()),
            }
        })
    }
}

/// Whether an address is one of the public internet, by the registries of special addresses of IANA
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>, `…/iana-ipv6-special-registry`).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, ..)
    );
    !special
}

/// Only what is given out (2000::/3), without what carries or hides an address of the fourth version.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let special = matches!((a, b), (0x2001, 0..=0x01ff | 0x0db8) | (0x2002 | 0x3fff, _));
    a & 0xe000 == 0x2000 && !special
}

#[cfg(test)]
mod tests;
