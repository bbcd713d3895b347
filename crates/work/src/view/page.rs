//! Saved views beside the filter, and the forms by which they are saved and changed.
use super::{AddView, Asked, Column, DeleteView, EditView, Layout, RestoreView, SetFirstView, ShowView, View};
use crate::{
    custom::{FieldView, ListFields},
    issue::{Group, Grouping},
};
use axum::response::{IntoResponse, Redirect};
use kernel::{Id, Result, Team};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// The views that can be chosen from here, and what can be done with the one that is shown.
pub(crate) fn bar(cx: &Cx, asked: &Asked) -> Markup {
    let current = asked.view.as_ref();
    html! {
        @if !asked.views.views.is_empty() {
            nav.segments aria-label="Saved views" { @for view in &asked.views.views {
                a href=(view.href()) aria-current=[current.is_some_and(|one| one.id == view.id).then_some("true")] { (view.name) }
            } }
        }
        @match current {
            Some(view) if may_change(cx, asked, view) => (of_current(cx, asked, view)),
            _ => { a.button.quiet.small href=(new_href(asked)) { "Save as a view" } }
        }
    }
}

/// What the list of views knows is enough to decide what to draw; the operations decide what happens.
fn may_change(cx: &Cx, asked: &Asked, view: &View) -> bool {
    view.owner_id == cx.actor().person || (view.shared_at.is_some() && asked.views.may_settle)
}

fn of_current(cx: &Cx, asked: &Asked, view: &View) -> Markup {
    html! {
        @if asked.differs() {
            form method="post" action={ "/issue-views/" (view.id) "/query" } {
                (ui::token(cx)) (hidden(asked))
                button.button.small { "Save in “" (view.name) "”" }
            }
            a.button.quiet.small href=(new_href(asked)) { "Save as another view" }
        }
        a.button.quiet.small href={ "/issue-views/" (view.id) "/edit" } { "Change the view" }
    }
}

fn hidden(asked: &Asked) -> Markup {
    html! {
        @for (name, text) in asked.fields() { input type="hidden" name=(name) value=(text); }
        input type="hidden" name="layout" value=(asked.layout.word());
        // The usual columns are no columns of its own.
        @if asked.columns == Column::USUAL { input type="hidden" name="columns" value=""; }
        @if asked.fields.is_empty() { input type="hidden" name="fields" value=""; }
    }
}

fn new_href(asked: &Asked) -> String {
    let mut pairs = asked.fields();
    pairs.push(("layout", asked.layout.word().to_owned()));
    pairs.extend(asked.team.map(|team| ("team", team.to_string())));
    format!("/issue-views/new?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// `GET /issue-views/{view}`
pub async fn go(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowView>().await?;
    Ok(Redirect::to(&view.href()).into_response())
}

/// `GET /issue-views/new`
pub async fn new(cx: Cx) -> Answer {
    let form = Form::refused(cx.texts.clone(), Vec::new());
    let body = add_form(&cx, &form).await?;
    Ok(cx.page("Save a view", body))
}

/// `POST /issue-views`
pub async fn add(form: Submitted) -> Answer {
    match form.submit::<AddView>().await {
        Ok(view) => {
            let undo = format!("/issue-views/{}/deletion", view.id);
            Ok(form.go(&view.href(), Flash::says(format!("“{}” is saved.", view.name)).undo(undo)))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            let body = add_form(&form.cx, &refused).await?;
            Ok(form.again("Save a view", body))
        }
    }
}

async fn add_form(cx: &Cx, form: &Form) -> Result<Markup> {
    let team: Option<Id<Team>> = form.value("team").parse().ok();
    let named = match team {
        Some(team) => Some(cx.read(people::team::ShowTeam { team }).await?.team.name),
        None => None,
    };
    let offered = cx.read(ListFields { team, all: false }).await?;
    let home = team.map_or("/issues".to_owned(), |team| format!("/teams/{team}/issues"));
    let lead = "A query with a name. What it shows is always what whoever looks may see.";
    Ok(html! {
        (Head { crumbs: vec![(&home, "Issues")], title: "Save a view", lead, ..Head::default() }.show())
        section.card { div.body { form.form method="post" action="/issue-views" {
            (ui::token(cx)) (form.summary())
            @if let Some(team) = team { input type="hidden" name="team" value=(team); }
            (fields(form, named.as_deref(), &offered))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save the view" }
                a.button.quiet href=(home) { "Cancel" }
            }
        } } }
    })
}

/// `team` is the name of the team with which it can be shared.
fn fields(form: &Form, team: Option<&str>, offered: &[FieldView]) -> Markup {
    let pair = |word: &str, title: &str| (word.to_owned(), title.to_owned());
    let layouts: Vec<_> = Layout::ALL.iter().map(|one| pair(one.word(), one.title())).collect();
    let mut groups: Vec<_> = Group::ALL.iter().map(|one| pair(one.word(), one.title())).collect();
    groups.extend(offered.iter().map(|one| pair(one.field.id.as_str(), &one.field.name)));
    html! {
        (form.text("name", "Name", ""))
        (form.optional("q", "Which issues", "Words and fields, such as assignee:me is:open sort:priority."))
        @if team.is_some() {
            (form.select("layout", "Shown as", "", None, &layouts))
            (form.select("group", "Grouped by", "", Some("Nothing, or the state on a board"), &groups))
            (form.select("subgroup", "And within each group", "", Some("Nothing"), &groups))
        }
        @if let Some(team) = team {
            fieldset.choices { legend { "Who sees it" }
                label.choice { input type="checkbox" name="shared" value="true" checked[form.holds("shared", "true")]; span { "Everyone who sees " (team) } }
                p.hint { "Otherwise only you do." }
            }
        }
        (columns(form))
    }
}

fn columns(form: &Form) -> Markup {
    html! {
        details open[Column::ALL.iter().any(|column| form.holds("columns", column.word()))] {
            summary { "Columns of the list" }
            fieldset.choices { legend.vh { "Columns of the list" }
                input type="hidden" name="columns" value="";
                @for field in form.all("fields") { input type="hidden" name="fields" value=(field); }
                @for column in Column::ALL { label.choice {
                    input type="checkbox" name="columns" value=(column.word()) checked[form.holds("columns", column.word())];
                    span { (column.title()) }
                } }
                p.hint { "With none of them, it shows the usual ones." }
            }
        }
    }
}

/// A box that is not ticked sends nothing.
fn ticked(form: &Submitted) -> Submitted {
    let shared = form.texts.iter().any(|(name, text)| name == "shared" && text == "true");
    let mut texts = form.texts.clone();
    texts.retain(|(name, _)| name != "shared");
    texts.push(("shared".to_owned(), shared.to_string()));
    Submitted { cx: form.cx.clone(), texts }
}

/// `GET /issue-views/{view}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowView>().await?;
    let word = |one: Option<Grouping>| one.map(|one| one.to_string()).unwrap_or_default();
    let mut texts = vec![
        ("name".to_owned(), view.name.clone()),
        ("q".to_owned(), view.q.clone()),
        ("layout".to_owned(), view.layout.word().to_owned()),
        ("group".to_owned(), word(view.group)),
        ("subgroup".to_owned(), word(view.subgroup)),
        ("shared".to_owned(), view.shared_at.is_some().to_string()),
    ];
    texts.extend(view.columns.iter().map(|column| ("columns".to_owned(), column.word().to_owned())));
    let body = edit_form(&cx, &view, &Form::refused(texts, Vec::new())).await?;
    Ok(cx.page(&view.name, body))
}

/// `POST /issue-views/{view}/edit`
pub async fn save(form: Submitted) -> Answer {
    let form = ticked(&form);
    match form.submit::<EditView>().await {
        Ok(view) => Ok(form.go(&view.href(), Flash::says(format!("“{}” is changed.", view.name)))),
        Err(error) => {
            let refused = form.refused(error)?;
            let view = form.cx.read_here::<ShowView>().await?;
            let body = edit_form(&form.cx, &view, &refused).await?;
            Ok(form.again(&view.name, body))
        }
    }
}

async fn edit_form(cx: &Cx, view: &View, form: &Form) -> Result<Markup> {
    let home = view.href();
    let offered = cx.read(ListFields { team: view.team_id, all: false }).await?;
    Ok(html! {
        (Head { crumbs: vec![(&home, &view.name)], title: "Change the view", ..Head::default() }.show())
        div.cols {
            section.card { div.body { form.form method="post" action={ "/issue-views/" (view.id) "/edit" } {
                (ui::token(cx)) (form.summary())
                (fields(form, view.team_name.as_deref(), &offered))
                footer.form-foot {
                    button.button.primary data-key="mod+enter" { "Save" }
                    a.button.quiet href=(home) { "Cancel" }
                }
            } } }
            div.stack {
                @if let Some(team) = view.team_id.filter(|_| view.shared_at.is_some()) { (first(cx, view, team)) }
                section.card { div.body.stack.tight {
                    p.small.muted { "Made by " (view.owner_name) ". The issues stay when the view goes." }
                    form method="post" action={ "/issue-views/" (view.id) "/deletion" } { (ui::token(cx)) button.button.danger { "Delete the view" } }
                } }
            }
        }
    })
}

fn first(cx: &Cx, view: &View, team: Id<Team>) -> Markup {
    let name = view.team_name.as_deref().unwrap_or_default();
    html! {
        section.card { div.body.stack.tight {
            p.small { @if view.first { "The issues of " (name) " begin with this view." } @else { "The issues of " (name) " can begin with this view." } }
            form method="post" action={ "/teams/" (team) "/first-view" } {
                (ui::token(cx))
                @if !view.first { input type="hidden" name="view" value=(view.id); }
                button.button { @if view.first { "Begin with what is open" } @else { "Begin with it" } }
            }
        } }
    }
}

/// `POST /issue-views/{view}/query`: what the page shows becomes what the view says.
pub async fn save_query(form: Submitted) -> Answer {
    let view = form.submit::<EditView>().await?;
    Ok(form.go(&view.href(), Flash::says(format!("“{}” is changed.", view.name))))
}

/// `POST /issue-views/{view}/deletion`
pub async fn delete(form: Submitted) -> Answer {
    let view = form.submit::<DeleteView>().await?;
    let home = view.team_id.map_or("/issues".to_owned(), |team| format!("/teams/{team}/issues"));
    let undo = format!("/issue-views/{}/restoration", view.id);
    Ok(form.go(&home, Flash::says(format!("“{}” is deleted.", view.name)).undo(undo)))
}

/// `POST /issue-views/{view}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    let view = form.submit::<RestoreView>().await?;
    Ok(form.go(&view.href(), Flash::says(format!("“{}” is back.", view.name))))
}

/// `POST /teams/{team}/first-view`
pub async fn set_first(form: Submitted) -> Answer {
    let view = form.submit::<SetFirstView>().await?;
    let says = match &view {
        Some(view) => format!("The issues begin with “{}”.", view.name),
        None => "The issues begin with what is open.".to_owned(),
    };
    Ok(form.go(&format!("/teams/{}/issues", form.text("team")), Flash::says(says)))
}
