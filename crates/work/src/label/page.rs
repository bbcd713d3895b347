//! The labels of everyone, to be added, renamed and put away.
use super::{AddLabel, ArchiveLabel, EditLabel, Label, ListLabels, RestoreLabel};
use kernel::Result;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, chip, html};

/// `GET /labels`
pub async fn list(cx: Cx) -> Answer {
    let body = view(&cx, &Form::default()).await?;
    Ok(cx.live_page("Labels", &["label"], body))
}

/// `POST /labels`
pub async fn add(form: Submitted) -> Answer {
    match form.submit::<AddLabel>().await {
        Ok(label) => {
            let undo = format!("/labels/{}/archive", label.id);
            Ok(form.go("/labels", Flash::says(format!("{} is added.", label.name)).undo(undo)))
        }
        Err(error) => again(&form, error).await,
    }
}

/// `POST /labels/{label}/edit`
pub async fn edit(form: Submitted) -> Answer {
    match form.submit::<EditLabel>().await {
        Ok(_) => Ok(form.go("/labels", Flash::says("The label is renamed."))),
        Err(error) => again(&form, error).await,
    }
}

/// `POST /labels/{label}/archive`
pub async fn archive(form: Submitted) -> Answer {
    let label = form.submit::<ArchiveLabel>().await?;
    let undo = format!("/labels/{}/restoration", label.id);
    Ok(form.go("/labels", Flash::says(format!("{} is put away.", label.name)).undo(undo)))
}

/// `POST /labels/{label}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    let label = form.submit::<RestoreLabel>().await?;
    Ok(form.go("/labels", Flash::says(format!("{} is back.", label.name))))
}

async fn again(form: &Submitted, error: kernel::Error) -> Answer {
    let refused = form.refused(error)?;
    Ok(form.again("Labels", view(&form.cx, &refused).await?))
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let all = cx.read(ListLabels { team: None, all: true }).await?;
    let (away, used): (Vec<&Label>, Vec<&Label>) = all.iter().partition(|label| label.archived_at.is_some());
    let lead = "Words by which issues are found again, on every team.";
    Ok(html! {
        (Head { crumbs: vec![("/issues", "Issues")], title: "Labels", lead, ..Head::default() }.show())
        div.cols {
            div.stack {
                @if used.is_empty() { (ui::empty("There are no labels yet. Add one, and give it to issues.", None)) }
                @else { section.card { ul.list { @for label in used { (line(cx, label)) } } } }
                @if !away.is_empty() {
                    section.card { header { h2 { "Put away" } } ul.list { @for label in away { (away_line(cx, label)) } } }
                }
            }
            div.stack { section.card { header { h2 { "Add a label" } } div.body {
                form.form method="post" action="/labels" {
                    (ui::token(cx)) (form.summary()) (form.text("name", "Name", ""))
                    div.buttons { button.button.primary { "Add the label" } }
                }
            } } }
        }
    })
}

fn line(cx: &Cx, label: &Label) -> Markup {
    let name = format!("name-{}", label.id);
    html! {
        li id={ "label-" (label.id) } {
            span {}
            div.what { p { (chip("line", &label.name)) } }
            details.menu name="menu" {
                summary.button.quiet.small { "Change" }
                div.panel {
                    form method="post" action={ "/labels/" (label.id) "/edit" } {
                        (ui::token(cx)) label.vh for=(name) { "New name" }
                        input id=(name) name="name" value=(label.name) required maxlength="40";
                        button { "Rename" }
                    }
                    form method="post" action={ "/labels/" (label.id) "/archive" } { (ui::token(cx)) button { "Put away" } }
                }
            }
        }
    }
}

fn away_line(cx: &Cx, label: &Label) -> Markup {
    html! {
        li id={ "label-" (label.id) } {
            span {}
            div.what { p { (label.name) } }
            form method="post" action={ "/labels/" (label.id) "/restoration" } { (ui::token(cx)) button.button.small { "Bring back" } }
        }
    }
}
