//! Saying how a project stands, and reading it.
use super::{Health, PostHealth, Update, place};
use crate::project::{ProjectView, ShowProject};
use kernel::Error;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, ago, chip, html, person_link};

/// `GET /project-health/{project}`
pub async fn new(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowProject>().await?;
    if !found.may_change {
        return Err(Error::Forbidden.into());
    }
    let now = found.health.first().map_or(Health::OnTrack, |update| update.health);
    let form = Form::of([("health", now.word().to_owned())]);
    Ok(cx.page(&title(&found), view(&cx, &found, &form)))
}

/// `POST /project-health/{project}`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<PostHealth>().await {
        Ok(update) => Ok(form.go(&format!("/projects/{}", update.project_id), Flash::says("It is said."))),
        Err(error) => {
            let refused = form.refused(error)?;
            let found = form.cx.read_here::<ShowProject>().await?;
            Ok(form.again(&title(&found), view(&form.cx, &found, &refused)))
        }
    }
}

fn title(found: &ProjectView) -> String {
    format!("How {} stands", found.project.name)
}

fn view(cx: &Cx, found: &ProjectView, form: &Form) -> Markup {
    let project = &found.project;
    let href = project.href();
    let crumbs = vec![("/projects", "Projects"), (href.as_str(), project.name.as_str())];
    let healths: Vec<(String, String)> =
        Health::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let lead = "One or two sentences for those who were not there. It stays as it is written.";
    html! {
        (Head { crumbs, title: &title(found), lead, ..Head::default() }.show())
        div.cols {
            section.card { div.body { form.form method="post" action=(place(project)) data-guard {
                (ui::token(cx)) (form.summary())
                (form.select("health", "It is", "", None, &healths))
                (form.text("why", "Why", "What changed, and what would help."))
                footer.form-foot {
                    button.button.primary data-key="mod+enter" { "Say it" }
                    a.button.quiet href=(href) { "Cancel" }
                }
            } } }
            div.stack { (history(cx, &found.health)) }
        }
    }
}

/// On the page of a project: what was said last, and before that.
pub(crate) fn card(cx: &Cx, found: &ProjectView) -> Markup {
    let Some((last, before)) = found.health.split_first() else {
        return html! { @if found.may_change && !found.project.state.is_over() {
            section.card #health { div.body { p.muted { "Nobody has said how it stands. " a.link href=(place(&found.project)) { "Say it" } } } }
        } };
    };
    html! {
        section.card #health {
            header { h2 { "How it stands" } @if last.is_old { span.right { (chip("warn", "Old")) } } }
            div.body.stack.tight {
                (said(cx, last))
                @if last.is_old { p.small { "Nobody has said anything since. It may be different by now." } }
                @if !before.is_empty() { details.fold { summary { "Before" } div.body { ol.timeline.activity { @for one in before { li { div.what { (said(cx, one)) } } } } } } }
            }
        }
    }
}

fn history(cx: &Cx, all: &[Update]) -> Markup {
    html! { @if !all.is_empty() { section.card {
        header { h2 { "Said before" } }
        div.body { ol.timeline.activity { @for one in all { li { div.what { (said(cx, one)) } } } } }
    } } }
}

fn said(cx: &Cx, update: &Update) -> Markup {
    html! {
        p { (chip(update.health.look(), update.health.title())) " " (update.why) }
        p.small.muted { (person_link(&update.by_id, &update.by_name)) " " (ago(update.at, cx.now(), &cx.viewer.zone)) }
    }
}

/// In a list of projects.
pub(crate) fn brief(cx: &Cx, update: Option<&Update>) -> Markup {
    html! { @match update {
        None => span.muted { "Not said" },
        Some(update) => {
            (chip(update.health.look(), update.health.title()))
            p.small.muted { @if update.is_old { "Old: " } (ago(update.at, cx.now(), &cx.viewer.zone)) }
        }
    } }
}
