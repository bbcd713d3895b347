use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::Limits;

/// The address at the other end of the connection: the client's, or the reverse proxy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// Who sent the request, as far as the trusted proxies vouch for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The nearest address that is not a trusted proxy's.
    pub address: IpAddr,
    /// Whether the client spoke TLS to the proxy.
    pub https: bool,
    /// Whether the request came through a proxy, trusted or not.
    pub forwarded: bool,
}

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

impl Client {
    /// Reads, and takes away, the forwarding headers, so that nothing behind the listener can believe them unchecked.
    pub(super) fn of(headers: &mut HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> Self {
        let forwarded = headers.contains_key(FORWARDED_FOR) || headers.contains_key(header::FORWARDED);
        let client = if trusted.contains(&peer) {
            let https = rightmost(headers, FORWARDED_PROTO).next().is_some_and(|proto| proto == "https");
            Self { address: origin(headers, peer, trusted), https, forwarded }
        } else {
            Self { address: peer, https: false, forwarded }
        };
        headers.remove(FORWARDED_FOR);
        headers.remove(FORWARDED_PROTO);
        client
    }
}

/// Each proxy appends the address that it saw, so only what stands to the right of a stranger's address is vouched for.
fn origin(headers: &HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> IpAddr {
    let mut nearest = peer;
    for hop in rightmost(headers, FORWARDED_FOR) {
        let Some(address) = parse_hop(hop) else { break };
        nearest = address;
        if !trusted.contains(&nearest) {
            break;
        }
    }
    nearest
}

fn parse_hop(hop: &str) -> Option<IpAddr> {
    let address = hop.parse().or_else(|_| hop.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// The elements of a list header, last first.
fn rightmost<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let lines: Vec<&HeaderValue> = headers.get_all(name).iter().collect();
    lines.into_iter().rev().flat_map(|line| line.to_str().unwrap_or_default().rsplit(',')).map(str::trim)
}

/// Why a request is not passed on.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal(StatusCode, &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.0, self.1).into_response();
        if self.0 == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(header::ALLOW, ALLOWED);
        }
        response
    }
}

const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
const ALLOWED: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");

/// Lets through only requests that every program on their way reads in the same manner.
pub fn check<B>(request: &Request<B>, limits: &Limits) -> Result<(), Refusal> {
    if !METHODS.contains(request.method()) {
        return Err(Refusal(StatusCode::METHOD_NOT_ALLOWED, "This method is not supported."));
    }
    let uri = request.uri();
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    if target.len() > limits.target_bytes {
        return Err(Refusal(StatusCode::URI_TOO_LONG, "The address is too long."));
    }
    if uri.authority().is_some() || !target.starts_with('/') || !target.is_ascii() {
        return Err(Refusal(StatusCode::BAD_REQUEST, "The request target must be a path."));
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if is_host(host) => Ok(()),
        _ => Err(Refusal(StatusCode::BAD_REQUEST, "The request needs exactly one valid Host header.")),
    }
}

/// Whether this is a name or an address with an optional port, in the letters that occur in names of hosts.
fn is_host(value: &HeaderValue) -> bool {
    let Ok(value) = value.to_str() else { return false };
    let end = value.find(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match value[end..].find(':') {
        Some(colon) => (&value[..end + colon], Some(&value[end + colon + 1..])),
        None => (value, None),
    };
    let is_name = |name: &str| {
        (1..=253).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let is_address = |host: &str| {
        host.strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    (is_name(host) || is_address(host)) && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests;
