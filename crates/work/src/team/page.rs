//! The page on which a team settles how it keeps its issues.
use super::{AddState, ArchiveState, Category, EditState, EditWork, RestoreState, ShowWork, State, WorkView};
use crate::estimate::Measure;
use kernel::{Error, Result};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, chip, html, icon, team_tabs};

/// `GET /teams/{team}/issues/settings`
pub async fn settings(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowWork>().await?;
    let team = view.team_id.to_string();
    let body = show(&cx, &view, None, None);
    Ok(cx.live_page("How we keep issues", &[&team], body))
}

/// `POST /teams/{team}/issues/settings`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<EditWork>().await {
        Ok(work) => Ok(form.go(&place(&work.team_id), Flash::says("The settings are saved."))),
        Err(error) => again(&form, error, true).await,
    }
}

/// `POST /teams/{team}/states`
pub async fn add_state(form: Submitted) -> Answer {
    match form.submit::<AddState>().await {
        Ok(state) => {
            let undo = format!("/states/{}/archive", state.id);
            Ok(form.go(&place(&state.team_id), Flash::says(format!("{} is added.", state.name)).undo(undo)))
        }
        Err(error) => again(&form, error, false).await,
    }
}

/// `GET /states/{state}/edit`
pub async fn edit_state(cx: Cx) -> Answer {
    let (view, state) = found(&cx).await?;
    let body = state_view(&cx, &view, &state, &Form::of([("name", state.name.clone())]));
    Ok(cx.page(&state.name, body))
}

/// `POST /states/{state}/edit`
pub async fn save_state(form: Submitted) -> Answer {
    match form.submit::<EditState>().await {
        Ok(state) => Ok(form.go(&place(&state.team_id), Flash::says("The state is saved."))),
        Err(error) => {
            let refused = form.refused(error)?;
            let (view, state) = found(&form.cx).await?;
            Ok(form.again(&state.name, state_view(&form.cx, &view, &state, &refused)))
        }
    }
}

/// `POST /states/{state}/archive`
pub async fn archive_state(form: Submitted) -> Answer {
    match form.submit::<ArchiveState>().await {
        Ok(state) => {
            let undo = format!("/states/{}/restoration", state.id);
            Ok(form.go(&place(&state.team_id), Flash::says(format!("{} is put away.", state.name)).undo(undo)))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            let (view, state) = found(&form.cx).await?;
            Ok(form.again(&state.name, state_view(&form.cx, &view, &state, &refused)))
        }
    }
}

/// `POST /states/{state}/restoration`
pub async fn restore_state(form: Submitted) -> Answer {
    let state = form.submit::<RestoreState>().await?;
    Ok(form.go(&place(&state.team_id), Flash::says(format!("{} is back.", state.name))))
}

fn place(team: &kernel::Id<kernel::Team>) -> String {
    format!("/teams/{team}/issues/settings")
}

async fn again(form: &Submitted, error: Error, settings: bool) -> Answer {
    let refused = form.refused(error)?;
    let view = form.cx.read_here::<ShowWork>().await?;
    let (first, second) = if settings { (Some(refused), None) } else { (None, Some(refused)) };
    Ok(form.again("How we keep issues", show(&form.cx, &view, first, second)))
}

/// A state, and how its team keeps its issues.
async fn found(cx: &Cx) -> Result<(WorkView, State)> {
    let (team, state) = cx.read_here::<super::state::FindState>().await?;
    let view = cx.read(ShowWork { team }).await?;
    match view.may_change {
        true => Ok((view, state)),
        false => Err(Error::Forbidden),
    }
}

fn show(cx: &Cx, view: &WorkView, settings: Option<Form>, state: Option<Form>) -> Markup {
    let home = format!("/teams/{}", view.team_id);
    let issues = format!("{home}/issues");
    let actions = html! {
        a.button href={ (home) "/issue-templates" } { "Templates" }
        a.button href={ (home) "/automations" } { "Automations" }
        a.button href={ (home) "/intake-forms" } { "Forms" }
        a.button href={ "/custom-fields?team=" (view.team_id) } { "Fields" }
    };
    let head = Head {
        crumbs: vec![("/teams", "Teams"), (&home, &view.team_name), (&issues, "Issues")],
        title: "How we keep issues",
        lead: "Keys, estimates and states of this team. Its members and its lead settle them.",
        actions: Some(actions),
        ..Head::default()
    };
    html! {
        (head.show())
        (team_tabs(cx, view.team_id))
        div.cols {
            div.stack { (states(cx, view)) @if view.may_change { (new_state(cx, view, &state.unwrap_or_default())) } }
            div.stack { (basics(cx, view, settings)) }
        }
    }
}

fn states(cx: &Cx, view: &WorkView) -> Markup {
    html! {
        section.card {
            header { h2 { "States" } span.right.small.muted { "An issue is always in one of them" } }
            table.data.listed {
                caption.vh { "States of this team's issues" }
                thead { tr { th scope="col" { "State" } th scope="col" { "Means" } th scope="col" { span.vh { "Change" } } } }
                tbody {
                    @for state in &view.states { tr id={ "state-" (state.id) } {
                        td { (chip(state.category.look(), &state.name)) }
                        td data-label="Means" { (state.category.title()) }
                        td.n { @if view.may_change {
                            a.button.quiet.small.icon-only href={ "/states/" (state.id) "/edit" } aria-label={ "Edit " (state.name) } title="Edit" { (icon("pencil")) }
                        } }
                    } }
                    @for (name, category) in &view.first_states { tr {
                        td { (chip(category.look(), name)) } td data-label="Means" { (category.title()) } td {}
                    } }
                }
            }
            @if !view.archived_states.is_empty() {
                footer.small { details { summary { (view.archived_states.len()) " put away" }
                    ul.list.plain { @for state in &view.archived_states { li {
                        div.what { p { (state.name) " " span.muted { (state.category.title()) } } }
                        @if view.may_change { form method="post" action={ "/states/" (state.id) "/restoration" } {
                            (ui::token(cx)) button.button.small { "Bring back" }
                        } }
                    } } }
                } }
            }
        }
    }
}

fn new_state(cx: &Cx, view: &WorkView, form: &Form) -> Markup {
    let categories: Vec<(String, String)> =
        Category::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    html! {
        section.card { header { h2 { "Add a state" } } div.body {
            form.form method="post" action={ "/teams/" (view.team_id) "/states" } {
                (ui::token(cx)) (form.summary())
                div.field-row {
                    (form.text("name", "Name", ""))
                    (form.select("category", "Means", "Forecasts and reports count by it.", None, &categories))
                }
                div.buttons { button.button { "Add the state" } }
            }
        } }
    }
}

fn settled(view: &WorkView) -> Form {
    Form::of([
        ("key", view.key.clone()),
        ("estimates", view.estimates.word().to_owned()),
        ("sprint_weeks", view.sprint_weeks.unwrap_or(0).to_string()),
        ("sprint_zone", view.sprint_zone.clone().unwrap_or_default()),
    ])
}

fn lasts(weeks: i64) -> String {
    match weeks {
        0 => "As planned each time".to_owned(),
        1 => "One week".to_owned(),
        weeks => format!("{weeks} weeks"),
    }
}

fn basics(cx: &Cx, view: &WorkView, form: Option<Form>) -> Markup {
    let form = form.unwrap_or_else(|| settled(view));
    let measures: Vec<(String, String)> =
        Measure::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let weeks: Vec<(String, String)> = (0..=8).map(|weeks| (weeks.to_string(), lasts(weeks))).collect();
    html! {
        section.card { header { h2 { "Keys, estimates and sprints" } } div.body {
            @if view.may_change {
                form.form method="post" action={ "/teams/" (view.team_id) "/issues/settings" } data-guard {
                    (ui::token(cx)) (form.summary())
                    (form.text("key", "Key", "Stands before the number, as in PAY-482. Old keys go on leading to their issues."))
                    (form.select("estimates", "Estimates", "", None, &measures))
                    (form.select("sprint_weeks", "A sprint lasts", "", None, &weeks))
                    (form.optional("sprint_zone", "Zone of sprints", "Where its days begin and end, such as Europe/Lisbon. Without it, where whoever plans it is."))
                    footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } }
                }
            } @else {
                (ui::facts(&[("Key", html! { (view.key) }), ("Estimates", html! { (view.estimates.title()) }), ("A sprint lasts", html! { (lasts(view.sprint_weeks.unwrap_or(0))) })]))
            }
        } }
    }
}

fn state_view(cx: &Cx, view: &WorkView, state: &State, form: &Form) -> Markup {
    let (home, settings) = (format!("/teams/{}", view.team_id), place(&view.team_id));
    let crumbs = vec![(home.as_str(), view.team_name.as_str()), (&settings, "How we keep issues")];
    let others = view.states.iter().filter(|other| other.id != state.id);
    let others: Vec<(String, String)> = others.map(|other| (other.id.to_string(), other.name.clone())).collect();
    let lead =
        format!("It means: {}. That never changes, so that reports of the past stay true.", state.category.title());
    html! {
        (Head { crumbs, title: &state.name, lead: &lead, ..Head::default() }.show())
        section.card { div.body { form.form method="post" action={ "/states/" (state.id) "/edit" } data-guard {
            (ui::token(cx)) (form.summary())
            (form.text("name", "Name", ""))
            (form.select("after", "Stands behind", "", Some("Where it is"), &others))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(settings) { "Cancel" }
                button.button.danger.right formaction={ "/states/" (state.id) "/archive" } { "Put away" }
            }
        } } }
    }
}
