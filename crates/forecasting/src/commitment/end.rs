use super::{Commitment, Kept, edit::changed};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql, words};
use people::access::today;
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

words! {
    /// What became of a commitment.
    pub enum Ending {
        Kept = "kept",
        Missed = "missed",
        Dropped = "dropped",
    }
}

/// Say what became of a commitment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndCommitment {
    pub commitment: Id<Commitment>,
    pub ending: Ending,
    /// The day on which that was; today if left out.
    #[serde(default)]
    pub on: Option<Date>,
}

impl Operation for EndCommitment {
    const NAME: &str = "commitment.end";
    const ROUTE: Route = Route(Post, "/commitments/{commitment}/end");
    type Target = Kept;
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.commitment).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Commitment> {
        let (today, me) = (today(tx), tx.me());
        let on = self.on.unwrap_or(today);
        if on > today {
            return Err(Error::invalid("on", "This day has not come yet."));
        }
        if self.ending == Ending::Kept && on > kept.commitment.promised_on {
            return Err(Error::invalid("ending", "That is after the promised date; say that it was missed."));
        }
        let update = sql!(
            "update commitments set ending = $3, ended_on = $4, ended_by = $5 where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), self.commitment, self.ending, on, me]).await?;
        let now = tx.now();
        let id = self.commitment.to_string();
        tx.want_once("commitment.snapshot", id.clone(), kernel::json!({ "commitment": id }), now);
        changed(tx, self.commitment, "commitment.ended").await
    }
}

/// Take up a commitment again that was ended.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenCommitment {
    pub commitment: Id<Commitment>,
}

impl Operation for ReopenCommitment {
    const NAME: &str = "commitment.reopen";
    const ROUTE: Route = Route(Post, "/commitments/{commitment}/reopen");
    type Target = Kept;
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.commitment).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Commitment> {
        let update = sql!(
            "update commitments set ending = null, ended_on = null, ended_by = null where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), self.commitment]).await?;
        changed(tx, self.commitment, "commitment.reopened").await
    }
}

/// `POST /commitments/{commitment}/end`
pub async fn save(form: Submitted) -> Answer {
    let page = format!("/commitments/{}", form.text("commitment"));
    let ended = form.submit::<EndCommitment>().await?;
    let says = match ended.ending {
        Some(Ending::Kept) => "The promise was kept.",
        Some(Ending::Missed) => "It is written down that the date was missed.",
        _ => "The commitment was dropped.",
    };
    Ok(form.go(&page, Flash::says(says).undo(format!("{page}/reopen"))))
}

/// `POST /commitments/{commitment}/reopen`
pub async fn reopen(form: Submitted) -> Answer {
    form.submit::<ReopenCommitment>().await?;
    Ok(form.go(&format!("/commitments/{}", form.text("commitment")), Flash::says("The commitment is open again.")))
}
