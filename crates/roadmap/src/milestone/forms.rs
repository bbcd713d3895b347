//! The forms around a milestone.
use super::{AddMilestone, EditMilestone, MilestonePage, RemoveMilestone, RestoreMilestone, ShowMilestone};
use crate::project::{ProjectView, ShowProject, period};
use kernel::{Error, Flaw};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// `GET /projects/{project}/milestones/new`
pub async fn new(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowProject>().await?;
    if !found.may_change {
        return Err(Error::Forbidden.into());
    }
    Ok(cx.page("Add a milestone", new_view(&cx, &found, &Form::default())))
}

/// `POST /projects/{project}/milestones`
pub async fn add(form: Submitted) -> Answer {
    match form.submit::<AddMilestone>().await {
        Ok(milestone) => {
            let flash = Flash::says(format!("{} is added.", milestone.name));
            Ok(form.go(&milestone.href(), flash.undo(format!("/milestones/{}/removal", milestone.id))))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            let found = form.cx.read_here::<ShowProject>().await?;
            Ok(form.again("Add a milestone", new_view(&form.cx, &found, &refused)))
        }
    }
}

fn new_view(cx: &Cx, found: &ProjectView, form: &Form) -> Markup {
    let href = found.project.href();
    let crumbs = vec![("/projects", "Projects"), (href.as_str(), found.project.name.as_str())];
    html! {
        (Head { crumbs, title: "Add a milestone", lead: "Something that others can see is reached.", ..Head::default() }.show())
        section.card { div.body { form.form method="post" action={ (href) "/milestones" } data-guard {
            (ui::token(cx)) (form.summary())
            (form.text("name", "Name", ""))
            (period(form, "target", "Target", cx.today()))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Add it" }
                a.button.quiet href=(href) { "Cancel" }
            }
        } } }
    }
}

/// `GET /milestones/{milestone}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowMilestone>().await?;
    if !found.may_change {
        return Err(Error::Forbidden.into());
    }
    let form = Form::refused(stored(&found), Vec::new());
    Ok(cx.page(&format!("Edit {}", found.milestone.name), edit_view(&cx, &found, &form)))
}

fn stored(found: &MilestonePage) -> Vec<(String, String)> {
    let target = found.milestone.target.map(|target| target.to_string()).unwrap_or_default();
    let pairs = [("name", found.milestone.name.clone()), ("target", target), ("place", found.place.to_string())];
    pairs.map(|(name, text)| (name.to_owned(), text)).to_vec()
}

/// `POST /milestones/{milestone}/edit`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<EditMilestone>().await {
        Ok(milestone) => Ok(form.go(&milestone.href(), Flash::says(format!("{} is saved.", milestone.name)))),
        Err(error) => again(&form, error).await,
    }
}

async fn again(form: &Submitted, error: Error) -> Answer {
    let found = form.cx.read_here::<ShowMilestone>().await?;
    let state = match error {
        Error::Conflict(sentence) => Form::refused(stored(&found), vec![Flaw { field: String::new(), sentence }]),
        other => form.refused(other)?,
    };
    Ok(form.again("Edit the milestone", edit_view(&form.cx, &found, &state)))
}

fn edit_view(cx: &Cx, found: &MilestonePage, form: &Form) -> Markup {
    let (project, own) = (format!("/projects/{}", found.milestone.project_id), found.milestone.href());
    let crumbs = vec![
        ("/projects", "Projects"),
        (project.as_str(), found.project_name.as_str()),
        (own.as_str(), found.milestone.name.as_str()),
    ];
    html! {
        (Head { crumbs, title: "Edit the milestone", ..Head::default() }.show())
        div.stack {
            section.card { div.body { form.form method="post" action={ (own) "/edit" } data-guard {
                (ui::token(cx)) (form.summary())
                (form.text("name", "Name", ""))
                (period(form, "target", "Target", cx.today()))
                (form.input("number", "place", "Place", "Among the milestones of the project; the first is 1.", false))
                footer.form-foot {
                    button.button.primary data-key="mod+enter" { "Save" }
                    a.button.quiet href=(own) { "Cancel" }
                }
            } } }
            section.card { div.body { form method="post" action={ (own) "/removal" } {
                (ui::token(cx))
                p { "A milestone in which no issue is can be removed." }
                button.button.danger { "Remove it" }
            } } }
        }
    }
}

/// `POST /milestones/{milestone}/removal`
pub async fn remove(form: Submitted) -> Answer {
    match form.submit::<RemoveMilestone>().await {
        Ok(milestone) => {
            let flash = Flash::says(format!("{} is removed.", milestone.name));
            let undo = format!("/milestones/{}/restoration", milestone.id);
            Ok(form.go(&format!("/projects/{}", milestone.project_id), flash.undo(undo)))
        }
        Err(error) => again(&form, error).await,
    }
}

/// `POST /milestones/{milestone}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    let milestone = form.submit::<RestoreMilestone>().await?;
    Ok(form.go(&milestone.href(), Flash::says(format!("{} is back.", milestone.name))))
}
