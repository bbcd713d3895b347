use super::{
    Note, find,
    store::{DropNote, StoreNote},
};
use crate::one_on_one::{ListOneOnOnes, OneOnOne};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use kernel::{
    Error, Id, Result, Time,
    text::{Markdown, Name},
};
use people::account::sealed::{self, cipher::Key};
use std::time::Duration;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, icon, private_prose, token};

/// After how many days a note goes away by itself.
const TERMS: [(u64, &str); 4] = [(0, "Never"), (30, "After 30 days"), (90, "After 90 days"), (365, "After a year")];

fn key(cx: &Cx) -> Result<Key> {
    let locked = "Your notes are locked. Unlock them in another tab, then send this form again.";
    sealed::key(cx)?.ok_or_else(|| Error::conflict(locked))
}

/// The page that asks for the password.
fn locked() -> Answer {
    Ok(Redirect::to("/notes").into_response())
}

/// `GET /notes/new`
pub async fn new(cx: Cx) -> Answer {
    if sealed::key(&cx)?.is_none() {
        return locked();
    }
    let form = Form::of([("about", cx.text("about").to_owned()), ("days", "0".into())]);
    let body = view(&cx, None, &form, &choices(&cx).await?);
    Ok(cx.guarded_page("A note for you alone", body))
}

/// `POST /notes/new`
pub async fn add(form: Submitted) -> Answer {
    keep(form, None).await
}

/// `GET /notes/{note}`
pub async fn show(cx: Cx) -> Answer {
    let Some(key) = sealed::key(&cx)? else { return locked() };
    let note = find(&cx, &key).await?;
    let days = note.expires_at.map_or(0, |at| (at.0 - note.updated_at.0) / 86_400_000_000);
    let form = Form::of([
        ("title", note.title.clone()),
        ("body", note.body.clone()),
        ("about", note.about.map(|about| about.to_string()).unwrap_or_default()),
        ("days", days.to_string()),
    ]);
    let body = view(&cx, Some(&note), &form, &choices(&cx).await?);
    Ok(cx.guarded_page("A note for you alone", body))
}

/// `POST /notes/{note}`
pub async fn save(form: Submitted) -> Answer {
    let before = find(&form.cx, &key(&form.cx)?).await?;
    keep(form, Some(before)).await
}

async fn keep(form: Submitted, before: Option<Note>) -> Answer {
    let (key, me) = (key(&form.cx)?, form.cx.actor().person);
    let stored = read(&form, before.as_ref()).and_then(|note| note.seal(&key, me));
    let done = match stored {
        Ok(note) => form.change(StoreNote { note }).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(form.go("/notes", Flash::says("Kept, and sealed."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, before.as_ref(), &state, &choices(&form.cx).await?);
            let mut again = form.cx.guarded_page("A note for you alone", body);
            *again.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(again)
        }
    }
}

fn read(form: &Submitted, before: Option<&Note>) -> Result<Note> {
    let wrong = |field: &'static str| move |sentence: String| Error::invalid(field, sentence);
    let title: Name<200> = form.text("title").parse().map_err(wrong("title"))?;
    let body: Markdown = form.text("body").parse().map_err(wrong("body"))?;
    let about = Some(form.text("about")).filter(|about| !about.is_empty());
    let about = about.map(str::parse).transpose().map_err(|_| Error::NotFound)?;
    let days: u64 = form.text("days").parse().unwrap_or_default();
    let now: Time = form.cx.now();
    Ok(Note {
        id: before.map_or_else(Id::new, |before| before.id),
        title: title.to_string(),
        body: body.to_string(),
        about,
        revision: before.map_or(1, |before| before.revision + 1),
        updated_at: now,
        expires_at: (days > 0).then(|| now + Duration::from_secs(days.min(3650) * 86_400)),
    })
}

/// `POST /notes/{note}/removal`
pub async fn remove(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Drop this note? Nobody can bring it back.", "Drop it");
    }
    form.submit::<DropNote>().await?;
    Ok(form.go("/notes", Flash::says("Dropped.")))
}

/// The one-on-ones with which a note can be kept.
async fn choices(cx: &Cx) -> Result<Vec<OneOnOne>> {
    let pairs = cx.read(ListOneOnOnes {}).await?;
    Ok(pairs.one_on_ones.into_iter().map(|one| one.one_on_one).collect())
}

fn view(cx: &Cx, note: Option<&Note>, form: &Form, pairs: &[OneOnOne]) -> Markup {
    let me = cx.actor().person;
    let about: Vec<_> = pairs.iter().map(|pair| (pair.id.to_string(), pair.facing(me).name.to_owned())).collect();
    let terms: Vec<_> = TERMS.iter().map(|(days, words)| (days.to_string(), (*words).to_owned())).collect();
    let action = note.map_or("/notes/new".to_owned(), |note| format!("/notes/{}", note.id));
    let title = note.map_or("A note for you alone", |note| note.title.as_str());
    html! {
        (Head { crumbs: vec![("/notes", "Notes for you alone")], title, ..Head::default() }.show())
        div.stack {
            section.card.private {
                header { (icon("lock")) h2 { "Only you can read this" } span.right.small { "Not in exports, not for administrators" } }
                div.body.stack {
                    @if let Some(note) = note { div.prose { (private_prose(&note.body)) } }
                    details.fold open[note.is_none() || form.flaw("title").is_some() || form.flaw("body").is_some()] {
                        summary { @if note.is_some() { "Change it" } @else { "Write" } }
                        div.body {
                            form.form.wide method="post" action=(action) autocomplete="off" {
                                (token(cx)) (form.summary())
                                (form.text("title", "Title", "It is sealed as well."))
                                (form.area("body", "Note", "Markdown.", 8))
                                div.field-row {
                                    (form.select("about", "Kept with", "Only you see that it is.", Some("Nobody in particular"), &about))
                                    (form.select("days", "Goes away", "", None, &terms))
                                }
                                footer.form-foot { button.button.primary data-key="mod+enter" { "Keep it" } a.button.quiet href="/notes" { "Cancel" } }
                            }
                        }
                    }
                }
            }
            @if let Some(note) = note { (leaving(cx, note, pairs)) }
        }
    }
}

/// How a note stops being for its author alone, or stops being.
fn leaving(cx: &Cx, note: &Note, pairs: &[OneOnOne]) -> Markup {
    let pair =
        note.about.and_then(|about| pairs.iter().find(|pair| pair.id == about)).filter(|pair| pair.ended_at.is_none());
    let here = format!("/notes/{}", note.id);
    html! {
        div.buttons {
            @if let Some(pair) = pair {
                @let name = pair.facing(cx.actor().person).first_name();
                form method="post" action={ (here) "/promotion" } data-confirm={ "Show this note to " (name) "? It becomes a talking point that you both read." } data-confirm-button={ "Show " (name) } {
                    (token(cx)) button.button { "Show it to " (name) }
                }
            }
            form method="post" action={ (here) "/removal" } data-confirm="Drop this note? Nobody can bring it back." data-confirm-button="Drop it" {
                (token(cx)) button.button.quiet { "Drop it" }
            }
        }
        p.small.muted { "What is for you alone cannot be cited anywhere. Shown to the other one first, it can." }
    }
}
