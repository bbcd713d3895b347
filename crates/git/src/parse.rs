//! What `git diff-tree --stdin -z` writes for each commit, and the way back for tests.
//!
//! A record is the fields of [`FORMAT`], each ended by NUL, then one more NUL; if the commit changed anything, a line feed
//! and the changes follow. With `--numstat -z` a change is `added TAB deleted TAB path NUL`, or for a rename
//! `added TAB deleted TAB NUL old NUL new NUL` (git-diff, "OTHER DIFF FORMATS"); with `--raw -z` it is `:modes ids
//! status NUL path NUL`, or `… NUL old NUL new NUL` for a rename. A line that is no name of an object comes back as it
//! was; [`MARK`] is such a one, and says that all before it has been written.
use crate::{
    Change, Commit, Error, Lines, ObjectId, Result, Signature,
    message::{links, subject},
    text::{cut, printable},
};
use std::io::{BufRead, Read};

pub const FORMAT: &str = "%H%x00%P%x00%an%x00%ae%x00%aN%x00%aE%x00%ad%x00%cn%x00%ce%x00%cN%x00%cE%x00%cd%x00%B%x00";
pub const MARK: &str = "~\n";

/// What of the changes is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Paths and lines.
    Lines,
    /// Paths alone.
    Paths,
    /// Nothing but the commits themselves.
    Nothing,
}

/// A message, a path or a name of more bytes is damage or an attack.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Reads records until the mark, or until the end if there is none.
pub fn parse(from: &mut impl BufRead, contents: Contents) -> Result<Vec<Commit>> {
    let (mut fields, mut commits) = (Fields { from, ahead: None }, Vec::new());
    while !fields.at_end()? {
        commits.push(record(&mut fields, contents)?);
    }
    Ok(commits)
}

/// What `git` would write of this commit: the other direction of [`parse`]. The message is the subject alone.
pub fn format(commit: &Commit) -> Vec<u8> {
    let parents: Vec<&str> = commit.parents.iter().map(ObjectId::as_str).collect();
    let mut fields = vec![commit.id.to_string(), parents.join(" ")];
    for who in [&commit.author, &commit.committer] {
        let raw = if who.mapped { "" } else { who.name.as_str() };
        fields.extend([raw.to_owned(), who.mail.clone(), who.name.clone(), who.mail.clone()]);
        let (sign, minutes) = (if who.offset < 0 { '-' } else { '+' }, who.offset.abs());
        fields.push(format!("{} {sign}{:02}{:02}", who.at, minutes / 60, minutes % 60));
    }
    fields.extend([commit.subject.clone(), String::new()]);
    let mut out: Vec<u8> = fields.join("\0").into_bytes();
    out.push(0);
    if !commit.changes.is_empty() {
        out.push(b'\n');
    }
    for Change { path, renamed_from, lines } in &commit.changes {
        let counts = match lines {
            Lines::Counted { added, deleted } => format!("{added}\t{deleted}"),
            Lines::Binary | Lines::Unknown => "-\t-".to_owned(),
        };
        let paths = renamed_from.as_ref().map_or(path.clone(), |old| format!("\0{old}\0{path}"));
        out.extend_from_slice(format!("{counts}\t{paths}\0").as_bytes());
    }
    out
}

fn record<R: BufRead>(from: &mut Fields<'_, R>, contents: Contents) -> Result<Commit> {
    let id = ObjectId::parse(&from.text()?)?;
    let parents = from.text()?.split_whitespace().map(ObjectId::parse).collect::<Result<Vec<_>>>()?;
    let (author, committer) = (signature(from)?, signature(from)?);
    let message = from.field()?;
    if !from.field()?.is_empty() {
        return Err(Error::Unreadable(format!("commit {id} has a field too many")));
    }
    let mut changes = Vec::new();
    if from.peek()? == Some(b'\n') {
        from.from.consume(1);
        while let Some(change) = change(from, contents)? {
            changes.push(change);
        }
    }
    let merge = parents.len() > 1;
    Ok(Commit { id, parents, author, committer, subject: subject(&message), links: links(&message, merge), changes })
}

fn signature<R: BufRead>(from: &mut Fields<'_, R>) -> Result<Signature> {
    let (raw_name, raw_mail, name, mail) = (from.field()?, from.field()?, from.field()?, from.field()?);
    let mapped = raw_name != name || raw_mail != mail;
    let shown = |bytes: &[u8]| cut(printable(bytes.trim_ascii()).as_str(), 200).to_owned();
    let (at, offset) = instant(&from.text()?);
    Ok(Signature { name: shown(&name), mail: shown(&mail), mapped, at, offset })
}

/// `1787236252 -0700`. What cannot be read is 1970, and an offset of more than 15 hours is none.
fn instant(text: &str) -> (i64, i32) {
    let (at, zone) = text.split_once(' ').unwrap_or((text, "+0000"));
    let number: i32 = zone.parse().unwrap_or(0);
    let minutes = number / 100 * 60 + number % 100;
    (at.parse().unwrap_or(0), if minutes.abs() > 15 * 60 { 0 } else { minutes })
}

/// The next change of this commit; what is no change begins the next commit and is left there.
fn change<R: BufRead>(from: &mut Fields<'_, R>, contents: Contents) -> Result<Option<Change>> {
    if from.at_mark()? {
        return Ok(None);
    }
    let head = from.field()?;
    let found = if contents == Contents::Paths { raw_change(from, &head)? } else { counted_change(from, &head)? };
    if found.is_none() {
        from.ahead = Some(head);
    }
    Ok(found)
}

fn counted_change<R: BufRead>(from: &mut Fields<'_, R>, head: &[u8]) -> Result<Option<Change>> {
    let mut parts = head.splitn(3, |byte| *byte == b'\t');
    let (Some(added), Some(deleted), Some(path)) = (parts.next(), parts.next(), parts.next()) else { return Ok(None) };
    let count = |bytes| str::from_utf8(bytes).ok()?.parse::<u64>().ok();
    let lines = match (count(added), count(deleted)) {
        (Some(added), Some(deleted)) => Lines::Counted { added, deleted },
        _ => Lines::Binary,
    };
    let (path, renamed_from) = if path.is_empty() { from_old(from)? } else { (printable(path), None) };
    Ok(Some(Change { path, renamed_from, lines }))
}

fn raw_change<R: BufRead>(from: &mut Fields<'_, R>, head: &[u8]) -> Result<Option<Change>> {
    if head.first() != Some(&b':') {
        return Ok(None);
    }
    let status = head.rsplit(|byte| *byte == b' ').next().and_then(|word| word.first());
    let (path, renamed_from) = match status {
        Some(b'R' | b'C') => from_old(from)?,
        _ => (printable(&from.field()?), None),
    };
    Ok(Some(Change { path, renamed_from, lines: Lines::Unknown }))
}

/// The new path and the old one, which is written first.
fn from_old<R: BufRead>(from: &mut Fields<'_, R>) -> Result<(String, Option<String>)> {
    let old = printable(&from.field()?);
    Ok((printable(&from.field()?), Some(old)))
}

/// What is ended by NUL, one after the other.
struct Fields<'r, R> {
    from: &'r mut R,
    /// A field that was read and not used.
    ahead: Option<Vec<u8>>,
}

impl<R: BufRead> Fields<'_, R> {
    fn field(&mut self) -> Result<Vec<u8>> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(ahead);
        }
        let mut bytes = Vec::new();
        self.from.take(LONGEST).read_until(0, &mut bytes).map_err(broken)?;
        match bytes.pop() {
            Some(0) => Ok(bytes),
            _ => Err(Error::Unreadable("it ends within a commit".to_owned())),
        }
    }

    fn text(&mut self) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.field()?).into_owned())
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        Ok(self.from.fill_buf().map_err(broken)?.first().copied())
    }

    fn at_mark(&mut self) -> Result<bool> {
        Ok(self.ahead.is_none() && matches!(self.peek()?, None | Some(b'~')))
    }

    /// Whether all records have been read; the mark is taken away.
    fn at_end(&mut self) -> Result<bool> {
        if !self.at_mark()? {
            return Ok(false);
        }
        if self.peek()?.is_some() {
            self.from.read_exact(&mut [0; MARK.len()]).map_err(broken)?;
        }
        Ok(true)
    }
}

fn broken(error: std::io::Error) -> Error {
    Error::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests;
