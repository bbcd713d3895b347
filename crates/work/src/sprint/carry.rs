//! What was not finished in a sprint: where it goes when the sprint is closed, and where it came from in the next.
use super::{CloseSprint, ShowSprint, Sprint, SprintView, Stage, close::Rollover, page::issues};
use crate::issue::{Issue, Which};
use kernel::{Error, Id, Result, Time, Tx, args, columns, list, sql, text::Line};
use schemars::JsonSchema;
use serde::Serialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, empty, html};

/// An issue of a sprint that an earlier one did not finish.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Carry {
    pub issue_id: Id<Issue>,
    pub key: String,
    pub title: String,
    /// The sprint that did not finish it, and why.
    pub sprint_name: String,
    pub reason: String,
    pub at: Time,
}
columns!(Carry { issue_id, key, title, sprint_name, reason, at });

/// The rows of earlier ledgers about issues that a sprint holds, the latest first.
pub(super) async fn into(tx: &mut Tx<'_>, sprint: &Sprint, held: &[Id<Issue>]) -> Result<Vec<Carry>> {
    let select = sql!(
        "select c.issue_id, c.issue_key as key, c.title, p.name as sprint_name, c.reason, c.at
           from sprint_changes c join sprints p on p.workspace_id = c.workspace_id and p.id = c.sprint_id
          where c.workspace_id = $1 and c.issue_id in (select value from json_each(cast($2 as text)))
            and c.kind = 'rolled_over' and c.sprint_id <> $3 and c.at <= $4
          order by c.at desc, c.id"
    );
    let until = sprint.closed_at.unwrap_or_else(|| tx.now());
    tx.all(select, args![tx.workspace(), list(held), sprint.id, until]).await
}

/// `GET /sprints/{sprint}/close`
pub async fn ask(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowSprint>().await?;
    if !view.may_change {
        return Err(Error::Forbidden.into());
    }
    let next = planned(&cx, &view).await?;
    let first = next.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let body = shown(&cx, &view, &next, &Form::of([("to", first)]));
    Ok(cx.page(&format!("Close {}", view.sprint.name), body))
}

/// `POST /sprints/{sprint}/close`
pub async fn close(form: Submitted) -> Answer {
    let done = async { form.change(input(&form)?).await }.await;
    match done {
        Ok(sprint) => Ok(form.go(&sprint.href(), Flash::says(format!("{} is closed. Its record stays.", sprint.name)))),
        Err(error) => {
            let refused = form.refused(error)?;
            let view = form.cx.read_here::<ShowSprint>().await?;
            let next = planned(&form.cx, &view).await?;
            Ok(form.again("Close the sprint", shown(&form.cx, &view, &next, &refused)))
        }
    }
}

/// Beside the common reason, each issue has a field of its own.
fn input(form: &Submitted) -> Result<CloseSprint> {
    let mut input = form.input::<CloseSprint>()?;
    for (name, text) in &form.texts {
        let Some(issue) = name.strip_prefix("reason-") else { continue };
        let issue: Id<Issue> = issue.parse()?;
        let reason = Line::try_from(text.clone()).map_err(|sentence| Error::invalid(name.clone(), sentence))?;
        let back = !form.text(&format!("back-{issue}")).is_empty();
        input.rollovers.push(Rollover { issue: Which::Id(issue), reason, back });
    }
    Ok(input)
}

/// The sprints into which open issues can go.
async fn planned(cx: &Cx, view: &SprintView) -> Result<Vec<(String, String)>> {
    let list = cx.read(super::ListSprints { team: view.sprint.team_id, limit: Some(0) }).await?;
    let planned = list.open.into_iter().filter(|one| one.stage == Stage::Planned);
    Ok(planned.map(|one| (one.id.to_string(), one.name)).collect())
}

fn shown(cx: &Cx, view: &SprintView, next: &[(String, String)], form: &Form) -> Markup {
    let sprint = &view.sprint;
    let (home, page) = (format!("/teams/{}/sprints", sprint.team_id), sprint.href());
    let open: Vec<&Issue> = view.issues.iter().filter(|issue| !issue.category.is_finished()).collect();
    let title = format!("Close {}", sprint.name);
    let lead = "From then on nothing about it changes: neither its numbers, nor its ledger, nor its plan.";
    html! {
        (Head { crumbs: vec![(&home, "Sprints"), (&page, &sprint.name)], title: &title, lead, ..Head::default() }.show())
        form.form.wide method="post" action={ (page) "/close" } data-guard {
            (ui::token(cx)) (form.summary())
            @if open.is_empty() { (empty("Everything in it is finished.", None)) }
            @else {
                section.card { header { h2 { (issues(open.len() as i64)) " not finished" } }
                    div.body { div.form {
                        (form.select("to", "They go to", "", Some("The backlog"), next))
                        (form.optional("reason", "Why they were not finished", "For all that have no reason of their own below."))
                    } }
                    ul.list.plain { @for issue in open { (line(form, issue)) } }
                }
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Close the sprint" }
                a.button.quiet href=(page) { "Cancel" }
            }
        }
    }
}

fn line(form: &Form, issue: &Issue) -> Markup {
    let (reason, back) = (format!("reason-{}", issue.id), format!("back-{}", issue.id));
    html! {
        li id={ "open-" (issue.id) } {
            div.what {
                p { span.muted { (issue.key) } " " (issue.title) @if let Some(size) = issue.size() { " " span.chip { (size) } } }
                div.field-row {
                    div.field { label.vh for=(reason) { "Why " (issue.key) " was not finished" }
                        input id=(reason) name=(reason) value=(form.value(&reason)) maxlength="300" placeholder="Its own reason"; }
                    label.choice { input type="checkbox" name=(back) value="yes" checked[form.has(&back)]; span { "Back to the backlog" } }
                }
            }
        }
    }
}
