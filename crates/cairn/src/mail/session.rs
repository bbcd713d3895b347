//! The conversation of SMTP (RFC 5321) and LMTP (RFC 2033), without the network.
use replies::LARGEST;

/// What one connection has said so far.
#[derive(Default)]
pub struct Session {
    protocol: Option<Protocol>,
    /// The sender of the message that is being announced; empty for a bounce.
    sender: Option<String>,
    recipients: Vec<String>,
    mistakes: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Smtp,
    /// The text of a message is answered once for each recipient.
    Lmtp,
}

/// What to do after a command.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    Say(String),
    /// Read the text of a message, and answer with [`Session::end_of_text`].
    ReadText,
    Close(&'static str),
}

/// A message that was announced.
pub struct Envelope {
    pub is_bounce: bool,
    pub recipients: Vec<String>,
}

/// What is said to a recipient of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Saved,
    TooLarge,
    Unreadable,
    Later,
}

impl Verdict {
    fn reply(self) -> &'static str {
        match self {
            Verdict::Saved => "250 2.0.0 Saved",
            Verdict::TooLarge => "552 5.3.4 The message is larger than 10 MB",
            Verdict::Unreadable => "554 5.6.0 The message cannot be read",
            Verdict::Later => "451 4.3.0 Not now, try again later",
        }
    }
}

pub const GREETING: &str = "220 Cairn takes answers to its letters";
pub const TOO_MANY: &str = "421 4.3.2 Too many connections, try again later";
pub const TOO_SLOW: &str = "421 4.4.2 Too slow";
const MOST_RECIPIENTS: usize = 10;
const MOST_MISTAKES: u32 = 10;

impl Session {
    /// Answers a command. `serves` says whether there is such a recipient.
    pub fn command(&mut self, line: &[u8], serves: impl Fn(&str) -> bool) -> Next {
        let next = match std::str::from_utf8(line) {
            Ok(line) => self.obey(line.trim_end(), serves),
            Err(_) => say("500 5.5.2 Commands are plain text"),
        };
        self.mistakes += u32::from(matches!(&next, Next::Say(text) if text.starts_with('5')));
        if self.mistakes > MOST_MISTAKES { Next::Close("421 4.7.0 Too many mistakes") } else { next }
    }

    fn obey(&mut self, line: &str, serves: impl Fn(&str) -> bool) -> Next {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (verb.to_ascii_uppercase().as_str(), self.protocol) {
            ("EHLO" | "HELO" | "LHLO", _) if rest.trim().is_empty() => say("501 5.5.4 Say who you are"),
            ("HELO", _) => self.begin(Protocol::Smtp, "250 Cairn".into()),
            ("EHLO", _) => self.begin(Protocol::Smtp, abilities()),
            ("LHLO", _) => self.begin(Protocol::Lmtp, abilities()),
            ("NOOP", _) => say("250 2.0.0 Fine"),
            ("QUIT", _) => Next::Close("221 2.0.0 Goodbye"),
            ("RSET", _) => {
                self.forget();
                say("250 2.0.0 Forgotten")
            }
            ("VRFY", _) => say("252 2.1.5 Send it and see"),
            ("MAIL" | "RCPT" | "DATA", None) => say("503 5.5.1 Say EHLO or LHLO first"),
            ("MAIL", Some(_)) => self.mail(rest),
            ("RCPT", Some(_)) => self.recipient(rest, serves),
            ("DATA", Some(_)) if self.recipients.is_empty() => say("503 5.5.1 There is no recipient"),
            ("DATA", Some(_)) => Next::ReadText,
            _ => say("502 5.5.1 This is not done here"),
        }
    }

    fn begin(&mut self, protocol: Protocol, reply: String) -> Next {
        self.protocol = Some(protocol);
        self.forget();
        Next::Say(reply)
    }

    fn mail(&mut self, rest: &str) -> Next {
        let Some((address, parameters)) = path(rest, "FROM:") else {
            return say("501 5.5.4 Write MAIL FROM:<address>");
        };
        if self.sender.is_some() {
            return say("503 5.5.1 A message is announced already");
        }
        let size = parameters.split_whitespace().find_map(|one| strip_prefix(one, "SIZE="));
        if size.is_some_and(|size| size.parse().is_ok_and(|size: usize| size > LARGEST)) {
            return say(Verdict::TooLarge.reply());
        }
        self.sender = Some(address.to_owned());
        say("250 2.1.0 Go on")
    }

    fn recipient(&mut self, rest: &str, serves: impl Fn(&str) -> bool) -> Next {
        match path(rest, "TO:") {
            None => say("501 5.5.4 Write RCPT TO:<address>"),
            Some(_) if self.sender.is_none() => say("503 5.5.1 Say MAIL FROM first"),
            Some(_) if self.recipients.len() >= MOST_RECIPIENTS => say("452 4.5.3 Too many recipients"),
            Some((address, _)) if !serves(address) => say("550 5.1.1 Nobody has this address here"),
            Some((address, _)) => {
                self.recipients.push(address.to_owned());
                say("250 2.1.5 Go on")
            }
        }
    }

    fn forget(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }

    /// The message whose text follows.
    pub fn envelope(&self) -> Envelope {
        Envelope { is_bounce: self.sender.as_deref() == Some(""), recipients: self.recipients.clone() }
    }

    /// What is said after the text, given what became of it for each recipient. SMTP has one answer for all: it is
    /// saved only if it is saved for all of them.
    pub fn end_of_text(&mut self, verdicts: &[Verdict]) -> String {
        self.forget();
        let replies: Vec<&str> = verdicts.iter().map(|verdict| verdict.reply()).collect();
        if self.protocol == Some(Protocol::Lmtp) {
            return replies.join("\r\n");
        }
        let worst =
            [Verdict::Later, Verdict::TooLarge, Verdict::Unreadable].into_iter().find(|one| verdicts.contains(one));
        worst.unwrap_or(Verdict::Saved).reply().to_owned()
    }
}

fn say(text: &str) -> Next {
    Next::Say(text.to_owned())
}

fn abilities() -> String {
    format!("250-Cairn\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {LARGEST}")
}

/// The address in `FROM:<address>` and the parameters behind it.
fn path<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    const LONGEST: usize = 320;
    let rest = strip_prefix(text.trim_start(), word)?.trim_start();
    let (address, parameters) = rest.strip_prefix('<')?.split_once('>')?;
    let sane = address.len() <= LONGEST && address.chars().all(|c| !c.is_control() && c != ' ' && c != '<');
    sane.then_some((address, parameters))
}

fn strip_prefix<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let head = text.get(..start.len())?;
    head.eq_ignore_ascii_case(start).then(|| &text[start.len()..])
}

#[cfg(test)]
mod tests;
