use super::{Note, Opened, all, gate};
use crate::one_on_one::{ListOneOnOnes, OneOnOne};
use kernel::{Error, Id, Result};
use people::account::sealed::{self, Standing};
use ui::{Answer, Cx, Form, Head, Markup, Submitted, ago, chip, empty, html, icon, token};

/// `GET /notes`
pub async fn list(cx: Cx) -> Answer {
    holding(&cx, "").await
}

/// `POST /notes/found`: searched by reading all of them, as there is no index. What somebody looks for is as private as
/// what they wrote, so it is in no address, history or log.
pub async fn search(form: Submitted) -> Answer {
    holding(&form.cx, form.text("q")).await
}

async fn holding(cx: &Cx, words: &str) -> Answer {
    if cx.actor().is_stranger() {
        return Err(Error::SignedOut.into());
    }
    let body = match sealed::standing(cx).await? {
        Standing::Impossible => impossible(),
        Standing::None => gate::beginning(cx, &Form::default()),
        Standing::Locked { reset } => gate::locked(cx, reset, &Form::default()),
        Standing::Open { key, confirmed } => {
            let opened = all(cx, &key).await?;
            let pairs = cx.read(ListOneOnOnes {}).await?;
            let pairs: Vec<OneOnOne> = pairs.one_on_ones.into_iter().map(|one| one.one_on_one).collect();
            open(cx, words, &opened, &pairs, confirmed)
        }
    };
    Ok(cx.guarded_page("Notes for you alone", body))
}

fn impossible() -> Markup {
    html! {
        (Head { title: "Notes for you alone", ..Head::default() }.show())
        (empty("In a demonstration nobody signs in, so there is no password from which a key could be made. In earnest, what you write here is sealed with a key that only you have.", None))
        section.card.private { header { (icon("lock")) h2 { "What it protects from, and what not" } } div.body.stack { (gate::promise()) } }
    }
}

fn open(cx: &Cx, q: &str, opened: &Opened, pairs: &[OneOnOne], confirmed: bool) -> Markup {
    let notes: Vec<&Note> = opened.notes.iter().filter(|note| note.holds(q)).collect();
    let actions = html! { a.button.primary href="/notes/new" data-key="c" data-key-label="Write a note" { "Write a note" kbd { "C" } } };
    html! {
        (Head { title: "Notes for you alone", lead: "Sealed with your key. They lock after 15 minutes without use.", actions: Some(actions), ..Head::default() }.show())
        div.stack {
            @if !confirmed {
                div.ask.warn {
                    p.grow { strong { "You have not confirmed your recovery code." } " Without it, a lost password means lost notes." }
                    form method="post" action="/notes/key/code" { (token(cx)) button.button { "Make a new one" } }
                }
            }
            @if opened.broken > 0 { (broken(opened.broken)) }
            form.toolbar method="post" action="/notes/found" data-turbo="false" {
                (token(cx))
                label.vh for="q" { "Search your notes" }
                div.search { (icon("search")) input id="q" type="search" name="q" value=(q) placeholder="Search your notes"; }
                button.button { "Search" }
            }
            @if notes.is_empty() {
                @if opened.notes.is_empty() { (empty("No note yet. What you write here is for you alone; nobody inherits it, and no administrator opens it.", Some(("/notes/new", "Write a note")))) }
                @else { (empty("No note holds all of these words.", Some(("/notes", "Show all")))) }
            } @else {
                section.card { ul.list.plain { @for note in &notes { (line(cx, note, pairs)) } } }
            }
            form method="post" action="/notes/key/locked" { (token(cx)) button.button.quiet { (icon("lock")) "Lock now" } }
            details.fold { summary { "What this protects from, and what not" } div.body.stack.tight { (gate::promise()) } }
        }
    }
}

fn broken(count: usize) -> Markup {
    let words = if count == 1 { "One note does not open".to_owned() } else { format!("{count} notes do not open") };
    html! { div.ask.bad { p.grow { strong { (words) " with your key." } " Somebody has changed or moved it in the database." } } }
}

fn line(cx: &Cx, note: &Note, pairs: &[OneOnOne]) -> Markup {
    let about = note.about.and_then(|about| pairs.iter().find(|pair| pair.id == about));
    html! {
        li id={ "note-" (note.id) } {
            div.what {
                p { a href={ "/notes/" (note.id) } { (note.title) } }
                p.small.muted {
                    @if let Some(pair) = about { "With " (pair.facing(cx.actor().person).name) ", " }
                    (ago(note.updated_at, cx.now(), &cx.viewer.zone))
                }
            }
            @if let Some(at) = note.expires_at { (chip("", &format!("Until {}", ui::date(at.date(&cx.viewer.zone), cx.today())))) }
        }
    }
}

/// The reader's own notes on the page of a one-on-one; the other one never sees this card's contents.
pub(crate) async fn card(cx: &Cx, about: Id<OneOnOne>) -> Result<Markup> {
    let standing = sealed::standing(cx).await?;
    let notes = match &standing {
        Standing::Open { key, .. } => all(cx, key).await?.notes,
        _ => Vec::new(),
    };
    let here = format!("/one-on-ones/{about}");
    Ok(html! {
        section.card.private #own-notes {
            header { (icon("lock")) h2 { "Only you can read this" } span.right.small { "Not in exports, not for administrators" } }
            @match standing {
                Standing::Open { .. } => {
                    ul.list.plain data-turbo-temporary { @for note in notes.iter().filter(|note| note.about == Some(about)) { (line(cx, note, &[])) } }
                    div.body { a.button.small href={ "/notes/new?about=" (about) } { "Write a note" } }
                },
                Standing::Locked { reset: false } => { div.body { a.button.small href={ "/prove?return_to=" (here) } { "Unlock your notes" } } },
                _ => { div.body { a.link href="/notes" { "Notes for you alone" } } },
            }
        }
    })
}
