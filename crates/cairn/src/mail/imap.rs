//! A mailbox that is looked at each minute over IMAP (RFC 3501). Few commands are needed, so the client is our own.
mod client;

use super::Post;
use client::{Client, Failure};
use kernel::{Error, Result};
use percent_encoding::percent_decode_str;
use replies::LARGEST;
use std::{sync::Arc, time::Duration};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use url::Url;

/// A mailbox of Cairn's own: whatever arrives there is read once and marked as seen.
#[derive(Clone)]
pub struct Mailbox {
    host: String,
    port: u16,
    user: String,
    password: String,
    name: String,
    /// Nothing where the connection is not encrypted.
    tls: Option<Arc<ClientConfig>>,
}

const EVERY: Duration = Duration::from_secs(60);
/// After failures it waits longer, but not longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 60);
const LONGEST_LOOK: Duration = Duration::from_secs(10 * 60);

impl Mailbox {
    /// Reads `imaps://user:password@mail.example.com/INBOX`. Without encryption (`imap://`) only this machine is asked.
    pub fn parse(text: &str) -> Result<Mailbox> {
        let wrong = |why: &str| Error::invalid("imap-url", format!("It cannot be used: {why}."));
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        let host = url.host_str().ok_or_else(|| wrong("it names no host"))?.trim_matches(['[', ']']).to_owned();
        let (tls, port) = match url.scheme() {
            "imaps" => (Some(certificates()?), 993),
            "imap" if matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1") => (None, 143),
            "imap" => return Err(wrong("without encryption only this machine is asked; write imaps://")),
            _ => return Err(wrong("write imaps://user:password@mail.example.com/INBOX")),
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(|text| text.into_owned());
        let read = |text: &str| decoded(text).map_err(|_| wrong("it holds characters that are not UTF-8"));
        let (user, password) = (read(url.username())?, read(url.password().unwrap_or_default())?);
        if user.is_empty() || password.is_empty() {
            return Err(wrong("it needs a user and a password"));
        }
        let name = match read(url.path().trim_start_matches('/'))? {
            name if name.is_empty() => "INBOX".to_owned(),
            name if name.bytes().all(|b| b.is_ascii_graphic() || b == b' ') => name,
            _ => return Err(wrong("the name of the mailbox has other letters than plain ones")),
        };
        Ok(Mailbox { host, port: url.port().unwrap_or(port), user, password, name, tls })
    }

    /// The same, trusting other certificates than those of the web.
    pub fn trusting(self, tls: Arc<ClientConfig>) -> Mailbox {
        Mailbox { tls: Some(tls), ..self }
    }

    /// Takes in what was not seen yet, and returns how many messages that were.
    pub async fn look(&self, post: &Post) -> Result<usize> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(Error::internal)?;
        match &self.tls {
            None => self.read(Client::new(stream), post).await,
            Some(tls) => {
                let name = ServerName::try_from(self.host.clone()).map_err(Error::internal)?;
                let stream = TlsConnector::from(tls.clone()).connect(name, stream).await.map_err(Error::internal)?;
                self.read(Client::new(stream), post).await
            }
        }
    }

    async fn read<S>(&self, mut client: Client<S>, post: &Post) -> Result<usize>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    {
        let failed = |failure: Failure| Error::internal(failure.to_string());
        client.log_in(&self.user, &self.password).await.map_err(failed)?;
        client.select(&self.name).await.map_err(failed)?;
        let unseen = client.unseen().await.map_err(failed)?;
        let mut troubles = Vec::new();
        for id in &unseen {
            if client.size(*id).await.map_err(failed)? > LARGEST {
                tracing::warn!("a message in the mailbox is larger than 10 MB and was not read");
            } else if let Some(raw) = client.text(*id).await.map_err(failed)?
                && let Err(error) = post.receive(&raw, "").await
            {
                troubles.push(error); // it stays unseen, and those behind it do not wait for it
                continue;
            }
            client.mark_seen(*id).await.map_err(failed)?;
        }
        client.log_out().await;
        troubles.pop().map_or(Ok(unseen.len()), Err)
    }
}

/// Looks each minute, and less often while that fails.
pub async fn watch(mailbox: Mailbox, post: Post) {
    let mut wait = EVERY;
    loop {
        let looked = timeout(LONGEST_LOOK, mailbox.look(&post)).await;
        let result = looked.unwrap_or_else(|_| Err(Error::internal("the mail server took too long")));
        wait = match result {
            Ok(_) => EVERY,
            Err(error) => {
                let error = cause(&error);
                tracing::warn!(error, "the mailbox cannot be read");
                (wait * 2).min(LONGEST_WAIT)
            }
        };
        sleep(wait).await;
    }
}

/// What a log may say of it: the sentence for people says that something went wrong, and no more.
fn cause(error: &Error) -> String {
    match error {
        Error::Internal(source) => source.to_string(),
        other => other.to_string(),
    }
}

fn certificates() -> Result<Arc<ClientConfig>> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(Error::internal)?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests;
