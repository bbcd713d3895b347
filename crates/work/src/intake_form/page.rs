//! The pages on which a team settles its forms.
use super::{
    AddForm, CloseForm, EditForm, FormList, FormView, IntakeForm, ListForms, ReopenForm, ReplaceLink, ShowForm,
    sheet::{self, Sheet},
    topic,
};
use kernel::{Error, Id, Team, json, parse};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, chip, date_long, empty, html, icon, team_tabs, token};

const NEW: &str = "New form";

/// `GET /teams/{team}/intake-forms`
pub async fn list(cx: Cx) -> Answer {
    let list = cx.read_here::<ListForms>().await?;
    let (home, here) = (format!("/teams/{}", list.team_id), place(list.team_id));
    let (settings, new) = (format!("{home}/issues/settings"), format!("{here}/new"));
    let actions = html! { @if list.may_change {
        a.button.primary href=(new) data-key="n" data-key-label="New form" { "New form" kbd { "N" } }
    } };
    let head = Head {
        crumbs: vec![("/teams", "Teams"), (&home, &list.team_name), (&settings, "How we keep issues")],
        title: "Forms",
        lead: "People without an account fill them in, with a link that you publish. What they send arrives in triage.",
        actions: Some(actions),
        ..Head::default()
    };
    let body = html! {
        (head.show())
        (team_tabs(&cx, list.team_id))
        (forms(&cx, &list, &new))
    };
    Ok(cx.live_page("Forms", &[&topic(list.team_id)], body))
}

fn forms(cx: &Cx, list: &FormList, new: &str) -> Markup {
    html! {
        @if list.forms.is_empty() {
            (empty("This team has no forms. With one, customers or other outsiders report what they need, without an account.",
                list.may_change.then_some((new, NEW))))
        } @else {
            section.card { ul.list.plain { @for form in &list.forms { (line(cx, form, list.may_change)) } } }
        }
    }
}

fn line(cx: &Cx, form: &IntakeForm, may_change: bool) -> Markup {
    html! {
        li id={ "form-" (form.id) } {
            div.what.wrap {
                p { @if may_change { a href=(form.href()) { (form.name) } } @else { strong { (form.name) } } }
                p.small.muted { (came(form.sent)) }
            }
            (stands(cx, form))
        }
    }
}

fn came(count: i64) -> String {
    match count {
        0 => "No issue came with it yet".to_owned(),
        1 => "1 issue came with it".to_owned(),
        count => format!("{count} issues came with it"),
    }
}

fn stands(cx: &Cx, form: &IntakeForm) -> Markup {
    match form.ends_on {
        _ if form.closed_at.is_some() => chip("line", "Closed"),
        Some(last) if last < cx.today() => chip("line", "Ended"),
        Some(last) => chip("good", &format!("Open until {}", date_long(last))),
        None => chip("good", "Open"),
    }
}

/// `GET /teams/{team}/intake-forms/new`
pub async fn new(cx: Cx) -> Answer {
    let list = cx.read_here::<ListForms>().await?;
    if !list.may_change {
        return Err(Error::Forbidden.into());
    }
    let body = Sheet::new(&list).show(&cx, &sheet::blank()).await?;
    Ok(cx.page(NEW, body))
}

/// `POST /teams/{team}/intake-forms`
pub async fn save(form: Submitted) -> Answer {
    let added = async {
        let ends_on = Some(form.text("ends_on")).filter(|day| !day.is_empty());
        let input = json!({ "team": form.text("team"), "name": form.text("name"), "content": sheet::content(&form), "ends_on": ends_on });
        form.change(parse::<AddForm>(input)?).await
    };
    match added.await {
        Ok(added) => {
            Ok(form.go(&added.href(), Flash::says(format!("“{}” is open for whoever has its link.", added.name))))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let list = form.cx.read_here::<ListForms>().await?;
            let body = Sheet::new(&list).show(&form.cx, &state).await?;
            Ok(form.again(NEW, body))
        }
    }
}

/// `GET /intake-forms/{form}`
pub async fn edit(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowForm>().await?;
    let body = whole(&cx, &view, &sheet::filled(&view.form)).await?;
    Ok(cx.page(&view.form.name, body))
}

/// `POST /intake-forms/{form}`
pub async fn change(form: Submitted) -> Answer {
    let view = form.cx.read_here::<ShowForm>().await?;
    let changed = async {
        let ends_on = Some(form.text("ends_on")).filter(|day| !day.is_empty());
        let input = json!({ "form": view.form.id, "name": form.text("name"), "content": sheet::content(&form), "ends_on": ends_on });
        form.change(parse::<EditForm>(input)?).await
    };
    match changed.await {
        Ok(changed) => Ok(form.go(&place(changed.team_id), Flash::says(format!("“{}” is saved.", changed.name)))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = whole(&form.cx, &view, &state).await?;
            Ok(form.again(&view.form.name, body))
        }
    }
}

/// `POST /intake-forms/{form}/closing`
pub async fn close(form: Submitted) -> Answer {
    let closed = form.submit::<CloseForm>().await?;
    let undo = format!("{}/reopening", closed.href());
    Ok(form.go(&place(closed.team_id), Flash::says(format!("“{}” is closed.", closed.name)).undo(undo)))
}

/// `POST /intake-forms/{form}/reopening`
pub async fn reopen(form: Submitted) -> Answer {
    match form.submit::<ReopenForm>().await {
        Ok(open) => Ok(form.go(&place(open.team_id), Flash::says(format!("“{}” is open.", open.name)))),
        Err(error) => {
            let state = form.refused(error)?;
            let view = form.cx.read_here::<ShowForm>().await?;
            let body = html! { (state.summary()) (whole(&form.cx, &view, &sheet::filled(&view.form)).await?) };
            Ok(form.again(&view.form.name, body))
        }
    }
}

/// `POST /intake-forms/{form}/link`
pub async fn replace(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Replace the link? The one that is published now opens nothing any more.", "Replace the link");
    }
    let replaced = form.submit::<ReplaceLink>().await?;
    Ok(form.go(&replaced.href(), Flash::says("The form has another link.")))
}

pub(super) fn place(team: Id<Team>) -> String {
    format!("/teams/{team}/intake-forms")
}

/// The link of a form, and the form in which it is changed.
async fn whole(cx: &Cx, view: &FormView, form: &Form) -> kernel::Result<Markup> {
    let sheet = Sheet::of(&view.form);
    Ok(html! {
        (sheet.head().show())
        div.stack { (link(cx, view)) (sheet.form(cx, form).await?) }
    })
}

fn link(cx: &Cx, view: &FormView) -> Markup {
    let form = &view.form;
    let act = |path: &str, words: &str| {
        html! {
            form method="post" action={ (form.href()) "/" (path) } { (token(cx)) button.button { (words) } }
        }
    };
    html! {
        section.card #link {
            header { h2 { "Its link" } span.right { (stands(cx, form)) } }
            div.body.stack.tight {
                @match &view.address {
                    Some(address) => {
                        pre.code { code { (address) } }
                        p.muted.small { "Whoever has it can send an issue to this team. Publish it where those are who should." }
                    },
                    None => p { "This server cannot read the link, as its key is another one. Replace it." },
                }
                div.row {
                    @if let Some(address) = &view.address {
                        copy-button data-text=(address) { button.button type="button" { (icon("copy")) "Copy" } }
                        @if form.closed_at.is_none() { a.button href=(address) { "See the form" } }
                    }
                    (act("link", "Replace the link"))
                    @if form.closed_at.is_none() { (act("closing", "Close the form")) } @else { (act("reopening", "Open it again")) }
                }
            }
        }
    }
}
