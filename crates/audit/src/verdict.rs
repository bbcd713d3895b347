use kernel::words;
use schemars::JsonSchema;
use serde::Serialize;

/// What a look at a whole history found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Everything that is sealed is as it was when it was sealed.
    Sound {
        /// How many events are sealed.
        size: i64,
        /// The hash of the last of them, or of the beginning, in hexadecimal.
        head: String,
        /// How many checkpoints, stored and given, lie on the chain.
        checkpoints: u64,
        /// Sealed events whose content was erased, each with an event that says so.
        erased: u64,
        /// Events that wait to be sealed, which nothing protects yet.
        unsealed: u64,
        /// Those of them that have waited for more than an hour: sealing does not run, or has been stopped.
        late: u64,
    },
    /// The first thing that is not as it was sealed.
    Broken { position: Option<i64>, event: Option<String>, reason: Reason },
    /// A checkpoint covers more events than the chain has: its end was cut off.
    Truncated { checkpoint: i64, found: i64 },
    /// The chain holds together, but it is another one than was signed: events up to this checkpoint were rewritten.
    Forked { checkpoint: i64 },
}

words! {
    /// Why a history is broken.
    pub enum Reason {
        Gap = "gap",
        EventGone = "event_gone",
        EventChanged = "event_changed",
        ContentChanged = "content_changed",
        ContentGone = "content_gone",
        SealChanged = "seal_changed",
        CheckpointChanged = "checkpoint_changed",
        NeverSealed = "never_sealed",
        SealedTwice = "sealed_twice",
        GoneBeforeSeal = "gone_before_seal",
        ContentGoneBeforeSeal = "content_gone_before_seal",
    }
}

impl Reason {
    /// As a sentence for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Reason::Gap => "A place in the chain is empty.",
            Reason::EventGone => "The event that was sealed here is gone.",
            Reason::EventChanged => "The event or its seal is not as it was sealed.",
            Reason::ContentChanged => "The content of the event is not as it was sealed.",
            Reason::ContentGone => "The content of the event is gone, and no erasure is on record.",
            Reason::SealChanged => "The seal cannot be read.",
            Reason::CheckpointChanged => "The stored checkpoint is not one that this server signed for this place.",
            Reason::NeverSealed => "The event is not sealed and does not wait for it.",
            Reason::SealedTwice => "The event is sealed and waits for it once more.",
            Reason::GoneBeforeSeal => "The event was removed before it was sealed.",
            Reason::ContentGoneBeforeSeal => "The content of the event was removed before it was sealed.",
        }
    }
}

impl Verdict {
    pub fn is_sound(&self) -> bool {
        matches!(self, Verdict::Sound { .. })
    }

    /// As a few sentences for people.
    pub fn in_words(&self) -> String {
        match self {
            Verdict::Sound { size, head, checkpoints, erased, unsealed, late } => {
                let sentences = [
                    Some(format!("The history is whole: {}, the last hash is {head}.", count(size, "sealed event"))),
                    Some(format!("It agrees with {}.", count(checkpoints, "checkpoint"))),
                    (*erased > 0).then(|| format!("Content erased, with a record of it: {}.", count(erased, "event"))),
                    (*unsealed > 0).then(|| format!("Not sealed yet: {}.", count(unsealed, "event"))),
                    (*late > 0).then(|| format!("Waiting for more than an hour: {late}. Is the server running?")),
                ];
                sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            Verdict::Broken { position, event, reason } => {
                let place = position.map(|position| format!(" at place {position}")).unwrap_or_default();
                let event = event.as_ref().map(|event| format!(" (event {event})")).unwrap_or_default();
                format!("The history was changed{place}{event}. {}", reason.in_words())
            }
            Verdict::Truncated { checkpoint, found } => format!(
                "The end of the history is missing: a checkpoint covers {}, and {found} are here.",
                count(checkpoint, "event")
            ),
            Verdict::Forked { checkpoint } => {
                format!("The history was rewritten: its first {checkpoint} events are not those of a checkpoint.")
            }
        }
    }
}

/// `1 event`, `2 events`.
pub(crate) fn count(number: impl std::fmt::Display, noun: &str) -> String {
    let number = number.to_string();
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
