use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a history cannot be read. No sentence holds a password or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The program `git` is not there, or cannot be started.
    NoGit(String),
    /// What was given is no path and no address that is read.
    Refused(String),
    /// There is no repository at this place.
    NotARepository(String),
    /// `git` gave up: what was being done, and the last line that it said.
    Failed { doing: &'static str, said: String },
    /// `git` said nothing for so many seconds.
    Silent(u64),
    /// The reader was asked to stop.
    Stopped,
    /// What `git` wrote is not what was asked for.
    Unreadable(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoGit(why) => write!(f, "The program git cannot be started ({why}). Install git 2.45 or newer."),
            Error::Refused(sentence) => f.write_str(sentence),
            Error::NotARepository(place) => write!(f, "{place} is no git repository."),
            Error::Failed { doing, said } if said.is_empty() => write!(f, "git failed while {doing}."),
            Error::Failed { doing, said } => write!(f, "git failed while {doing}: {said}"),
            Error::Silent(seconds) => write!(f, "git said nothing for {seconds} seconds and was stopped."),
            Error::Stopped => f.write_str("The import was stopped."),
            Error::Unreadable(what) => write!(f, "What git wrote cannot be read: {what}."),
        }
    }
}

impl std::error::Error for Error {}
