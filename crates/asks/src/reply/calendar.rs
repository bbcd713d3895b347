//! What calendar programs answer to invitations goes to the part that sent them.
use super::{Outcome, ReceiveMail};
use holidays::ics::{Answer, read_reply};
use kernel::{Attendance, CalendarReply, Result, Taken, Tx};

/// What became of it; nothing for a letter that is no such answer, or one to a letter about asks.
pub async fn answer(tx: &mut Tx<'_>, message: &ReceiveMail) -> Result<Option<Outcome>> {
    let mail = &message.raw.mail;
    let read = mail.calendar.as_deref().and_then(read_reply);
    let (Some(read), Some(replies)) = (read, tx.reply_to()) else { return Ok(None) };
    for secret in message.secrets(replies) {
        let reply = CalendarReply {
            secret,
            from: mail.from.clone(),
            uid: read.uid.clone(),
            sequence: read.sequence,
            attendee: read.attendee.clone(),
            attendance: match read.answer {
                Answer::Accepted => Attendance::Accepted,
                Answer::Tentative => Attendance::Tentative,
                Answer::Declined => Attendance::Declined,
            },
            written_at: read.written_at.map(Into::into),
        };
        if let Some(taken) = tx.take_reply(&reply).await? {
            return Ok(Some(match taken {
                Taken::Kept => Outcome::Answered,
                Taken::TooOld => Outcome::TooOld,
                Taken::NoAccess => Outcome::NoAccess,
                Taken::OtherSender => Outcome::OtherSender,
            }));
        }
    }
    Ok(None)
}
