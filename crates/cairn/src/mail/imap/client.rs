use replies::LARGEST;
use std::{fmt, io};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

/// Why the server did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    Network(io::Error),
    /// It said no; with its words.
    Refused(String),
    /// It said what no server says.
    Strange,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Network(error) => write!(f, "the connection broke: {error}"),
            Failure::Refused(words) => write!(f, "the mail server refused: {words}"),
            Failure::Strange => f.write_str("the mail server does not speak IMAP"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Network(error)
    }
}

/// A connection to a mail server.
pub struct Client<S> {
    stream: BufReader<S>,
    tag: u32,
}

/// One answer of the server: its text, in which each literal is cut out, and the literals.
struct Answer {
    text: String,
    literals: Vec<Vec<u8>>,
}

const LONGEST_LINE: usize = 1024 * 1024;
/// So many messages are taken at a time.
const MOST: usize = 200;

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub fn new(stream: S) -> Client<S> {
        Client { stream: BufReader::new(stream), tag: 0 }
    }

    /// Names and passwords are sent as literals, so that any letter may stand in them.
    pub async fn log_in(&mut self, user: &str, password: &str) -> Result<(), Failure> {
        let greeting = self.answer().await?;
        if !greeting.text.starts_with("* OK") {
            return Err(Failure::Refused(greeting.text));
        }
        let tag = self.next_tag();
        self.send(&format!("{tag} LOGIN {{{}}}", user.len())).await?;
        self.go_on().await?;
        self.send(&format!("{user} {{{}}}", password.len())).await?;
        self.go_on().await?;
        self.send(password).await?;
        self.finish(&tag).await.map(|_| ())
    }

    pub async fn select(&mut self, mailbox: &str) -> Result<(), Failure> {
        let name = mailbox.replace('\\', "\\\\").replace('"', "\\\"");
        self.run(&format!("SELECT \"{name}\"")).await.map(|_| ())
    }

    /// The ids of messages that nobody has seen, oldest first.
    pub async fn unseen(&mut self) -> Result<Vec<u32>, Failure> {
        let answers = self.run("UID SEARCH UNSEEN").await?;
        let found = answers.iter().filter_map(|answer| answer.text.strip_prefix("* SEARCH"));
        let mut ids: Vec<u32> = found.flat_map(str::split_whitespace).filter_map(|id| id.parse().ok()).collect();
        ids.sort_unstable();
        ids.truncate(MOST);
        Ok(ids)
    }

    /// In bytes; nothing where the message has gone meanwhile.
    pub async fn size(&mut self, id: u32) -> Result<usize, Failure> {
        let answers = self.run(&format!("UID FETCH {id} (RFC822.SIZE)")).await?;
        let size = |answer: &Answer| {
            let (_, behind) = answer.text.split_once("RFC822.SIZE ")?;
            behind.split([' ', ')']).next()?.parse().ok()
        };
        Ok(answers.iter().find_map(size).unwrap_or(0))
    }

    /// The whole message, left unseen.
    pub async fn text(&mut self, id: u32) -> Result<Option<Vec<u8>>, Failure> {
        let answers = self.run(&format!("UID FETCH {id} (BODY.PEEK[])")).await?;
        Ok(answers
            .into_iter()
            .filter(|answer| answer.text.contains("BODY[]"))
            .find_map(|mut answer| answer.literals.pop()))
    }

    pub async fn mark_seen(&mut self, id: u32) -> Result<(), Failure> {
        self.run(&format!("UID STORE {id} +FLAGS.SILENT (\\Seen)")).await.map(|_| ())
    }

    /// What was wanted has been done by then, so it does not matter whether the server says goodbye.
    pub async fn log_out(&mut self) {
        let _ = self.run("LOGOUT").await;
    }

    async fn run(&mut self, command: &str) -> Result<Vec<Answer>, Failure> {
        let tag = self.next_tag();
        self.send(&format!("{tag} {command}")).await?;
        self.finish(&tag).await
    }

    fn next_tag(&mut self) -> String {
        self.tag += 1;
        format!("c{}", self.tag)
    }

    async fn send(&mut self, line: &str) -> Result<(), Failure> {
        let stream = self.stream.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        Ok(stream.flush().await?)
    }

    /// Waits until the server wants the literal.
    async fn go_on(&mut self) -> Result<(), Failure> {
        loop {
            let answer = self.answer().await?;
            match answer.text.get(..1) {
                Some("+") => return Ok(()),
                Some("*") => {}
                _ => return Err(Failure::Refused(answer.text)),
            }
        }
    }

    /// The answers before the one with the tag of the command, if that one says OK.
    async fn finish(&mut self, tag: &str) -> Result<Vec<Answer>, Failure> {
        let mut answers = Vec::new();
        loop {
            let answer = self.answer().await?;
            match answer.text.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) {
                Some(rest) if rest.starts_with("OK") => return Ok(answers),
                Some(rest) => return Err(Failure::Refused(rest.to_owned())),
                None => answers.push(answer),
            }
        }
    }

    /// A line, and as long as it ends with the size of a literal, that literal and the line behind it.
    async fn answer(&mut self) -> Result<Answer, Failure> {
        let mut answer = Answer { text: String::new(), literals: Vec::new() };
        let mut room = LARGEST + LONGEST_LINE;
        loop {
            let line = self.line().await?;
            answer.text.push_str(&line);
            let Some(size) = literal(&line) else { return Ok(answer) };
            room = room.checked_sub(size).ok_or(Failure::Strange)?;
            let mut bytes = vec![0; size];
            self.stream.read_exact(&mut bytes).await?;
            answer.literals.push(bytes);
        }
    }

    async fn line(&mut self) -> Result<String, Failure> {
        let mut bytes = Vec::new();
        (&mut self.stream).take(LONGEST_LINE as u64).read_until(b'\n', &mut bytes).await?;
        match bytes.strip_suffix(b"\n") {
            Some(line) => Ok(String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()),
            None if bytes.is_empty() => Err(Failure::Network(io::ErrorKind::UnexpectedEof.into())),
            None => Err(Failure::Strange),
        }
    }
}

/// The size in `{123}` at the end of a line.
fn literal(line: &str) -> Option<usize> {
    line.strip_suffix('}')?.rsplit_once('{')?.1.parse().ok()
}
