use super::{
    Part, Planning, PlanningPhase,
    advance::{advance, ask_to_decide, objections_settled},
    objection,
};
use crate::round::Round;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql, text::Line, words};
use schemars::JsonSchema;
use serde::Deserialize;

words! {
    /// What somebody says about a draft.
    pub enum Stance {
        Consent = "consent",
        /// Consent, with a concern that stays in the record.
        Concern = "concern",
        Objection = "objection",
    }
}

impl Stance {
    pub fn title(self) -> &'static str {
        match self {
            Stance::Consent => "Consents",
            Stance::Concern => "Consents with a concern",
            Stance::Objection => "Objects",
        }
    }

    pub(super) fn look(self) -> &'static str {
        match self {
            Stance::Consent => "good",
            Stance::Concern => "info",
            Stance::Objection => "warn",
        }
    }
}

/// Consent to the draft, with a concern or without, or object to it. Another answer than an objection withdraws one's own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerDraft {
    pub planning: Id<Planning>,
    pub stance: Stance,
    /// Needed for a concern and for an objection.
    #[serde(default)]
    pub reason: Line<1000>,
    /// What would make it good enough; needed for an objection.
    #[serde(default)]
    pub wants: Line<1000>,
    /// The draft that was read; the answer is refused if it was changed meanwhile.
    #[serde(default)]
    pub draft: Option<i64>,
}

impl Operation for AnswerDraft {
    const NAME: &str = "planning.answer";
    const ROUTE: Route = Route(Post, "/plannings/{planning}/answers");
    type Target = Part;
    type Output = Planning;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Part> {
        Part::visible(tx, self.planning).await
    }

    fn allows(_: &Actor, part: &Part) -> bool {
        part.takes_part
    }

    async fn run(&self, tx: &mut Tx<'_>, part: Part) -> Result<Planning> {
        let round = part.round;
        self.check(&round)?;
        let update = sql!(
            "update planning_people set stance = $4, reason = $5, draft = $6, answered_at = $7
              where workspace_id = $1 and planning_id = $2 and person_id = $3"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.run(update, args![tx.workspace(), round.id, me, self.stance, self.reason, round.draft, now]).await?;
        tx.settle_asks(&round.about(), Some(me));
        match self.stance {
            Stance::Objection => objection::raise(tx, round.id, &self.reason, &self.wants).await?,
            _ => objection::withdraw(tx, round.id).await?,
        }
        tx.touch(round.id.to_string());
        let round_now = Planning::visible(tx, round.id).await?;
        let first = round.open_objections == 0;
        match round_now.open_objections {
            0 if !first => objections_settled(tx, &round_now).await?,
            1.. if first || round.started_by == me => ask_to_decide(tx, &round_now)?,
            _ => {}
        }
        advance(tx, round.id).await
    }
}

impl AnswerDraft {
    fn check(&self, round: &Planning) -> Result<()> {
        round.still_runs()?;
        if round.phase == PlanningPhase::Proposals {
            return Err(Error::conflict("Issues are still being proposed. The draft is read after that."));
        }
        if self.draft.is_some_and(|read| read != round.draft) {
            return Err(Error::conflict("The draft was changed meanwhile. Read it once more, then answer."));
        }
        if self.stance != Stance::Consent && self.reason.is_empty() {
            return Err(Error::invalid("reason", "Say what speaks against it."));
        }
        if self.stance == Stance::Objection && self.wants.is_empty() {
            return Err(Error::invalid("wants", "Say what would make it good enough."));
        }
        Ok(())
    }
}
