use std::{error::Error as StdError, fmt};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation did not happen. Each surface translates it once; nothing was saved.
#[derive(Debug)]
pub enum Error {
    /// Outside the actor's reach, whether or not it exists.
    NotFound,
    Forbidden,
    /// Nobody is signed in, or the access that was used has ended meanwhile.
    SignedOut,
    /// The session is signed in, and has to prove with the password once more who is there.
    Unproven,
    /// The request can be read in more than one way, or in none: a field stands twice, the JSON is broken.
    Malformed(Flaw),
    /// The body of the request is larger than what is taken there.
    TooLarge,
    /// The input cannot be used; every field that is wrong is named.
    Invalid(Vec<Flaw>),
    Conflict(String),
    /// A database constraint refused, by the name that PostgreSQL gives it (`people_email_key`) on both engines.
    Constraint(String),
    /// Too many attempts; the number of seconds after which another may succeed.
    TooMany(i64),
    /// Too much waits already, or the disk refused; the same request may succeed later.
    Busy(String),
    Internal(Box<dyn StdError + Send + Sync>),
}

/// One field that cannot be used, and the sentence that says how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    pub field: String,
    pub sentence: String,
}

impl Error {
    pub fn invalid(field: impl Into<String>, sentence: impl Into<String>) -> Error {
        Error::Invalid(vec![Flaw { field: field.into(), sentence: sentence.into() }])
    }

    pub fn malformed(field: impl Into<String>, sentence: impl Into<String>) -> Error {
        Error::Malformed(Flaw { field: field.into(), sentence: sentence.into() })
    }

    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        Error::Internal(source.into())
    }

    pub fn conflict(sentence: impl Into<String>) -> Error {
        Error::Conflict(sentence.into())
    }

    /// Gives a broken constraint the sentence a person can act on.
    pub fn when(self, constraint: &str, sentence: &str) -> Error {
        match self {
            Error::Constraint(name) if name == constraint => Error::Conflict(sentence.into()),
            other => other,
        }
    }

    /// Gives a broken constraint the field it is about, and the sentence a person can act on.
    pub fn when_field(self, constraint: &str, field: &str, sentence: &str) -> Error {
        match self {
            Error::Constraint(name) if name == constraint => Error::invalid(field, sentence),
            other => other,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound => f.write_str("There is nothing here that you can see."),
            Error::Forbidden => f.write_str("You may not do this."),
            Error::SignedOut => f.write_str("Sign in to go on."),
            Error::Unproven => f.write_str("Enter your password once more before you do this."),
            Error::Malformed(Flaw { field, sentence }) => write!(f, "{field}: {sentence}"),
            Error::TooLarge => f.write_str("This is larger than what is taken here."),
            Error::Invalid(flaws) => {
                let sentences: Vec<&str> = flaws.iter().map(|flaw| flaw.sentence.as_str()).collect();
                f.write_str(&sentences.join(" "))
            }
            Error::Conflict(sentence) | Error::Busy(sentence) => f.write_str(sentence),
            Error::Constraint(name) => write!(f, "This conflicts with what is stored already ({name})."),
            Error::TooMany(seconds) => write!(f, "Too many attempts. Try again in {}.", wait(*seconds)),
            Error::Internal(source) => write!(f, "{source}"),
        }
    }
}

impl StdError for Error {}

fn wait(seconds: i64) -> String {
    match seconds {
        ..=1 => "a second".into(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_euclid(60) + 1),
    }
}

/// Collects what is wrong with an input, so that a person learns all of it at once.
#[derive(Default)]
pub struct Flaws(Vec<Flaw>);

impl Flaws {
    pub fn unless(&mut self, good: bool, field: &str, sentence: &str) {
        if !good {
            self.0.push(Flaw { field: field.into(), sentence: sentence.into() });
        }
    }

    /// `Invalid` with all that was collected, if anything was.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
