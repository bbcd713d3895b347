//! `/webhooks`: the doors for webhooks, what came last, and what went wrong.
use super::{AddHook, Delivery, Hook, ListHooks, Opened, RemoveHook, RetryDeliveries, RotateHook, State};
use crate::{repository::ListRepositories, source::System};
use axum::{http::StatusCode, response::Response};
use kernel::Result;
use people::team::ListTeams;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Pages, Submitted, ago, html, icon};

pub fn pages() -> Pages {
    Pages::new()
        .get("/webhooks", list)
        .get("/webhooks/new", new)
        .post("/webhooks", add)
        .post("/webhooks/{hook}/secret", rotate)
        .post("/webhooks/{hook}/retry", retry)
        .post("/webhooks/{hook}/remove", remove)
}

async fn list(cx: Cx) -> Answer {
    let hooks = cx.read_here::<ListHooks>().await?;
    let lead = "Code hosts, build servers and incident systems tell Cairn at once what happens, if they are given one of these \
                addresses.";
    let actions = html! { a.button href="/connections" { "Connections" } a.button.primary href="/webhooks/new" { "New webhook" } };
    let crumbs = vec![("/repositories", "Repositories")];
    let body = html! {
        (Head { crumbs, title: "Webhooks", lead, actions: Some(actions), ..Head::default() }.show())
        @if hooks.is_empty() {
            (ui::empty("No system tells Cairn anything by itself yet.", Some(("/webhooks/new", "New webhook"))))
        }
        div.stack { @for hook in &hooks { (card(&cx, hook)) } }
    };
    Ok(cx.live_page("Webhooks", &["hook"], body))
}

fn card(cx: &Cx, hook: &Hook) -> Markup {
    let path = format!("/webhooks/{}", hook.id);
    html! {
        section.card id={ "hook-" (hook.id) } {
            header {
                h2 { (hook.name) }
                span.chip { (hook.system.title()) }
                span.right.small.muted { @match hook.last_at {
                    Some(at) => { "last came " (ago(at, cx.now(), &cx.viewer.zone)) }
                    None => "nothing came yet",
                } }
            }
            div.body { div.stack {
                p.small { "Address: " code { (address(cx, hook.system, &hook.id.to_string())) } }
                p {
                    @match hook.received { 0 => "Nothing came", 1 => "1 delivery", many => { (many) " deliveries" } }
                    " in the last 14 days"
                    @if hook.waiting > 0 { ", " (hook.waiting) " not applied yet" }
                    @if hook.failed > 0 { ", " (hook.failed) " failed" }
                    "."
                    @if let Some(name) = &hook.repository_name { " All of it belongs to " (name) "." }
                    @if let Some(name) = &hook.team_name { " Incidents are those of " (name) "." }
                }
                @if !hook.readable {
                    p { (ui::chip("bad", "Closed")) " The key of this server is another one than when its secret was sealed. Give it a new secret." }
                }
                @if hook.former_until.is_some_and(|until| until > cx.now()) {
                    p.small.muted { "The secret before the present one is still good for a day after it was changed." }
                }
                @if !hook.trouble.is_empty() { (trouble(cx, &hook.trouble)) }
                div.buttons {
                    @if hook.failed > 0 {
                        form method="post" action={ (path) "/retry" } { (ui::token(cx)) button.button.small { "Try again" } }
                    }
                    form method="post" action={ (path) "/secret" } { (ui::token(cx)) button.button.small { "New secret" } }
                    form method="post" action={ (path) "/remove" } data-confirm="Close this door? What it brought stays." {
                        (ui::token(cx)) button.button.small.quiet { "Remove" }
                    }
                }
            } }
        }
    }
}

fn trouble(cx: &Cx, deliveries: &[Delivery]) -> Markup {
    html! {
        details.fold {
            summary { "What failed or was not understood" }
            div.body { table.data.listed {
                caption.vh { "Deliveries that failed or were not understood" }
                thead { tr { th scope="col" { "Delivery" } th scope="col" { "What" } th scope="col" { "Why" } th scope="col" { "When" } } }
                tbody { @for one in deliveries { tr {
                    td { code { (one.key) } }
                    td data-label="What" { @if one.event.is_empty() { span.muted { "not said" } } @else { (one.event) } }
                    td data-label="Why" { @if one.state == State::Applied { "Not taken over: " } (one.note) }
                    td data-label="When" { (ago(one.received_at, cx.now(), &cx.viewer.zone)) }
                } } }
            } }
        }
    }
}

fn address(cx: &Cx, system: System, id: &str) -> String {
    format!("{}/hooks/{}/{id}", cx.site.base_url, system.word())
}

async fn new(cx: Cx) -> Answer {
    let body = view(&cx, &Form::default()).await?;
    Ok(cx.page("New webhook", body))
}

async fn add(form: Submitted) -> Answer {
    match form.submit::<AddHook>().await {
        Ok(opened) => Ok(hand_over(&form.cx, &opened)),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again("New webhook", body))
        }
    }
}

async fn rotate(form: Submitted) -> Answer {
    let opened = form.submit::<RotateHook>().await?;
    Ok(hand_over(&form.cx, &opened))
}

async fn retry(form: Submitted) -> Answer {
    form.submit::<RetryDeliveries>().await?;
    Ok(form.go("/webhooks", Flash::says("What failed is tried again.")))
}

async fn remove(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Close this door? What it brought stays.", "Remove");
    }
    form.submit::<RemoveHook>().await?;
    Ok(form.go("/webhooks", Flash::says("Nothing comes through this door any more.")))
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let systems: Vec<(String, String)> =
        System::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let repositories = cx.read(ListRepositories { team: None }).await?;
    let repositories: Vec<(String, String)> =
        repositories.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let teams = cx.read(ListTeams {}).await?;
    let teams: Vec<(String, String)> = teams.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    let crumbs = vec![("/repositories", "Repositories"), ("/webhooks", "Webhooks")];
    let everything =
        "Leave it empty if what comes says itself to which repository it belongs, as that of code hosts does.";
    Ok(html! {
        (Head { crumbs, title: "New webhook", ..Head::default() }.show())
        form.form method="post" action="/webhooks" {
            (form.summary()) (ui::token(cx))
            (form.select("system", "System", "", None, &systems))
            (form.text("name", "Name", "Such as the name of the organisation or the server."))
            (form.combo("repository", "Repository", everything, Some("What comes says it"), &repositories))
            (form.combo("team", "Team", "Whose incidents these are.", Some("None"), &teams))
            footer.form-foot { button.button.primary { "Create" } a.button.quiet href="/webhooks" { "Cancel" } }
        }
    })
}

/// The one time that a secret is shown. Turbo takes a page as the answer to a form if it is not a plain 200.
fn hand_over(cx: &Cx, opened: &Opened) -> Response {
    let address = address(cx, opened.system, &opened.id.to_string());
    let title = format!("What {} has to know", opened.system.title());
    let head = Head { title: &title, lead: "Cairn does not show the secret again.", ..Head::default() };
    let body = html! {
        (head.show())
        section.card { div.body { div.stack {
            p { "Its address" }
            (to_copy(&address))
            p { "Its secret" }
            (to_copy(&opened.secret))
            p.small.muted { (how(opened.system)) }
            div.buttons { a.button href="/webhooks" { "Done" } }
        } } }
    };
    let mut response = cx.page(&title, body);
    *response.status_mut() = StatusCode::CREATED;
    response
}

fn to_copy(text: &str) -> Markup {
    html! {
        pre.code { code { (text) } }
        div.buttons { copy-button data-text=(text) { button.button.small type="button" { (icon("copy")) "Copy" } } }
    }
}

fn how(system: System) -> &'static str {
    match system {
        System::GitHub => {
            "In the settings of the organisation or the repository, under Webhooks: the content type application/json, this \
             secret, and all events, or those about pull requests, reviews, comments, pushes, releases, workflows, checks and \
             deployments."
        }
        System::GitLab => {
            "In the settings of the group or the project, under Webhooks: the secret token, and the events about pushes, tags, \
             comments, merge requests, jobs, pipelines, deployments and releases."
        }
        System::CircleCi => "In the settings of the project, under Webhooks: this secret, and both events.",
        System::PagerDuty => {
            "When the webhook subscription is made by PagerDuty's API, this secret can be given; else put the one there in its \
             place by a new webhook here."
        }
        System::Jenkins | System::Opsgenie => {
            "The sender shows the secret in the header X-Cairn-Token. One that can set no header adds ?token= and the secret to \
             the address."
        }
    }
}
