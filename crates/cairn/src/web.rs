//! How other servers are asked: HTTP/1.1 over the TLS that Cairn uses everywhere. No redirect is followed, and nothing inside
//! the network around this machine is reached unless whoever runs it has named the server.
mod reach;

pub use reach::Inside;

use axum::http::{HeaderName, HeaderValue, Method, Request, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use kernel::{Error, Fetch, Fetched, Result};
use reach::{Refused, Resolver};
use std::{error::Error as StdError, time::Duration};
use tokio::time::timeout;
use url::Url;

/// Asks other servers, and keeps connections to them for a while.
#[derive(Clone)]
pub struct Web {
    client: Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>,
    inside: Inside,
}

/// A whole answer arrives within this time.
const PATIENCE: Duration = Duration::from_secs(25);
const TO_CONNECT: Duration = Duration::from_secs(8);

impl Web {
    /// `inside` names the servers that may be asked wherever they are.
    pub fn new(inside: Inside) -> Web {
        let mut http = HttpConnector::new_with_resolver(Resolver::new(inside.clone()));
        http.enforce_http(false);
        http.set_connect_timeout(Some(TO_CONNECT));
        let tls = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1();
        Web { client: Client::builder(TokioExecutor::new()).build(tls.wrap_connector(http)), inside }
    }

    /// What a server answers, whatever its status.
    ///
    /// # Errors
    /// `Busy` if it does not answer, `TooLarge` if it answers with more than is taken, `Invalid` if it may not be asked.
    pub async fn fetch(&self, fetch: Fetch) -> Result<Fetched> {
        let url = Url::parse(&fetch.url).map_err(|_| refused("This is no address of a server."))?;
        self.inside.admits(&url).map_err(refused)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let asked = async {
            let response = self.client.request(request(&url, fetch.headers, fetch.body)?).await;
            read(response.map_err(|error| no_answer(&host, &error))?, &host, fetch.most).await
        };
        let late = || Error::Busy(format!("{host} did not answer within {} seconds.", PATIENCE.as_secs()));
        timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(late()))
    }
}

fn request(url: &Url, headers: Vec<(&'static str, String)>, body: Option<Vec<u8>>) -> Result<Request<Full<Bytes>>> {
    let method = if body.is_some() { Method::POST } else { Method::GET };
    let mut request = Request::builder().method(method).uri(url.as_str());
    for (name, value) in headers {
        let mut value = HeaderValue::try_from(value).map_err(|_| refused("The token holds what no token can hold."))?;
        value.set_sensitive(true);
        request = request.header(HeaderName::from_static(name), value);
    }
    request.body(Full::from(body.unwrap_or_default())).map_err(|_| refused("This is no address of a server."))
}

async fn read(response: Response<Incoming>, host: &str, most: usize) -> Result<Fetched> {
    let (head, mut body) = response.into_parts();
    if body.size_hint().lower() > most as u64 {
        return Err(Error::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| no_answer(host, &error))?;
        bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| &data[..]));
        if bytes.len() > most {
            return Err(Error::TooLarge);
        }
    }
    let text = |value: &HeaderValue| value.to_str().map(str::to_owned).ok();
    let headers = head.headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)));
    Ok(Fetched { status: head.status.as_u16(), headers: headers.collect(), body: bytes })
}

fn refused(sentence: impl Into<String>) -> Error {
    Error::invalid("address", sentence)
}

/// What is at the bottom of it, such as `connection refused`; an address that may not be asked is no reason to try again.
fn no_answer(host: &str, error: &(dyn StdError + 'static)) -> Error {
    let causes = || std::iter::successors(Some(error), |error| (**error).source());
    if let Some(inside) = causes().find_map(|cause| cause.downcast_ref::<Refused>()) {
        return refused(inside.to_string());
    }
    let cause = causes().last().map(ToString::to_string).unwrap_or_default();
    Error::Busy(format!("{host} cannot be reached: {}.", cause.trim_end_matches('.')))
}
