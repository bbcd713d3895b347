use super::{Ask, State, close::back, end, tell::now};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Take back how one ended asks, or that one snoozed them. What was handed on comes back, unless it was done meanwhile.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenAsks {
    pub asks: Vec<Id<Ask>>,
}

impl Operation for ReopenAsks {
    const NAME: &str = "ask.reopen";
    const ROUTE: Route = Route(Post, "/asks/reopened");
    type Target = Vec<Ask>;
    type Output = Vec<Ask>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Ask>> {
        Ask::all_visible(tx, &self.asks).await
    }

    fn allows(actor: &Actor, asks: &Vec<Ask>) -> bool {
        asks.iter().all(|ask| match ask.state {
            State::Withdrawn => ask.asker_id == Some(actor.person),
            _ => ask.receiver_id == actor.person,
        })
    }

    async fn run(&self, tx: &mut Tx<'_>, asks: Vec<Ask>) -> Result<Vec<Ask>> {
        for ask in &asks {
            match ask.state {
                State::Open if ask.snoozed_until.is_none() => continue,
                State::Lapsed => {
                    return Err(Error::conflict("The time for this has passed, and silence had a meaning."));
                }
                State::HandedOn => take_back(tx, ask).await?,
                State::Open | State::Done | State::Declined | State::Withdrawn => {}
            }
            let update = sql!(
                "update asks set state = 'open', outcome = '', ended_at = null, ended_by = null, worked_minutes = null,
                        handed_to = null, snoozed_until = null, told_at = null
                  where workspace_id = $1 and id = $2"
            );
            tx.run(update, args![tx.workspace(), ask.id]).await?;
            super::tell(tx, "ask.reopened", ask);
        }
        now(tx, &asks).await
    }
}

/// Withdraws what the next one owes since the hand-over.
async fn take_back(tx: &mut Tx<'_>, ask: &Ask) -> Result<()> {
    let select = sql!(super::SELECT, "where a.workspace_id = $1 and a.handed_from = $2");
    let handed: Vec<Ask> = tx.all(select, args![tx.workspace(), ask.id]).await?;
    if handed.iter().any(|next| !next.is_open()) {
        return Err(Error::conflict(format!(
            "{} has answered this meanwhile.",
            ask.handed_name.as_deref().unwrap_or("Somebody")
        )));
    }
    end(tx, handed, State::Withdrawn, "").await?;
    let told = sql!("update asks set told_at = ended_at where workspace_id = $1 and handed_from = $2");
    tx.run(told, args![tx.workspace(), ask.id]).await?;
    Ok(())
}

/// `POST /asks/reopened`
pub async fn reopen(form: Submitted) -> Answer {
    match form.submit::<ReopenAsks>().await {
        Ok(_) => Ok(form.go(&back(&form), Flash::says("As it was before."))),
        Err(Error::Conflict(sentence)) => Ok(form.go(&back(&form), Flash::says(sentence))),
        Err(error) => Err(error.into()),
    }
}
