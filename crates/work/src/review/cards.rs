//! What the page of a review shows.
use super::{Answered, ItemView, ReviewVerdict, ReviewView};
use crate::round::hidden;
use ui::{Cx, Form, Markup, chip, face, html, prose};

/// What is shown of an issue, who accepts it, and the reader's own answer.
pub(super) fn item(cx: &Cx, view: &ReviewView, one: &ItemView, form: &Form) -> Markup {
    let item = &one.item;
    html! {
        section.card id=(item.anchor()) {
            header { h2 { a href={ "/issues/" (item.issue_id) } { span.muted { (item.key) } " " (item.title) } } (counted(one)) }
            div.body.stack.tight {
                p.small.muted {
                    @match &item.presenter_name { Some(name) => { "Shown by " (name) }, None => "Nobody shows it yet" }
                }
                @if item.shown.trim().is_empty() { p.muted { "Nothing is written about it yet." } }
                @else { div.prose.compact { (prose(&item.shown)) } }
                @if one.may_show { p { a.button.small href={ "/sprint-review-items/" (item.id) "/edit" } aria-label={ "Write what is shown of " (item.key) } { "Write what is shown" } } }
                (answers(one))
                (judging(cx, view, one, form))
                (following_up(cx, view, one))
            }
        }
    }
}

fn counted(one: &ItemView) -> Markup {
    let accepted = one.answers.iter().filter(|answer| answer.verdict != ReviewVerdict::NotAccepted).count();
    html! {
        @if one.is_refused() { (chip("warn", "Something is missing")) }
        @else if one.unanswered.is_empty() && accepted > 0 { (chip("good", "Accepted")) }
        @else { span.right.small.muted { (accepted) " of " (one.answers.len() + one.unanswered.len()) " accept it" } }
    }
}

fn answers(one: &ItemView) -> Markup {
    html! { @if !one.answers.is_empty() {
        ul.plain.stack.tight { @for answer in &one.answers { li { (said(answer)) } } }
    } }
}

fn said(answer: &Answered) -> Markup {
    html! {
        strong { (answer.person_name) } " " (chip(answer.verdict.look(), answer.verdict.title()))
        @if answer.before_change { " " (chip("line", "Before the last change")) }
        @if !answer.remark.is_empty() { p { (answer.remark) } }
    }
}

/// The reader's own answer. What was refused is typed there again.
fn judging(cx: &Cx, view: &ReviewView, one: &ItemView, form: &Form) -> Markup {
    let me = cx.actor().person;
    if !view.takes_part || one.item.presenter_id == Some(me) {
        return html! {};
    }
    let (id, own) = (one.item.id, one.answers.iter().find(|answer| answer.person_id == me));
    let again = form.value("item") == id.as_str();
    let remark = if again { form.value("remark") } else { own.map_or("", |own| &own.remark) };
    let field = format!("remark-{id}");
    html! {
        form.form.wide method="post" action={ "/sprint-review-items/" (id) "/answers" } {
            (hidden(cx, &view.review))
            div.field { label for=(field) { "Your remark, or what is missing" }
                input id=(field) name="remark" maxlength="1000" value=(remark);
                @if let Some(sentence) = form.flaw("remark").filter(|_| again) { p.error { (sentence) } } }
            div.buttons {
                @for (verdict, words) in VERDICTS {
                    button.button.small.primary[verdict == ReviewVerdict::Accepted && own.is_none()] name="verdict" value=(verdict.word())
                        aria-label={ (words) ": " (one.item.key) } { (words) }
                }
            }
        }
    }
}

const VERDICTS: [(ReviewVerdict, &str); 3] = [
    (ReviewVerdict::Accepted, "Accept"),
    (ReviewVerdict::Remark, "Accept with the remark"),
    (ReviewVerdict::NotAccepted, "Do not accept"),
];

/// What can be made of what is missing, or what was made of it.
fn following_up(cx: &Cx, view: &ReviewView, one: &ItemView) -> Markup {
    let item = &one.item;
    let press = |way: &str, words: &str| {
        html! { form method="post" action={ "/sprint-review-items/" (item.id) "/follow-up" } {
            (hidden(cx, &view.review)) input type="hidden" name="way" value=(way);
            button.button.small aria-label={ (words) ": " (item.key) } { (words) }
        } }
    };
    html! {
        @if let (Some(key), Some(name)) = (&item.follow_key, &item.followed_by_name) {
            p.small { (name) @if item.follow_id == Some(item.issue_id) { " reopened " } @else { " made " } a href={ "/issues/" (key) } { (key) } " of what is missing." }
        } @else if one.is_refused() && view.may_follow_up {
            div.row.wrap { (press("new_issue", "Make an issue of it")) (press("reopen", "Reopen the issue")) }
        }
    }
}

/// What was not accepted, once the review has ended: the one thing that can still be done about it.
pub(super) fn refused(cx: &Cx, view: &ReviewView) -> Markup {
    let all: Vec<&ItemView> = view.items.iter().filter(|one| one.is_refused()).collect();
    html! { @if !all.is_empty() {
        section.card #refused { header { h2 { "Not accepted by all" } }
            ul.list.plain { @for one in all { li id=(one.item.anchor()) {
                div.what.stack.tight {
                    p { a href={ "/issues/" (one.item.issue_id) } { span.muted { (one.item.key) } " " (one.item.title) } }
                    @for answer in one.answers.iter().filter(|answer| answer.verdict == ReviewVerdict::NotAccepted) {
                        p.small { strong { (answer.person_name) } ": " (answer.remark) }
                    }
                    (following_up(cx, view, one))
                }
            } } }
        }
    } }
}

pub(super) fn not_finished(view: &ReviewView) -> Markup {
    html! {
        section.card #not-finished { header { h2 { "Not finished" } span.right.small.muted { (crate::sprint::issues(view.not_finished.len() as i64)) } }
            @if view.not_finished.is_empty() { div.body { p.muted { "Everything in the sprint was finished." } } }
            @else { ul.list.plain { @for one in &view.not_finished { li { div.what {
                p { a href={ "/issues/" (one.issue_id) } { span.muted { (one.key) } " " (one.title) } }
                @if !one.reason.is_empty() { p.small.muted { (one.reason) } }
            } } } } }
        }
    }
}

pub(super) fn reviewers(view: &ReviewView) -> Markup {
    let asked = |one: &super::Reviewer| {
        view.items.iter().any(|item| item.unanswered.iter().any(|named| named.id == one.person_id))
    };
    html! {
        section.card #reviewers { header { h2 { "Who looks at it" } }
            ul.list.plain { @for one in &view.reviewers { li {
                div.what { div.row.wrap {
                    (face(&one.person_id, &one.person_name, one.photo.as_deref(), "small"))
                    a href={ "/people/" (one.person_id) } { (one.person_name) }
                    @if !one.of_team { (chip("line", "Named")) }
                    @if !asked(one) { (chip("good", "Has answered")) }
                } }
            } } }
        }
    }
}
