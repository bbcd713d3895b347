//! Answers by mail: whoever replies to a letter about asks answers them, by the same rules as on the pages.
mod answer;
mod calendar;
mod message;

pub use message::Message;

use crate::ask::Ask;
use answer::{Sender, answer, explain};
use kernel::{
    Actor, Door, Error, Id, Mail, Method::Post, Operation, Person, ReplyTo, Result, Route, Time, Tx, args, columns,
    sql, text::Line, words,
};
use people::{access::actor_of, account::secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A letter is answered within this time.
pub(crate) const A_MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

words! {
    /// What became of a message.
    pub enum Outcome {
        /// It answered asks, or an invitation.
        Answered = "answered",
        /// It answered nothing that could be understood or was open still, and its sender was told so.
        Explained = "explained",
        /// A machine wrote it.
        Automatic = "automatic",
        /// No letter has this address.
        Unknown = "unknown",
        /// The letter is older than thirty days, or the date that it answers is not the current one.
        TooOld = "too_old",
        /// Who got the letter has no access any more.
        NoAccess = "no_access",
        /// Somebody else wrote it than the one who got the letter.
        OtherSender = "other_sender",
        /// It has been received before.
        Repeated = "repeated",
    }
}

/// What became of a message. Unless it answered something, nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Receipt {
    pub outcome: Outcome,
    /// How many asks it ended.
    pub answered: usize,
}

/// Take in an answer by mail, from a program to which it was delivered: what its sender wrote answers the asks of the
/// letter to which it replies.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveMail {
    /// The whole message with its headers, at most 10 MB: as text, or in base64 where it is not UTF-8.
    pub raw: Message,
    /// The address to which it was delivered, where the program knows it; else its headers are asked.
    #[serde(default)]
    pub recipient: Line<320>,
}

/// The letter that a message answers.
#[derive(Clone, Debug)]
pub struct Letter {
    id: Id<Mail>,
    person_id: Id<Person>,
    asks: String,
    sent_at: Time,
    email: String,
}
columns!(Letter { id, person_id, asks, sent_at, email });

/// A letter that was found, and its secret.
type Found = Option<(Letter, String)>;

impl Operation for ReceiveMail {
    const NAME: &str = "mail.receive";
    const ROUTE: Route = Route(Post, "/mails/inbound");
    type Target = Found;
    type Output = Receipt;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        let Some(replies) = tx.reply_to() else { return Ok(None) };
        for secret in self.secrets(replies) {
            let select = sql!(
                "select l.id, l.person_id, l.asks, l.sent_at, p.email from ask_letters l
                   join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
                  where l.workspace_id = $1 and l.secret_hash = $2 and p.email is not null"
            );
            let found: Option<Letter> = tx.find(select, args![tx.workspace(), secret::hash(&secret)]).await?;
            if let Some(letter) = found {
                return Ok(Some((letter, secret)));
            }
        }
        Ok(None)
    }

    fn allows(actor: &Actor, _: &Found) -> bool {
        actor.is_system() || actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, found: Found) -> Result<Receipt> {
        if tx.reply_to().is_none() {
            return Err(Error::conflict(
                "No mail is read here. Set mail-reply to the address at which answers arrive.",
            ));
        }
        let nothing = |outcome| Ok(Receipt { outcome, answered: 0 });
        let mail = &self.raw.mail;
        // Before machines are turned away: it is a calendar program that answers, and nobody answers it.
        if let Some(outcome) = calendar::answer(tx, self).await? {
            return nothing(outcome);
        }
        if mail.is_automatic {
            return nothing(Outcome::Automatic);
        }
        let Some((letter, secret)) = found else { return nothing(Outcome::Unknown) };
        if letter.sent_at + A_MONTH < tx.now() {
            return nothing(Outcome::TooOld);
        }
        let Some(person) = actor_of(tx, letter.person_id).await? else { return nothing(Outcome::NoAccess) };
        if mail.from.as_ref() != Some(&letter.email.to_lowercase()) {
            return nothing(Outcome::OtherSender);
        }
        if !self.is_first(tx, &letter).await? {
            return nothing(Outcome::Repeated);
        }
        let person = Actor { door: Door::Mail, ..person };
        let asks: Vec<Id<Ask>> = serde_json::from_str(&letter.asks).map_err(Error::internal)?;
        let done = answer(tx, &person, &asks, &mail.text).await?;
        if done.problems.is_empty() {
            return Ok(Receipt { outcome: Outcome::Answered, answered: done.answered });
        }
        explain(tx, &Sender { letter: &letter, secret: &secret, message: &self.raw }, &asks, &done).await?;
        let outcome = if done.answered > 0 { Outcome::Answered } else { Outcome::Explained };
        Ok(Receipt { outcome, answered: done.answered })
    }
}

impl ReceiveMail {
    /// A message that a mail server handed over.
    pub fn new(raw: &[u8], recipient: &str) -> Result<ReceiveMail> {
        let wrong = |sentence: String| Error::invalid("raw", sentence);
        let recipient = recipient.parse().map_err(|sentence: String| Error::invalid("recipient", sentence))?;
        Ok(ReceiveMail { raw: Message::parse(raw).map_err(wrong)?, recipient })
    }

    /// The secrets in the addresses of letters among the recipients; few, as each is looked up.
    fn secrets(&self, replies: &ReplyTo) -> Vec<String> {
        const MOST: usize = 5;
        if !self.recipient.is_empty() {
            return replies.secret(&self.recipient).into_iter().collect();
        }
        self.raw.mail.recipients.iter().filter_map(|address| replies.secret(address)).take(MOST).collect()
    }

    /// Remembers the message; `false` if it was received before.
    async fn is_first(&self, tx: &mut Tx<'_>, letter: &Letter) -> Result<bool> {
        let insert = sql!(
            "insert into mail_replies (workspace_id, letter_id, message_hash, received_at) values ($1, $2, $3, $4)
             on conflict (workspace_id, letter_id, message_hash) do nothing"
        );
        Ok(tx.run(insert, args![tx.workspace(), letter.id, self.raw.hash, tx.now()]).await? == 1)
    }
}
