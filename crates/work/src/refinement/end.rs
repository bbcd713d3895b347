use super::{ItemView, Outcome, Refinement, RefinementView, show};
use crate::team::Kept;
use kernel::{Actor, Error, Id, Method::Post, Operation, Reference, Result, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt::Write;

/// End a round: what came of it is kept as a document. What was not settled stays as it was.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndRefinement {
    pub refinement: Id<Refinement>,
}

impl Operation for EndRefinement {
    const NAME: &str = "refinement.end";
    const ROUTE: Route = Route(Post, "/refinements/{refinement}/end");
    type Target = (Refinement, Kept);
    type Output = Refinement;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Refinement::kept(tx, self.refinement).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor) && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (round, kept): Self::Target) -> Result<Refinement> {
        if round.ended_at.is_some() {
            return Err(Error::conflict("This round has ended already."));
        }
        let view = show::view(tx, round, &kept).await?;
        let round = &view.refinement;
        let update = sql!("update refinements set ended_at = $3, summary = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), round.id, tx.now(), summary(&view)]).await?;
        tx.settle_asks(&Reference::to("refinement", round.id), None);
        tx.record("refinement.ended", round.id, json!({ "name": round.name }));
        Refinement::visible(tx, round.id).await
    }
}

/// What came of a round, in Markdown. Estimates that do not show yet are not told.
fn summary(view: &RefinementView) -> String {
    let mut text = String::new();
    for (outcome, title) in [
        (Some(Outcome::Ready), "Ready"),
        (Some(Outcome::NotReady), "Not ready"),
        (Some(Outcome::Split), "Split into pieces"),
        (None, "Not settled"),
    ] {
        let items: Vec<&ItemView> = view.items.iter().filter(|one| one.item.outcome == outcome).collect();
        if items.is_empty() {
            continue;
        }
        let _ = writeln!(text, "## {title}\n");
        items.iter().for_each(|one| line(&mut text, view, one));
        text.push('\n');
    }
    let asked = view.items.iter().filter(|one| !one.questions.is_empty());
    for (at, one) in asked.enumerate() {
        if at == 0 {
            text.push_str("## Questions\n\n");
        }
        for question in &one.questions {
            let answer = if question.answer.is_empty() { "not answered" } else { &question.answer };
            let _ = writeln!(text, "- {}: {} — {answer}", one.issue.key, question.body);
        }
    }
    text.trim_end().to_owned()
}

fn line(text: &mut String, view: &RefinementView, one: &ItemView) {
    let says = |estimate| view.refinement.measure.says(estimate);
    let _ = write!(text, "- {} {}", one.issue.key, one.issue.title);
    if let Some(estimate) = one.item.estimate {
        let _ = write!(text, ": {}", says(estimate));
    }
    if !one.item.reason.is_empty() {
        let _ = write!(text, ": {}", one.item.reason);
    }
    if let Some((least, most)) = one.span().filter(|(least, most)| least != most) {
        let _ = write!(text, " (estimated from {} to {})", says(least), says(most));
    }
    text.push('\n');
}
