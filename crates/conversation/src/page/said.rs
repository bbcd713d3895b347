//! What was said and done, from the oldest to the newest.
use crate::{
    comment::{Comment, Conversation, Happening, Mark, Reaction},
    file::{Attached, in_text},
    mention,
    thread::Resolution,
};
use kernel::{Id, Time, Verb};
use markdown::Html;
use std::sync::Arc;
use ui::{Cx, Markup, PreEscaped, Render, ago, chip, face, html, icon};

pub(super) fn header(cx: &Cx, view: &Conversation) -> Markup {
    let watches = view.watchers.iter().any(|one| one.id == cx.actor().person);
    html! {
        header { h2 { "Conversation" }
            @if cx.actor().belongs() {
                form.right method="post" action="/watches" {
                    (ui::token(cx)) (about(view))
                    button.button.quiet.small name="on" value=(if watches { "false" } else { "true" }) aria-pressed=(if watches { "true" } else { "false" }) {
                        (icon("eye")) @if watches { "Watching" } @else { "Watch" }
                    }
                }
            }
        }
    }
}

/// The record, for a form.
pub(super) fn about(view: &Conversation) -> Markup {
    html! {
        input type="hidden" name="kind" value=(view.about.kind);
        input type="hidden" name="record" value=(view.about.id);
    }
}

fn holding(view: &Conversation) -> Option<&Resolution> {
    view.resolutions.iter().find(|one| one.reopened_at.is_none())
}

pub(super) fn resolved(cx: &Cx, view: &Conversation) -> Markup {
    html! { @if let Some(one) = holding(view) {
        div.ask.good #resolved {
            p.grow { strong { "Resolved: " (one.outcome) } " " span.muted { (one.by_name) ", " (ago(one.at, cx.now(), &cx.viewer.zone)) } }
            @if cx.actor().belongs() {
                form method="post" action="/threads/reopened" { (ui::token(cx)) (about(view)) button.button.small { "Open again" } }
            }
        }
    } }
}

pub(super) fn resolve(cx: &Cx, view: &Conversation) -> Markup {
    html! { @if holding(view).is_none() && !view.comments.is_empty() {
        details.fold #resolve { summary { "Resolve this" } div.body {
            form.form method="post" action="/threads/resolved" {
                (ui::token(cx)) (about(view))
                div.field { label for="thread-outcome" { "What came of it" } p.hint #thread-outcome-hint { "One sentence. It stands above the conversation." }
                    input #thread-outcome name="outcome" required maxlength="500" aria-describedby="thread-outcome-hint"; }
                div.buttons { button.button { "Resolve" } }
            }
        } }
    } }
}

pub(super) fn earlier(view: &Conversation, earlier: Id<Comment>) -> Markup {
    html! { div.pages { a.button rel="prev" href={ (view.href) "?comments=" (earlier) "#conversation" } { "Show earlier" } } }
}

/// What the reader was asked here.
pub(super) fn waiting(view: &Conversation) -> Markup {
    html! { @for one in &view.waiting {
        div.ask.warn {
            p.grow { strong { (one.asker_name) } @match one.verb { Verb::Decide => " wants a decision from you.", _ => " wants an answer from you." } }
            a.button.small href={ "#comment-" (one.comment) } { "Show the question" }
        }
    } }
}

pub(super) fn watchers(view: &Conversation) -> Markup {
    let names: Vec<String> = view.watchers.iter().map(|one| one.name.clone()).collect();
    html! { @if !names.is_empty() {
        footer.small.muted {
            @if names.len() <= 3 { "Watched by " (mention::in_words(&names)) "." }
            @else { details { summary { "Watched by " (mention::in_words(&names)) } p { (names.join(", ")) } } }
        }
    } }
}

/// Something that stands in the stream.
enum Entry<'a> {
    Said(&'a Comment, &'a Html),
    Happened(&'a Happening),
    Resolved(&'a Resolution),
    Reopened(&'a Resolution, Time, &'a str),
}

impl Entry<'_> {
    fn is_said(&self) -> bool {
        matches!(self, Entry::Said(..))
    }

    fn at(&self) -> Time {
        match self {
            Entry::Said(comment, _) => comment.created_at,
            Entry::Happened(event) => event.at,
            Entry::Resolved(resolution) => resolution.at,
            Entry::Reopened(_, at, _) => *at,
        }
    }
}

/// Comments and events in one stream.
pub(super) fn stream(cx: &Cx, view: &Conversation, html: &[Arc<Html>]) -> Markup {
    let said = view.comments.iter().zip(html).map(|(comment, html)| Entry::Said(comment, html));
    let happened = view.events.iter().map(Entry::Happened);
    let first = view.earlier.and(view.comments.first()).map(|comment| comment.created_at);
    let past = view.resolutions.iter().filter(|one| first.is_none_or(|first| one.at >= first));
    let past = past.flat_map(|one| {
        let again = one.reopened_at.zip(one.reopened_by_name.as_deref());
        std::iter::once(Entry::Resolved(one)).chain(again.map(|(at, name)| Entry::Reopened(one, at, name)))
    });
    let mut all: Vec<Entry<'_>> = said.chain(happened).chain(past).collect();
    all.sort_by_key(Entry::at);
    html! {
        @if view.comments.is_empty() {
            p.muted { "Nobody has said anything here yet. Whoever sees this page reads what you write." }
        }
        @if !all.is_empty() { ol.stream { @for run in all.chunk_by(|one, next| !one.is_said() && !next.is_said()) { (folded(cx, run)) } } }
    }
}

/// Many events in a row are one line that unfolds.
fn folded(cx: &Cx, run: &[Entry<'_>]) -> Markup {
    const FEW: usize = 3;
    match run {
        [first, .., last] if run.len() > FEW => html! {
            li.event id={ "run-" (first.at().0) } {
                (icon("activity"))
                details { summary { (run.len()) " changes" span.muted { ", the last " (ago(last.at(), cx.now(), &cx.viewer.zone)) } }
                    ol.stream { @for entry in run { (line(cx, entry)) } } }
            }
        },
        _ => html! { @for entry in run { (line(cx, entry)) } },
    }
}

fn line(cx: &Cx, entry: &Entry<'_>) -> Markup {
    let when = |at: Time| html! { span.muted { " " (ago(at, cx.now(), &cx.viewer.zone)) } };
    match entry {
        Entry::Said(comment, html) => said(cx, comment, html),
        Entry::Happened(event) => html! {
            li.event id={ "event-" (event.id) } { (icon("activity")) p { (event.actor_name.as_deref().unwrap_or("Cairn")) " " (event.words) (when(event.at)) } }
        },
        Entry::Resolved(one) => html! {
            li.event id={ "resolved-" (one.id) } { (icon("circle-check")) p { (one.by_name) " resolved this: " (one.outcome) (when(one.at)) } }
        },
        Entry::Reopened(one, at, name) => html! {
            li.event id={ "reopened-" (one.id) } { (icon("undo")) p { (name) " opened this again" (when(*at)) } }
        },
    }
}

fn said(cx: &Cx, comment: &Comment, text: &Html) -> Markup {
    let mine = comment.author_id == cx.actor().person;
    let place = format!("/comments/{}", comment.id);
    if comment.deleted_at.is_some() {
        return html! { li.event id={ "comment-" (comment.id) } {
            (icon("trash")) p { (comment.author_name) " deleted a comment" }
            @if mine { form.right method="post" action={ (place) "/restoration" } { (ui::token(cx)) button.button.quiet.small { "Bring it back" } } }
        } };
    }
    html! {
        li.comment id={ "comment-" (comment.id) } {
            (face(&comment.author_id, &comment.author_name, comment.author_photo.as_deref(), ""))
            article aria-label={ "Comment by " (comment.author_name) } {
                header {
                    a.strong href={ "/people/" (comment.author_id) } { (comment.author_name) }
                    a.small.muted href=(place) { (ago(comment.created_at, cx.now(), &cx.viewer.zone)) }
                    @if comment.edited_at.is_some() { a.small.muted href={ (place) "/versions" } { "edited" } }
                    @match comment.mark {
                        Mark::Comment => {},
                        Mark::Answer => (chip("good", "Answer")),
                        Mark::Call => (chip("info", "Outcome of a call")),
                    }
                    (menu(cx, comment, mine))
                }
                div.prose.compact { (PreEscaped(text.as_str())) }
                (files(comment))
                (foot(cx, comment))
            }
        }
    }
}

fn menu(cx: &Cx, comment: &Comment, mine: bool) -> Markup {
    let place = format!("/comments/{}", comment.id);
    html! {
        div.right.row.gap-1 {
            @if cx.actor().belongs() { a.button.quiet.small href={ "?quote=" (comment.id) "#say" } { "Quote" } }
            @if mine {
                details.menu name="menu" {
                    summary.button.quiet.small.icon-only aria-label="More for your comment" { (icon("more-horizontal")) }
                    div.panel {
                        a href={ (place) "/edit" } { (icon("pencil")) "Edit" }
                        form method="post" action={ (place) "/deletion" } { (ui::token(cx)) button { (icon("trash")) "Delete" } }
                    }
                }
            }
        }
    }
}

/// The files that the text does not show itself.
fn files(comment: &Comment) -> Markup {
    let shown: Vec<Id<_>> = in_text(&comment.body).collect();
    let rest: Vec<&Attached> = comment.files.iter().filter(|file| !shown.contains(&file.id)).collect();
    html! { @if !rest.is_empty() {
        ul.files { @for file in rest { li {
            @if file.content_type.is_picture() { a href=(file.href()) data-turbo="false" { img src=(file.href()) alt=(file.name) loading="lazy"; } }
            @else { a.link href=(file.href()) data-turbo="false" { (icon("file")) (file.name) } " " span.small.muted { (size(file.size)) } }
        } } }
    } }
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// Who was asked, and the words that others left.
fn foot(cx: &Cx, comment: &Comment) -> Markup {
    let asked: Vec<String> =
        comment.mentions.iter().filter(|one| one.verb.is_some()).map(|one| one.name.clone()).collect();
    let decides = comment.mentions.iter().any(|one| one.verb == Some(Verb::Decide));
    html! {
        div.foot {
            @if !asked.is_empty() {
                (chip("warn", &format!("{} {}", if decides { "Decision from" } else { "Question to" }, mention::in_words(&asked))))
            }
            @for word in Reaction::ALL { (reaction(cx, comment, *word)) }
        }
    }
}

/// A button that gives or takes back one word; for those who may not, the word itself, where somebody gave it.
fn reaction(cx: &Cx, comment: &Comment, word: Reaction) -> Markup {
    let given = comment.reactions.iter().find(|one| one.word == word);
    let (count, mine) = given.map_or((0, false), |one| (one.names.len(), one.mine));
    let names = given.map(|one| mention::in_words(&one.names));
    let label = html! { (word.title()) @if count > 0 { " " span.num { (count) } } };
    html! {
        @if cx.actor().belongs() {
            form method="post" action={ "/comments/" (comment.id) "/reactions" } {
                (ui::token(cx)) input type="hidden" name="word" value=(word.word());
                button.word.given[count > 0] name="on" value=(if mine { "false" } else { "true" }) aria-pressed=(if mine { "true" } else { "false" })
                    title=[names.as_deref()] { (label.render()) }
            }
        } @else if count > 0 { span.word title=[names.as_deref()] { (label.render()) } }
    }
}
