//! The HTTP/1 listener: one task per connection, and a limit for everything that a client can make the server wait for.
//!
//! `axum::serve` keeps half-sent headers, half-sent bodies, silent connections and clients that do not read open for
//! ever. TLS and HTTP/2 belong to the reverse proxy in front.

mod body;
mod gate;
mod patience;
mod places;
mod request;

use std::{convert::Infallible, future::Future, io, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{Instant, sleep, timeout, timeout_at},
};
use tower::ServiceExt;

pub use self::request::{Client, PeerAddress};
use self::{
    body::{Exchange, PacedBody},
    gate::Gate,
    places::{Place, Places},
};

/// What one client, and all of them together, may ask of the listener.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the connection to its first byte.
    pub first_byte_time: Duration,
    /// From the first byte of a request to the end of its headers.
    pub header_time: Duration,
    /// How long the client may in total fall silent while it sends a body; bytes that arrive earn time back at
    /// `slowest_rate`.
    pub body_time: Duration,
    /// From the last byte of a request to the first byte of its answer. A stream, once begun, may last for ever.
    pub request_time: Duration,
    /// How long the client may in total refuse to read an answer; bytes that it reads earn time back at `slowest_rate`.
    pub write_time: Duration,
    /// From the end of an answer to the end of the next request's headers.
    pub keep_alive_idle: Duration,
    /// How long running requests may go on after the shutdown has begun.
    pub shutdown_time: Duration,
    /// The slowest client that is served, in bytes per second.
    pub slowest_rate: u32,
    /// The size of a request line and its headers together, in bytes; at least 8,192.
    pub header_bytes: usize,
    /// The number of headers of a request.
    pub headers: usize,
    /// The size of a request target (path and query), in bytes.
    pub target_bytes: usize,
    /// The size of a body that an extractor reads, in bytes. A route raises it with [`DefaultBodyLimit::max`].
    pub body_bytes: usize,
    /// Open connections.
    pub connections: usize,
    /// Open connections from one IPv4 address or one IPv6 /64 network.
    pub per_address: usize,
    /// Reverse proxies: free of `per_address`, and believed in `X-Forwarded-For` and `X-Forwarded-Proto`.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte_time: Duration::from_secs(5),
            header_time: Duration::from_secs(5),
            body_time: Duration::from_secs(10),
            request_time: Duration::from_secs(30),
            write_time: Duration::from_secs(30),
            keep_alive_idle: Duration::from_secs(15),
            shutdown_time: Duration::from_secs(20),
            slowest_rate: 1024,
            header_bytes: 16 * 1024,
            headers: 64,
            target_bytes: 8 * 1024,
            body_bytes: 1024 * 1024,
            connections: 1024,
            per_address: 128,
            trusted_proxies: Vec::new(),
        }
    }
}

/// Tells a long answer, such as a stream of events, that the server is shutting down. In the extensions of every
/// request.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Waits until the shutdown begins; at once where it already has.
    pub async fn begun(mut self) {
        // An error means that the listener is gone, which is a shutdown too.
        let _ = self.0.wait_for(|begun| *begun).await;
    }
}

/// Answers the requests that arrive at `listener` with `app` until `shutdown` is ready, then lets the running ones
/// finish for at most `limits.shutdown_time`. Each request carries [`PeerAddress`], [`Client`] and [`Shutdown`] in its
/// extensions.
///
/// Speaks HTTP/1.1 and 1.0, both with exactly one `Host`. Errors of single connections, and of accepting one, are
/// logged and end nothing else.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, shutdown: impl Future<Output = ()>) {
    let (stop, stopping) = watch::channel(false);
    let shutdown_time = limits.shutdown_time;
    let server = Arc::new(Server::new(app, limits, Shutdown(stopping)));
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => server.admit(stream, peer.ip().to_canonical(), &mut connections),
                Err(error) => recover(&error).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    stop.send_replace(true);
    let finished = async { while connections.join_next().await.is_some() {} };
    if timeout(shutdown_time, finished).await.is_err() {
        tracing::warn!(connections = connections.len(), "The shutdown cut off requests that were still running.");
        connections.shutdown().await;
    }
}

/// A full table of open files is the usual error: connections must end before the next can be accepted.
async fn recover(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "A connection could not be accepted.");
        sleep(Duration::from_millis(250)).await;
    }
}

struct Server {
    app: Router,
    http: http1::Builder,
    limits: Limits,
    places: Arc<Places>,
    refusals: Arc<Semaphore>,
    shutdown: Shutdown,
}

const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n";
const REFUSALS: usize = 64;
const BUFFER_BYTES: usize = 64 * 1024;

impl Server {
    fn new(app: Router, limits: Limits, shutdown: Shutdown) -> Self {
        let mut http = http1::Builder::new();
        // hyper's clock starts when the last answer ended, so it measures idleness; the gate measures the header.
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.keep_alive_idle)
            .max_headers(limits.headers)
            .max_header_size(limits.header_bytes)
            .max_buf_size(BUFFER_BYTES.max(limits.header_bytes));
        Self {
            app: app.layer(DefaultBodyLimit::max(limits.body_bytes)),
            http,
            places: Arc::new(Places::new(limits.connections, limits.per_address)),
            refusals: Arc::new(Semaphore::new(REFUSALS)),
            limits,
            shutdown,
        }
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, peer: IpAddr, connections: &mut JoinSet<()>) {
        let exempt = self.limits.trusted_proxies.contains(&peer);
        match self.places.take(peer, exempt) {
            Some(place) => {
                connections.spawn(self.clone().converse(stream, peer, place));
            }
            None => self.refuse(stream, connections),
        }
    }

    /// Answers 503 and waits a moment for the client to read it; where too many wait already, just closes.
    fn refuse(&self, mut stream: TcpStream, connections: &mut JoinSet<()>) {
        let Ok(permit) = self.refusals.clone().try_acquire_owned() else { return };
        connections.spawn(async move {
            let farewell = async {
                stream.write_all(BUSY).await?;
                stream.shutdown().await?;
                tokio::io::copy(&mut (&mut stream).take(BUFFER_BYTES as u64), &mut tokio::io::sink()).await
            };
            // Nobody is left to tell when the client does not wait for its refusal.
            let _ = timeout(Duration::from_secs(1), farewell).await;
            drop(permit);
        });
    }

    async fn converse(self: Arc<Self>, stream: TcpStream, peer: IpAddr, _place: Place) {
        // Without it an answer in several writes would wait for the client's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "The connection ended before it began.");
            return;
        }
        let service = service_fn(|request| self.answer(request, peer));
        let gate = TokioIo::new(Gate::new(stream, &self.limits));
        let mut connection = pin!(self.http.serve_connection(gate, service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.shutdown.clone().begun() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "A connection ended early.");
        }
    }

    async fn answer(&self, request: Request<Incoming>, peer: IpAddr) -> Result<Response, Infallible> {
        if let Err(refusal) = request::check(&request, &self.limits) {
            return Ok(closing(refusal.into_response()));
        }
        // The gate does not look for a next request behind a chunked body.
        let last = request.headers().contains_key(header::TRANSFER_ENCODING);
        let exchange = Arc::new(Exchange::new());
        let request = self.prepare(request, peer, &exchange);
        let mut response = self.respond(request, &exchange).await;
        if exchange.stalled() {
            response = (StatusCode::REQUEST_TIMEOUT, "The request body arrived too slowly.").into_response();
        }
        let cut_off = [StatusCode::REQUEST_TIMEOUT, StatusCode::PAYLOAD_TOO_LARGE].contains(&response.status());
        Ok(if last || cut_off { closing(response) } else { response })
    }

    fn prepare(&self, request: Request<Incoming>, peer: IpAddr, exchange: &Arc<Exchange>) -> Request {
        let mut request = request.map(|body| PacedBody::wrap(body, exchange.clone(), &self.limits));
        let client = Client::of(request.headers_mut(), peer, &self.limits.trusted_proxies);
        request.extensions_mut().insert(PeerAddress(peer));
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(self.shutdown.clone());
        request
    }

    async fn respond(&self, request: Request<Body>, exchange: &Exchange) -> Response {
        let mut response = pin!(self.app.clone().oneshot(request));
        loop {
            let deadline = exchange.last_heard() + self.limits.request_time;
            match timeout_at(deadline, response.as_mut()).await {
                Ok(Ok(response)) => return response,
                Err(_) if exchange.last_heard() + self.limits.request_time > Instant::now() => {}
                Err(_) => {
                    return closing((StatusCode::SERVICE_UNAVAILABLE, "The answer took too long.").into_response());
                }
            }
        }
    }
}

fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
