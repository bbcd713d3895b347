//! From a note of one's own to something that both read: only what was shown can be cited later.
use super::{Note, find};
use crate::one_on_one::{AddPoint, place};
use kernel::{Error, parse};
use people::account::sealed;
use ui::{Answer, Flash, Submitted};

/// `POST /notes/{note}/promotion`
pub async fn promote(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Show this note to the other one? It becomes a talking point that you both read.", "Show it");
    }
    let key = sealed::key(&form.cx)?.ok_or_else(|| Error::conflict("Your notes are locked. Unlock them first."))?;
    let Note { title, body, about: Some(about), .. } = find(&form.cx, &key).await? else {
        return Err(Error::conflict("Choose first with whose one-on-one this note is kept.").into());
    };
    let body = if body.trim().is_empty() { title } else { format!("**{title}**\n\n{body}") };
    let point: AddPoint = parse(kernel::json!({ "one_on_one": about, "body": body }))?;
    form.change(point).await?;
    Ok(form.go(&format!("{}#points", place(about)), Flash::says("You both read it now. Your note stays as it is.")))
}
