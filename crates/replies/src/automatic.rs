//! Machines that write mail. Nobody answers them, so that no two machines ever write to each other without end.
use crate::languages::ABSENCE;
use mail_parser::{HeaderForm, Message, MimeHeaders};

/// RFC 3834 asks machines to say `Auto-Submitted`; the other headers are what those do that do not.
pub fn is_automatic(message: &Message<'_>, from: Option<&str>, subject: &str) -> bool {
    let values = |name: &'static str| {
        message
            .header_as(name, HeaderForm::Raw)
            .into_iter()
            .map(|value| value.as_text().unwrap_or_default().trim().to_lowercase())
    };
    let has = |name: &'static str| values(name).next().is_some();
    let submitted = values("Auto-Submitted").any(|value| value.split(';').next().unwrap_or_default().trim() != "no");
    let bulk = values("Precedence").any(|value| matches!(value.as_str(), "bulk" | "junk" | "list" | "auto_reply"));
    let noted = ["X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id", "List-Unsubscribe", "X-Failed-Recipients"];
    let bounced = values("Return-Path").any(|value| value == "<>");
    submitted
        || bulk
        || noted.into_iter().any(has)
        || bounced
        || is_report(message)
        || is_robot(from)
        || is_absence(subject)
}

/// Delivery and read receipts (RFC 3462).
fn is_report(message: &Message<'_>) -> bool {
    let kind = message.content_type();
    kind.is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("report"))
    })
}

fn is_robot(from: Option<&str>) -> bool {
    let local = from.and_then(|address| address.split('@').next()).unwrap_or_default();
    matches!(local, "mailer-daemon" | "postmaster" | "no-reply" | "noreply" | "donotreply" | "do-not-reply")
}

fn is_absence(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    ABSENCE.iter().any(|start| subject.starts_with(start))
}
