use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use httparse::{Error, Header, Status};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

use super::{Limits, patience::Patience};

/// A socket that holds each request's header back until it is complete, and looks at it before hyper does.
///
/// hyper lets `Transfer-Encoding` win over `Content-Length` and hides the latter from its service, so that only the bytes
/// show the contradiction that request smuggling lives on (RFC 9112, section 6.1). It takes bare line feeds too. A header
/// refused here reaches hyper as one NUL, to which it answers 400 and closes.
pub struct Gate {
    stream: TcpStream,
    held: Vec<u8>,
    scanned: usize,
    /// How many bytes may go to hyper before the next header begins.
    passing: u64,
    deadline: Option<Pin<Box<Sleep>>>,
    header_time: Duration,
    header_bytes: usize,
    headers: usize,
    writing: Patience,
    lingering: Option<Pin<Box<Sleep>>>,
}

/// How long a connection that closes in the middle of a request waits for the client to close too. Without it the client
/// of a refused upload would see a reset connection instead of the answer.
const LINGER: Duration = Duration::from_secs(1);
const CHUNK: usize = 4096;
const MALFORMED: &[u8] = b"\0";

impl Gate {
    pub fn new(stream: TcpStream, limits: &Limits) -> Self {
        Self {
            stream,
            held: Vec::new(),
            scanned: 0,
            passing: 0,
            deadline: Some(Box::pin(sleep(limits.first_byte_time))),
            header_time: limits.header_time,
            header_bytes: limits.header_bytes,
            headers: limits.headers,
            writing: Patience::new(limits.write_time, limits.slowest_rate),
            lingering: None,
        }
    }

    /// Hands on what may pass, at least one byte unless the client has closed.
    fn poll_pass(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let most = usize::try_from(self.passing).unwrap_or(usize::MAX).min(buffer.remaining());
        let passed = if self.held.is_empty() {
            let mut part = ReadBuf::new(buffer.initialize_unfilled_to(most));
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
            let read = part.filled().len();
            buffer.advance(read);
            read
        } else {
            let count = most.min(self.held.len());
            buffer.put_slice(&self.held[..count]);
            self.held.drain(..count);
            count
        };
        self.passing -= passed as u64;
        Poll::Ready(Ok(()))
    }

    /// Reads more of a header; false when the client has closed.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let mut chunk = [0; CHUNK];
        let mut part = ReadBuf::new(&mut chunk);
        if Pin::new(&mut self.stream).poll_read(cx, &mut part)?.is_pending() {
            let deadline = self.deadline.as_mut().map_or(Poll::Pending, |deadline| deadline.as_mut().poll(cx));
            return deadline.map(|()| Err(io::ErrorKind::TimedOut.into()));
        }
        self.held.extend_from_slice(part.filled());
        Poll::Ready(Ok(!part.filled().is_empty()))
    }

    fn start_clock(&mut self) {
        let header_time = self.header_time;
        let clock = self.deadline.get_or_insert_with(|| Box::pin(sleep(header_time)));
        clock.as_mut().reset(Instant::now() + header_time);
    }

    /// Decides how much may pass, if the header that begins in `held` is complete.
    fn judge(&mut self) {
        let verdict = match header_end(&self.held, self.scanned) {
            Scan::Complete(end) => judge(&self.held[..end], self.headers),
            Scan::Malformed => Verdict::Refuse,
            // hyper refuses what is too long, and says so.
            Scan::Partial if self.held.len() >= self.header_bytes => Verdict::Pass(u64::MAX),
            Scan::Partial => {
                if self.scanned == 0 && !self.held.is_empty() {
                    self.start_clock();
                }
                self.scanned = self.held.len();
                return;
            }
        };
        self.scanned = 0;
        self.deadline = None;
        self.passing = match verdict {
            Verdict::Pass(bytes) => bytes,
            Verdict::Refuse => {
                self.held = MALFORMED.to_vec();
                u64::MAX
            }
        };
    }
}

enum Scan {
    Partial,
    Malformed,
    Complete(usize),
}

/// Finds the empty line that ends a header, of which the first `scanned` bytes are known not to hold it. A bare line feed
/// and an empty first line are malformed.
fn header_end(bytes: &[u8], scanned: usize) -> Scan {
    for (at, _) in bytes.iter().enumerate().skip(scanned).filter(|(_, byte)| **byte == b'\n') {
        let line = &bytes[..=at];
        if line == b"\r\n" || !line.ends_with(b"\r\n") {
            return Scan::Malformed;
        }
        if line.ends_with(b"\r\n\r\n") {
            return Scan::Complete(at + 1);
        }
    }
    Scan::Partial
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// This many bytes, the header's own among them, belong to the request. All that follow, where the body is chunked:
    /// its connection serves no other request.
    Pass(u64),
    Refuse,
}

/// Whether the length of the request that begins with this complete header can be read in one way only.
fn judge(header: &[u8], most_headers: usize) -> Verdict {
    let mut headers = vec![httparse::EMPTY_HEADER; most_headers];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(header) {
        Ok(Status::Complete(_)) => {}
        // hyper, which has the same limit, refuses it and says why.
        Err(Error::TooManyHeaders) => return Verdict::Pass(u64::MAX),
        _ => return Verdict::Refuse,
    }
    let mut lengths = values(request.headers, "content-length");
    let mut encodings = values(request.headers, "transfer-encoding");
    match (lengths.next(), encodings.next()) {
        _ if lengths.next().is_some() || encodings.next().is_some() => Verdict::Refuse,
        (None, None) => Verdict::Pass(header.len() as u64),
        (Some(length), None) => {
            decimal(length).map_or(Verdict::Refuse, |length| Verdict::Pass(length.saturating_add(header.len() as u64)))
        }
        (None, Some(encoding)) if encoding.eq_ignore_ascii_case(b"chunked") => Verdict::Pass(u64::MAX),
        _ => Verdict::Refuse,
    }
}

fn values<'a>(headers: &'a [Header<'a>], name: &'static str) -> impl Iterator<Item = &'a [u8]> {
    headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
}

fn decimal(value: &[u8]) -> Option<u64> {
    let digits = str::from_utf8(value).ok().filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok()
}

impl AsyncRead for Gate {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.passing == 0 {
            self.judge();
            if self.passing == 0 && !ready!(self.poll_fill(cx))? {
                return Poll::Ready(Ok(()));
            }
        }
        self.poll_pass(cx, buffer)
    }
}

impl AsyncWrite for Gate {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(cx, slices)? {
            Poll::Ready(written) => {
                self.writing.earn(written);
                Poll::Ready(Ok(written))
            }
            Poll::Pending => self.writing.poll_spent(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = &mut *self;
        ready!(Pin::new(&mut gate.stream).poll_shutdown(cx))?;
        if gate.passing == 0 {
            return Poll::Ready(Ok(()));
        }
        let lingering = gate.lingering.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        let mut chunk = [0; CHUNK];
        while lingering.as_mut().poll(cx).is_pending() {
            let mut part = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut gate.stream).poll_read(cx, &mut part))?;
            if part.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests;
