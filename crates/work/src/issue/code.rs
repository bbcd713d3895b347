//! The changes of code that name an issue, and how one names it.
use super::{Full, Issue};
use kernel::{Result, Tx, args, sql};
use ui::{Cx, Markup, html, icon};

/// Letters of a title that stand in the name of a branch.
const SLUG: usize = 50;

/// Every key that leads to an issue: of today, with keys that its team had before, and of teams in which it was before.
pub(crate) async fn keys_of(tx: &mut Tx<'_>, issue: &Issue) -> Result<Vec<String>> {
    let select = sql!(
        "select k.key || '-' || cast(i.number as text) as key
           from issues i join work_keys k on k.workspace_id = i.workspace_id and k.team_id = i.team_id
          where i.workspace_id = $1 and i.id = $2
         union all select key from issue_aliases where workspace_id = $1 and issue_id = $2 order by key"
    );
    tx.all(select, args![tx.workspace(), issue.id]).await
}

/// `pay-482-round-once`: a branch of this name is the work on the issue.
fn branch(issue: &Issue) -> String {
    let mut name = issue.key.to_lowercase();
    let words = issue.title.to_lowercase();
    for word in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if name.len() + word.len() > SLUG {
            break;
        }
        name = format!("{name}-{word}");
    }
    name
}

/// Below an issue: its pull requests and commits, and the name of a branch.
pub(super) fn card(cx: &Cx, full: &Full) -> Markup {
    let branch = branch(&full.issue);
    html! { @if full.issue.deleted_at.is_none() && (!full.code.is_empty() || full.issue.finished_at.is_none()) {
        section.card #code {
            header { h2 { "Code" } }
            (ui::code_changes(cx, &full.code))
            @if full.issue.finished_at.is_none() { footer.small {
                p.muted { "Pull requests and commits that name " (full.issue.key) " stand here. A branch could be called" }
                div.buttons {
                    code { (branch) }
                    copy-button data-text=(branch) { button.button.small type="button" { (icon("copy")) "Copy" } }
                }
            } }
        }
    } }
}
