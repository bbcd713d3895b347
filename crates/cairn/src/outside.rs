//! What Cairn reaches beyond its database: a mail server, or a folder in its place, and the folder of checkpoints.
use crate::{config::Config, files::Files, keys, ledger};
use audit::note::SigningKey;
use kernel::{BlobStore, Checkpoint, Error, Later, Letter, Outside, Result};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use std::{path::PathBuf, sync::Arc};
use tokio::task::spawn_blocking;

pub struct Real {
    from: Mailbox,
    smtp: Option<AsyncSmtpTransport<Tokio1Executor>>,
    mail_folder: PathBuf,
    host: String,
    key: SigningKey,
    checkpoints: PathBuf,
    notes: PathBuf,
    files: Arc<Files>,
}

impl Real {
    /// A demonstration keeps its letters and files in folders whatever the configuration says: its people do not exist.
    pub fn new(config: &Config, demonstration: bool) -> Result<Real> {
        let wrong = |error: String| Error::invalid("mail-from", format!("The sender cannot be read: {error}."));
        let from = config.text("mail-from").parse().map_err(|e: lettre::address::AddressError| wrong(e.to_string()))?;
        let smtp = match config.text("smtp-url") {
            "" => None,
            _ if demonstration => None,
            url => {
                let wrong =
                    |e: lettre::transport::smtp::Error| Error::invalid("smtp-url", format!("It cannot be used: {e}."));
                Some(AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(wrong)?.build())
            }
        };
        let base = config.base_url();
        let host =
            base.split("//").nth(1).unwrap_or("localhost").split([':', '/']).next().unwrap_or("localhost").to_owned();
        let (mail_folder, checkpoints) = (config.data().join("mail"), config.data().join("checkpoints"));
        let notes = match demonstration {
            true => config.data().join("demonstration").join(ledger::FILE),
            false => config.data().join(ledger::FILE),
        };
        let files = Arc::new(match demonstration {
            true => Files::folder(&config.data().join("demonstration").join("files"))?,
            false => Files::open(config)?,
        });
        Ok(Real { from, smtp, mail_folder, host, key: keys::signing_key(config)?, checkpoints, notes, files })
    }

    pub fn files(&self) -> Arc<Files> {
        self.files.clone()
    }

    async fn deliver(&self, letter: Letter) -> Result<()> {
        let to: Mailbox = letter.to.parse().map_err(Error::internal)?;
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)));
        for (name, value) in letter.headers {
            let name = HeaderName::new_from_ascii(name).map_err(|error| Error::internal(error.to_string()))?;
            message = message.raw_header(HeaderValue::new(name, value));
        }
        let body = MultiPart::alternative_plain_html(letter.text, letter.html);
        let body = match letter.calendar {
            Some(calendar) => body.singlepart(invitation(calendar)?),
            None => body,
        };
        let message = message.multipart(body).map_err(Error::internal)?;
        match &self.smtp {
            Some(server) => server.send(message).await.map(|_| ()).map_err(Error::internal),
            None => {
                tokio::fs::create_dir_all(&self.mail_folder).await.map_err(Error::internal)?;
                let path = self.mail_folder.join(format!("{}.eml", letter.id));
                tokio::fs::write(path, message.formatted()).await.map_err(Error::internal)
            }
        }
    }
}

/// A calendar as the last and richest form of a letter; its media type names the method that the calendar has.
fn invitation(calendar: String) -> Result<SinglePart> {
    let method = calendar.lines().find_map(|line| line.strip_prefix("METHOD:")).unwrap_or("REQUEST");
    let kind =
        ContentType::parse(&format!("text/calendar; charset=utf-8; method={method}")).map_err(Error::internal)?;
    Ok(SinglePart::builder().header(kind).body(calendar))
}

impl Outside for Real {
    fn send(&self, letter: Letter) -> Later<'_, ()> {
        Box::pin(self.deliver(letter))
    }

    fn publish(&self, checkpoint: Checkpoint) -> Later<'_, String> {
        Box::pin(async move {
            let note = audit::checkpoint::sign(&self.key, &checkpoint)?;
            tokio::fs::create_dir_all(&self.checkpoints).await.map_err(Error::internal)?;
            let path = self.checkpoints.join(format!("{}-{:012}.note", checkpoint.workspace, checkpoint.size));
            tokio::fs::write(path, &note).await.map_err(Error::internal)?;
            Ok(note)
        })
    }

    fn note_access(&self, line: String) -> Later<'_, ()> {
        let path = self.notes.clone();
        Box::pin(async move {
            let written = spawn_blocking(move || ledger::append(&path, &line)).await.map_err(Error::internal)?;
            written.map_err(Error::internal)
        })
    }

    fn blobs(&self) -> &dyn BlobStore {
        &*self.files
    }
}
