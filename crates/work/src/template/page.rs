//! The pages of a team's templates.
use super::{
    AddTemplate, Content, DeleteTemplate, EditTemplate, ListRecurrences, ListTemplates, RestoreTemplate, ShowTemplate,
    Template, recurrence, topic,
};
use crate::{issue::Priority, label::ListLabels, team::ShowWork};
use kernel::{Error, Id, Json, Result, Team, json, parse};
use people::person::choices::{Picker, with_ids};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, empty, html, icon, team_tabs, token};

const NEW: &str = "New template";

/// `GET /teams/{team}/issue-templates`
pub async fn list(cx: Cx) -> Answer {
    let body = overview(&cx, &Form::default()).await?;
    let team: Id<Team> = cx.text("team").parse()?;
    Ok(cx.live_page("Templates", &[&topic(team)], body))
}

/// The templates of the team of this page, and what recurs by them.
pub(super) async fn overview(cx: &Cx, form: &Form) -> Result<Markup> {
    let list = cx.read_here::<ListTemplates>().await?;
    let recurring = cx.read(ListRecurrences { team: list.team_id }).await?;
    let (home, here) = (format!("/teams/{}", list.team_id), place(list.team_id));
    let (settings, new) = (format!("{home}/issues/settings"), format!("{here}/new"));
    let actions = html! { @if list.may_change {
        a.button.primary href=(new) data-key="n" data-key-label="New template" { "New template" kbd { "N" } }
    } };
    let head = Head {
        crumbs: vec![("/teams", "Teams"), (&home, &list.team_name), (&settings, "How we keep issues")],
        title: "Templates",
        lead: "Issues that are filed again and again, with their text, fields and issues below them.",
        actions: Some(actions),
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        (team_tabs(cx, list.team_id))
        div.cols {
            div.stack {
                @if list.templates.is_empty() {
                    (empty("This team has no templates. One holds what an issue of a kind begins with, such as the steps of a release.",
                        list.may_change.then_some((new.as_str(), NEW))))
                } @else {
                    section.card { ul.list.plain { @for template in &list.templates { (line(template, list.may_change)) } } }
                }
            }
            div.stack { (recurrence::card(cx, &recurring, &list.templates, form)) }
        }
    })
}

fn line(template: &Template, may_change: bool) -> Markup {
    let below = template.content.pieces.len();
    html! {
        li id={ "template-" (template.id) } {
            div.what.wrap {
                p { @if may_change { a href=(template.href()) { (template.name) } } @else { strong { (template.name) } } }
                p.small.muted { (template.content.title)
                    @if below > 0 { ", with " (below) @if below == 1 { " issue" } @else { " issues" } " below it" } }
            }
            a.button.small href={ "/issues/new?template=" (template.id) } { "Use it" }
        }
    }
}

/// `GET /teams/{team}/issue-templates/new`
pub async fn new(cx: Cx) -> Answer {
    let list = cx.read_here::<ListTemplates>().await?;
    if !list.may_change {
        return Err(Error::Forbidden.into());
    }
    let body = sheet(&cx, (list.team_id, &list.team_name), None, &Form::default()).await?;
    Ok(cx.page(NEW, body))
}

/// `POST /teams/{team}/issue-templates`
pub async fn save(form: Submitted) -> Answer {
    let added = async {
        let form = with_ids(&form, &["assignee"]).await?;
        let input = json!({ "team": form.text("team"), "name": form.text("name"), "content": content(&form)? });
        form.change(parse::<AddTemplate>(input)?).await
    };
    match added.await {
        Ok(template) => {
            let undo = format!("{}/deletion", template.href());
            Ok(form.go(&place(template.team_id), Flash::says(format!("“{}” is saved.", template.name)).undo(undo)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let list = form.cx.read_here::<ListTemplates>().await?;
            let body = sheet(&form.cx, (list.team_id, &list.team_name), None, &state).await?;
            Ok(form.again(NEW, body))
        }
    }
}

/// `GET /issue-templates/{template}`
pub async fn edit(cx: Cx) -> Answer {
    let template = cx.read_here::<ShowTemplate>().await?;
    if !cx.read(ListTemplates { team: template.team_id }).await?.may_change {
        return Err(Error::Forbidden.into());
    }
    let body = sheet(&cx, (template.team_id, &template.team_name), Some(&template), &filled(&template)).await?;
    Ok(cx.page(&template.name, body))
}

/// `POST /issue-templates/{template}`
pub async fn change(form: Submitted) -> Answer {
    let template = form.cx.read_here::<ShowTemplate>().await?;
    let changed = async {
        let form = with_ids(&form, &["assignee"]).await?;
        let input = json!({ "template": template.id, "name": form.text("name"), "content": content(&form)? });
        form.change(parse::<EditTemplate>(input)?).await
    };
    match changed.await {
        Ok(template) => Ok(form.go(&place(template.team_id), Flash::says(format!("“{}” is saved.", template.name)))),
        Err(error) => {
            let state = form.refused(error)?;
            let team = (template.team_id, template.team_name.as_str());
            let body = sheet(&form.cx, team, Some(&template), &state).await?;
            Ok(form.again(&template.name, body))
        }
    }
}

/// `POST /issue-templates/{template}/deletion`
pub async fn delete(form: Submitted) -> Answer {
    let template = form.submit::<DeleteTemplate>().await?;
    let undo = format!("{}/restoration", template.href());
    Ok(form.go(&place(template.team_id), Flash::says(format!("“{}” is deleted.", template.name)).undo(undo)))
}

/// `POST /issue-templates/{template}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    match form.submit::<RestoreTemplate>().await {
        Ok(template) => Ok(form.go(&place(template.team_id), Flash::says(format!("“{}” is back.", template.name)))),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn place(team: Id<Team>) -> String {
    format!("/teams/{team}/issue-templates")
}

/// What the form says of the content, as JSON.
fn content(form: &Submitted) -> Result<Json> {
    let text = |name: &str| Some(form.text(name).trim()).filter(|text| !text.is_empty());
    let days = match text("due_in_days").map(str::parse::<i64>) {
        None => None,
        Some(Ok(days)) => Some(days),
        Some(Err(_)) => return Err(Error::invalid("due_in_days", "Write a number of days, such as 7.")),
    };
    let labels: Vec<&str> = form
        .texts
        .iter()
        .filter(|(name, text)| name == "labels" && !text.is_empty())
        .map(|(_, text)| text.as_str())
        .collect();
    let pieces: Vec<&str> = form.text("pieces").lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Ok(json!({
        "title": form.text("title").trim(), "body": form.text("body"), "state": text("state"),
        "assignee": text("assignee"), "priority": text("priority"), "estimate": text("estimate"), "labels": labels,
        "due_in_days": days, "pieces": pieces,
    }))
}

fn filled(template: &Template) -> Form {
    let Content { title, body, state, assignee, priority, estimate, labels, due_in_days, pieces } = &template.content;
    let word = |text: Option<String>| text.unwrap_or_default();
    let mut texts: Vec<(String, String)> = [
        ("name", template.name.clone()),
        ("title", title.clone()),
        ("body", body.to_string()),
        ("state", word(state.map(|id| id.to_string()))),
        ("assignee", word(assignee.map(|id| id.to_string()))),
        ("priority", word(priority.map(|one| one.word().to_owned()))),
        ("estimate", word(estimate.map(|one| one.to_string()))),
        ("due_in_days", word(due_in_days.map(|days| days.to_string()))),
        ("pieces", pieces.join("\n")),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text))
    .collect();
    texts.extend(labels.iter().map(|label| ("labels".to_owned(), label.to_string())));
    Form::refused(texts, Vec::new())
}

async fn sheet(
    cx: &Cx,
    (team, team_name): (Id<Team>, &str),
    template: Option<&Template>,
    form: &Form,
) -> Result<Markup> {
    let (home, here) = (format!("/teams/{team}"), place(team));
    let to = template.map_or_else(|| here.clone(), Template::href);
    let head = Head {
        crumbs: vec![("/teams", "Teams"), (&home, team_name), (&here, "Templates")],
        title: template.map_or(NEW, |template| &template.name),
        lead: "What an issue of this kind begins with. Everything can be changed as it is filed.",
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        div.stack {
            form.form.wide method="post" action=(to) data-guard {
                (token(cx)) (form.summary())
                div.cols {
                    div.stack { section.card { div.body { div.form.wide {
                        (form.text("name", "Name of the template", "Such as “Release”."))
                        (form.optional("title", "Title of the issue", ""))
                        (form.area("body", "Description", "Markdown. A list with [ ] before each line is a checklist.", 10))
                        (form.area("pieces", "Issues below it", "One title a line; each becomes an issue of its own.", 4))
                    } } } }
                    div.stack { section.card { div.body { div.form { (fields(cx, team, form).await?) } } } }
                }
                footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } a.button.quiet href=(here) { "Cancel" } }
            }
            @if let Some(template) = template {
                form method="post" action={ (template.href()) "/deletion" } { (token(cx)) button.button.danger { (icon("trash")) "Delete" } }
            }
        }
    })
}

async fn fields(cx: &Cx, team: Id<Team>, form: &Form) -> Result<Markup> {
    let states = cx.read(ShowWork { team }).await?.states;
    let states: Vec<(String, String)> = states.into_iter().map(|state| (state.id.to_string(), state.name)).collect();
    let labels = cx.read(ListLabels { team: Some(team), all: false }).await?;
    let priorities: Vec<(String, String)> =
        Priority::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let people = Picker::load(cx, form.value("assignee")).await?;
    Ok(html! {
        @if !states.is_empty() { (form.select("state", "State", "", Some("Where new issues begin"), &states)) }
        (people.field(form, "assignee", "Assignee", "", Some("Nobody"), None))
        (form.select("priority", "Priority", "", Some("None said"), &priorities))
        (form.optional("estimate", "Estimate", "As the team estimates, such as 3."))
        (form.input("number", "due_in_days", "Due in so many days", "From the day on which it is filed.", true))
        @if !labels.is_empty() {
            fieldset.choices { legend { "Labels" }
                @for label in &labels { label.choice {
                    input type="checkbox" name="labels" value=(label.id) checked[form.holds("labels", label.id.as_str())];
                    span { (label.name) }
                } }
            }
        }
    })
}
