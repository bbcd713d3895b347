//! The forms around a project.
use super::{AddProject, EditProject, ProjectView, ShowProject, State};
use crate::{initiative::ListInitiatives, period::Period};
use jiff::{ToSpan, civil::Date};
use kernel::{Error, Person, Result};
use people::person::{
    Named,
    choices::{Picker, teams, with_ids},
};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// `GET /projects/new`
pub async fn new(cx: Cx) -> Answer {
    if !cx.actor().belongs() {
        return Err(Error::Forbidden.into());
    }
    let me = Named { id: cx.actor().person, name: cx.viewer.name.clone() };
    let picker = Picker::load(&cx, "").await?;
    let team = cx.viewer.team.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
    let initiative = cx.text("initiative").to_owned();
    let texts = [
        ("initiative", initiative),
        ("owner", picker.text(Some(&me))),
        ("state", if cx.text("state") == "idea" { "idea" } else { "planned" }.to_owned()),
        ("teams", team),
    ];
    let body = new_view(&cx, &Form::of(texts)).await?;
    Ok(cx.page("New project", body))
}

/// `POST /projects`
pub async fn add(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["owner"]).await?.submit::<AddProject>().await }.await;
    match done {
        Ok(project) => Ok(form.go(&project.href(), Flash::says(format!("{} is begun.", project.name)))),
        Err(error) => {
            let refused = form.refused(error)?;
            let body = new_view(&form.cx, &refused).await?;
            Ok(form.again("New project", body))
        }
    }
}

async fn new_view(cx: &Cx, form: &Form) -> Result<Markup> {
    let lead = "A name is enough. All else can come later.";
    let head = Head { crumbs: vec![("/projects", "Projects")], title: "New project", lead, ..Head::default() };
    Ok(html! { (head.show()) (view(cx, form, ("/projects", "/projects", "Begin it"), None).await?) })
}

/// `GET /projects/{project}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowProject>().await?;
    if !found.may_change {
        return Err(Error::Forbidden.into());
    }
    let owner = owner_of(&found);
    let picker = Picker::load(&cx, "").await?;
    let project = &found.project;
    let written = |period: Option<Period>| period.map(|period| period.to_string()).unwrap_or_default();
    let mut texts = vec![
        ("name".to_owned(), project.name.clone()),
        ("about".to_owned(), found.about.clone()),
        ("owner".to_owned(), picker.text(owner.as_ref())),
        ("state".to_owned(), project.state.word().to_owned()),
        ("start".to_owned(), written(project.start)),
        ("initiative".to_owned(), project.initiative_id.map(|id| id.to_string()).unwrap_or_default()),
        ("rhythm_weeks".to_owned(), project.rhythm_weeks.map(|weeks| weeks.to_string()).unwrap_or_default()),
        ("target".to_owned(), written(project.target)),
    ];
    texts.extend(found.teams.iter().map(|team| ("teams".to_owned(), team.id.to_string())));
    let body = edit_view(&cx, &found, &Form::refused(texts, Vec::new())).await?;
    Ok(cx.page(&format!("Edit {}", project.name), body))
}

fn owner_of(found: &ProjectView) -> Option<Named<Person>> {
    found.project.owner_id.zip(found.project.owner_name.clone()).map(|(id, name)| Named { id, name })
}

/// `POST /projects/{project}/edit`
pub async fn save(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["owner"]).await?.submit::<EditProject>().await }.await;
    match done {
        Ok(project) => Ok(form.go(&project.href(), Flash::says("The project is saved."))),
        Err(error) => {
            let refused = form.refused(error)?;
            let found = form.cx.read_here::<ShowProject>().await?;
            let body = edit_view(&form.cx, &found, &refused).await?;
            Ok(form.again("Edit the project", body))
        }
    }
}

async fn edit_view(cx: &Cx, found: &ProjectView, form: &Form) -> Result<Markup> {
    let href = found.project.href();
    let crumbs = vec![("/projects", "Projects"), (href.as_str(), found.project.name.as_str())];
    let action = format!("{href}/edit");
    let owner = owner_of(found);
    Ok(html! {
        (Head { crumbs, title: "Edit the project", ..Head::default() }.show())
        (view(cx, form, (&action, &href, "Save"), owner.as_ref()).await?)
    })
}

/// To where it is sent, where one comes who cancels, and what the button says.
type Ways<'a> = (&'a str, &'a str, &'a str);

async fn view(cx: &Cx, form: &Form, (action, back, button): Ways<'_>, owner: Option<&Named<Person>>) -> Result<Markup> {
    let picker = Picker::load(cx, form.value("owner")).await?;
    let teams = teams(cx).await?;
    let initiatives = cx.read(ListInitiatives::default()).await?;
    let initiatives: Vec<(String, String)> =
        initiatives.into_iter().map(|one| (one.initiative.id.to_string(), one.initiative.name)).collect();
    let states: Vec<(String, String)> =
        State::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    Ok(html! {
        form.form.wide method="post" action=(action) data-guard {
            (ui::token(cx)) (form.summary())
            div.cols {
                section.card { div.body { div.form.wide {
                    (form.text("name", "Name", ""))
                    (form.area("about", "What it is for", "What will be true at the end, for whom, and what is left out. Markdown.", 12))
                } } }
                section.card { div.body { div.form {
                    (picker.field(form, "owner", "Owner", "", Some("Nobody"), owner))
                    (form.select("state", "State", "", None, &states))
                    (period(form, "start", "Start", cx.today()))
                    (period(form, "target", "Target", cx.today()))
                    @if !initiatives.is_empty() || !form.value("initiative").is_empty() { (form.combo("initiative", "Initiative", "", Some("None"), &initiatives)) }
                    (form.select("rhythm_weeks", "How it stands", "While it is started, its owner is asked so often.", Some("Nobody is asked"), &rhythms()))
                    (team_boxes(form, &teams))
                } } }
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { (button) }
                a.button.quiet href=(back) { "Cancel" }
            }
        }
    })
}

fn rhythms() -> Vec<(String, String)> {
    let words = [(1, "Every week"), (2, "Every two weeks"), (4, "Every four weeks"), (8, "Every eight weeks")];
    words.map(|(weeks, words)| (weeks.to_string(), words.to_owned())).to_vec()
}

/// A field for a day, a month or a quarter, with the coming quarters and months as proposals.
pub(crate) fn period(form: &Form, name: &str, label: &str, today: Date) -> Markup {
    let quarters = (0..6).map(|ahead| Period::quarter_of(today.saturating_add((ahead * 3).months())));
    let months = (0..6).map(|ahead| Period::Month(today.first_of_month().saturating_add(ahead.months())));
    let choices: Vec<(String, String)> =
        quarters.chain(months).map(|period| (period.to_string(), period.in_words())).collect();
    form.proposed(name, label, "A day (2026-06-12), a month (2026-06) or a quarter (2026-Q2).", true, &choices)
}

fn team_boxes(form: &Form, teams: &[(String, String)]) -> Markup {
    html! {
        @if !teams.is_empty() { fieldset.choices { legend { "Teams" }
            // An empty list is sent as well, for a project from which all teams are taken.
            input type="hidden" name="teams" value="";
            @for (id, name) in teams { label.choice {
                input type="checkbox" name="teams" value=(id) checked[form.holds("teams", id)];
                span { (name) }
            } }
        } }
    }
}
