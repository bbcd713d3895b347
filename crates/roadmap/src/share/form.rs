//! The form that plans the shares of a quarter.
use super::{SetShares, Shared, Shares, ShowShares, UndoShares, place};
use kernel::{Error, Flaw, Id, Result};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// What a team begins with.
const USUAL: [&str; 4] = ["Product", "Platform", "Debt", "Support"];
const MOST: usize = 10;

/// `GET /teams/{team}/shares/edit`
pub async fn edit(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowShares>().await?;
    if !found.may_set {
        return Err(Error::Forbidden.into());
    }
    let form = Form::refused(stored(&found), Vec::new());
    Ok(cx.page("Plan the shares", view(&cx, &found, &form)))
}

fn stored(found: &Shares) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let Some(plan) = &found.plan else {
        return USUAL.iter().enumerate().map(|(at, name)| (format!("name_{at}"), (*name).to_owned())).collect();
    };
    for (at, share) in plan.shares.iter().enumerate() {
        texts.push((format!("name_{at}"), share.name.clone()));
        texts.push((format!("percent_{at}"), share.percent.to_string()));
        texts.extend(share.labels.iter().map(|one| (format!("label_{}", one.id), at.to_string())));
        texts.extend(share.projects.iter().map(|one| (format!("project_{}", one.id), at.to_string())));
    }
    texts
}

/// `POST /teams/{team}/shares`
pub async fn save(form: Submitted) -> Answer {
    let found = form.cx.read_here::<ShowShares>().await;
    let found = match (found, form.text("quarter").parse()) {
        (Ok(found), Ok(quarter)) => form.cx.read(ShowShares { team: found.team_id, quarter: Some(quarter) }).await?,
        (found, _) => found?,
    };
    let done = async { form.change(input(&form, &found)?).await }.await;
    match done {
        Ok(plan) => {
            let flash = Flash::says("The shares are planned.").undo(format!("/share-plans/{}/undoing", plan.id));
            Ok(form.go(&place(found.team_id, found.quarter), flash))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            Ok(form.again("Plan the shares", view(&form.cx, &found, &refused)))
        }
    }
}

fn input(form: &Submitted, found: &Shares) -> Result<SetShares> {
    let mut flaws = Vec::new();
    let mut shares = Vec::new();
    for at in 0..MOST {
        let (name, percent) = (form.text(&format!("name_{at}")), form.text(&format!("percent_{at}")));
        if name.trim().is_empty() {
            continue;
        }
        match (name.parse(), percent.trim().trim_end_matches('%').trim_end().parse()) {
            (Ok(name), Ok(percent)) => {
                shares.push(Shared {
                    name,
                    percent,
                    labels: chosen(form, "label", at),
                    projects: chosen(form, "project", at),
                });
            }
            (Err(sentence), _) => flaws.push(Flaw { field: format!("name_{at}"), sentence }),
            _ => {
                flaws.push(Flaw { field: format!("percent_{at}"), sentence: "Write a whole number of percent.".into() })
            }
        }
    }
    match form.text("why").parse() {
        Ok(why) if flaws.is_empty() => Ok(SetShares { team: found.team_id, quarter: found.quarter, shares, why }),
        Ok(_) => Err(Error::Invalid(flaws)),
        Err(sentence) => Err(Error::invalid("why", sentence)),
    }
}

/// The ids of the fields `label_ID` or `project_ID` that name this share.
fn chosen<T>(form: &Submitted, kind: &str, at: usize) -> Vec<Id<T>> {
    let at = at.to_string();
    let own = form.texts.iter().filter(|(_, text)| *text == at);
    own.filter_map(|(name, _)| name.strip_prefix(kind)?.strip_prefix('_')?.parse().ok()).collect()
}

/// `POST /share-plans/{plan}/undoing`
pub async fn undo(form: Submitted) -> Answer {
    let undone = form.submit::<UndoShares>().await?;
    Ok(form.go(
        &place(undone.team_id, undone.quarter),
        Flash::says("It is taken back. What was planned before holds again."),
    ))
}

fn view(cx: &Cx, found: &Shares, form: &Form) -> Markup {
    let (home, shares) = (format!("/teams/{}", found.team_id), format!("/teams/{}/shares", found.team_id));
    let back = place(found.team_id, found.quarter);
    let crumbs = vec![(home.as_str(), found.team_name.as_str()), (back.as_str(), "Shares")];
    let filled = (0..MOST).filter(|at| !form.value(&format!("name_{at}")).is_empty()).max().map_or(0, |last| last + 1);
    let lines = (filled + 2).min(MOST);
    let lead = "Together the shares make 100 percent. What counts where holds for later quarters as well, until you change it.";
    html! {
        (Head { crumbs, title: &format!("Plan {}", found.quarter.in_words()), lead, ..Head::default() }.show())
        form.form.wide method="post" action=(shares) data-guard {
            (ui::token(cx)) (form.summary())
            input type="hidden" name="quarter" value=(found.quarter);
            section.card {
                header { h2 { "Shares" } }
                div.body { div.form.wide { @for at in 0..lines { div.weight-line {
                    (form.optional(&format!("name_{at}"), &format!("Share {}", at + 1), ""))
                    (form.optional(&format!("percent_{at}"), "Percent", ""))
                } } } }
            }
            (rules(form, found, lines))
            section.card { div.body { div.form { (form.optional("why", "Why", "For those who were not there.")) } } }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(back) { "Cancel" }
            }
        }
    }
}

fn rules(form: &Form, found: &Shares, lines: usize) -> Markup {
    let name = |at: usize| match form.value(&format!("name_{at}")) {
        "" => format!("Share {}", at + 1),
        name => name.to_owned(),
    };
    let choices: Vec<(String, String)> = (0..lines).map(|at| (at.to_string(), name(at))).collect();
    html! { section.card {
        header { h2 { "What counts where" } span.right.small.muted { "A label says more than a project" } }
        div.body {
            @if found.labels.is_empty() && found.projects.is_empty() { p.muted { "The team has no labels and no projects yet." } }
            div.form.wide.rule-fields {
                @for label in &found.labels { (form.select(&format!("label_{}", label.id), &format!("Label {}", label.name), "", Some("Nowhere"), &choices)) }
                @for project in &found.projects { (form.select(&format!("project_{}", project.id), &format!("Project {}", project.name), "", Some("Nowhere"), &choices)) }
            }
        }
    } }
}
