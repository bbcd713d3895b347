//! Answers by mail come in through three doors: a listener for LMTP and SMTP, a mailbox that is looked at over IMAP, and
//! `cairn receive`. The API has a fourth. All of them end in one operation.
mod connection;
pub mod imap;
pub mod listener;
mod session;

use crate::{config::Config, world::World};
use asks::reply::{Receipt, ReceiveMail};
use kernel::{Actor, App, Error, Id, Result, Workspace};
use tokio::task::JoinSet;

/// Where messages go.
#[derive(Clone)]
pub struct Post {
    pub app: App,
    pub workspace: Id<Workspace>,
}

/// What became of a message that will not be asked for again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It did what it could, and that is saved.
    Received(Receipt),
    /// It can never be read; the sentence says why.
    Unreadable(String),
}

impl Post {
    /// Whether letters have addresses of this kind.
    pub fn serves(&self, recipient: &str) -> bool {
        self.app.reply_to.as_ref().is_some_and(|replies| replies.secret(recipient).is_some())
    }

    /// Takes a message in. `recipient` is the address to which it was delivered, or empty. After an error the message
    /// is to be offered again.
    pub async fn receive(&self, raw: &[u8], recipient: &str) -> Result<Fate> {
        let input = match ReceiveMail::new(raw, recipient) {
            Ok(input) => input,
            Err(Error::Invalid(flaws)) => {
                tracing::warn!(reason = %Error::Invalid(flaws.clone()), "a message cannot be read");
                return Ok(Fate::Unreadable(Error::Invalid(flaws).to_string()));
            }
            Err(error) => return Err(error),
        };
        let receipt = self.app.call(&Actor::system(self.workspace), input).await;
        let receipt = receipt.inspect_err(|error| tracing::warn!(%error, "a message has to wait"))?;
        tracing::info!(outcome = ?receipt.outcome, answered = receipt.answered, "a message arrived");
        Ok(Fate::Received(receipt))
    }
}

/// Opens the doors that are configured. They close when what is returned is dropped.
pub async fn open(config: &Config, world: &World) -> Result<JoinSet<()>> {
    let post = Post { app: world.app.clone(), workspace: world.workspace };
    let mut doors = JoinSet::new();
    if let Some(place) = config.mail_listen()? {
        let door = listener::Door::open(&place).await.map_err(|error| {
            Error::invalid(
                "mail-listen",
                format!("{place} cannot be used: {error}. Choose another with --mail-listen."),
            )
        })?;
        doors.spawn(door.serve(post.clone(), listener::Limits::default()));
    }
    if let Some(mailbox) = config.mailbox()? {
        doors.spawn(imap::watch(mailbox, post));
    }
    Ok(doors)
}
