//! One connection of a mail server that delivers answers.
use super::{
    Fate, Post,
    listener::Limits,
    session::{Envelope, GREETING, Next, Session, TOO_SLOW, Verdict},
};
use replies::LARGEST;
use std::{future::Future, io, time::Duration};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    time::{Instant, timeout, timeout_at},
};

/// RFC 5321 allows 512 bytes, and extensions add to that.
const LONGEST_COMMAND: usize = 2000;

/// Talks until the other side goes, makes too many mistakes, or takes too long.
pub async fn talk<S: AsyncRead + AsyncWrite + Unpin>(stream: S, post: &Post, limits: &Limits) -> io::Result<()> {
    let mut connection = Connection { stream: BufReader::new(stream), session: Session::default(), post, limits };
    let end = Instant::now() + limits.session;
    match timeout_at(end, connection.run()).await {
        Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => connection.say(TOO_SLOW).await,
        Ok(result) => result,
        Err(_) => connection.say(TOO_SLOW).await,
    }
}

struct Connection<'a, S> {
    stream: BufReader<S>,
    session: Session,
    post: &'a Post,
    limits: &'a Limits,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<'_, S> {
    async fn run(&mut self) -> io::Result<()> {
        self.say(GREETING).await?;
        loop {
            let line = within(self.limits.command, read_line(&mut self.stream, LONGEST_COMMAND)).await?;
            if !line.ends_with(b"\n") {
                let too_long = line.len() >= LONGEST_COMMAND;
                return if too_long { self.say("500 5.5.2 Too long a line").await } else { Ok(()) };
            }
            let next = self.session.command(&line, |address| self.post.serves(address));
            match next {
                Next::Say(text) => self.say(&text).await?,
                Next::Close(text) => return self.say(text).await,
                Next::ReadText => self.message().await?,
            }
        }
    }

    async fn message(&mut self) -> io::Result<()> {
        self.say("354 End with a line that has only a dot").await?;
        let text = within(self.limits.text, read_text(&mut self.stream)).await?;
        let Envelope { is_bounce, recipients } = self.session.envelope();
        let mut verdicts = Vec::new();
        for recipient in &recipients {
            verdicts.push(match &text {
                None => Verdict::TooLarge,
                Some(_) if is_bounce => Verdict::Saved, // a machine wrote it, and there is nothing to save
                Some(text) => deliver(self.post, text, recipient).await,
            });
        }
        let reply = self.session.end_of_text(&verdicts);
        self.say(&reply).await
    }

    async fn say(&mut self, text: &str) -> io::Result<()> {
        let line = format!("{text}\r\n");
        within(self.limits.command, self.stream.get_mut().write_all(line.as_bytes())).await?;
        within(self.limits.command, self.stream.get_mut().flush()).await
    }
}

/// Answers after the commit: what was acknowledged is not lost.
async fn deliver(post: &Post, text: &[u8], recipient: &str) -> Verdict {
    match post.receive(text, recipient).await {
        Ok(Fate::Received(_)) => Verdict::Saved,
        Ok(Fate::Unreadable(_)) => Verdict::Unreadable,
        Err(_) => Verdict::Later,
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// The next line with its end; less if the other side has gone, or if it is longer than `most`.
async fn read_line(stream: &mut (impl AsyncBufRead + Unpin), most: usize) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let bytes = stream.fill_buf().await?;
        if bytes.is_empty() || line.len() >= most {
            return Ok(line);
        }
        let room = bytes.len().min(most - line.len());
        let end = bytes[..room].iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(room, |end| end + 1);
        line.extend_from_slice(&bytes[..taken]);
        stream.consume(taken);
        if end.is_some() {
            return Ok(line);
        }
    }
}

/// The text of a message up to the dot, without the dots that were doubled; nothing if it is too large. Only a dot
/// between two CRLF ends it: whoever takes less lets one message be smuggled in another.
async fn read_text(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    const PIECE: usize = 64 * 1024;
    let mut text = Vec::new();
    let mut is_large = false;
    let mut after_crlf = true;
    loop {
        let piece = read_line(stream, PIECE).await?;
        if piece.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if after_crlf && piece == b".\r\n" {
            return Ok((!is_large).then_some(text));
        }
        let kept = if after_crlf && piece.starts_with(b".") { &piece[1..] } else { &piece[..] };
        is_large |= text.len() + kept.len() > LARGEST;
        if !is_large {
            text.extend_from_slice(kept);
        }
        after_crlf = piece.ends_with(b"\r\n");
    }
}
