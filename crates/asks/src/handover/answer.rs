use super::{Offer, OfferState, about, is_delegate, offers, show::page};
use crate::ask::{Ask, SELECT, State, end, pass};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Tx, args, json, list, sql, text::Name};
use people::leave::Leave;
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Take over the asks that were offered to me for a leave.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptAsks {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
}

impl Operation for AcceptAsks {
    const NAME: &str = "handover.accept";
    const ROUTE: Route = Route(Post, "/leaves/{leave}/asks/accept");
    /// Whether anything was offered to the actor.
    type Target = bool;
    /// What I owe from now on.
    type Output = Vec<Ask>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Leave::visible(tx, self.leave).await?;
        is_delegate(tx, self.leave).await
    }

    fn allows(_: &Actor, delegate: &bool) -> bool {
        *delegate
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Vec<Ask>> {
        let waiting = answer(tx, self.leave, OfferState::Accepted, "").await?;
        let me = tx.me();
        let open = waiting.into_iter().map(|offer| offer.ask).collect();
        let mut owed = Vec::new();
        for ask in end(tx, open, State::HandedOn, "").await? {
            owed.extend(pass(tx, &ask, me, "").await?);
        }
        Ok(owed)
    }
}

/// Say that one cannot take over the asks that were offered, and why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineHandover {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
    pub reason: Name<300>,
}

impl Operation for DeclineHandover {
    const NAME: &str = "handover.decline";
    const ROUTE: Route = Route(Post, "/leaves/{leave}/asks/decline");
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Leave::visible(tx, self.leave).await?;
        is_delegate(tx, self.leave).await
    }

    fn allows(_: &Actor, delegate: &bool) -> bool {
        *delegate
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        answer(tx, self.leave, OfferState::Declined, &self.reason).await?;
        Ok(())
    }
}

/// Answers what is on offer to the actor, ends the ask about it, and returns the offers that waited.
async fn answer(tx: &mut Tx<'_>, leave: Id<Leave>, state: OfferState, reason: &str) -> Result<Vec<Offer>> {
    let me = tx.me();
    let mut waiting = offers(tx, leave).await?;
    waiting.retain(|offer| offer.to == me && offer.state == OfferState::Offered);
    let now = tx.now();
    let (accepted, declined) = if state == OfferState::Accepted { (Some(now), None) } else { (None, Some(now)) };
    let update = sql!(
        "update ask_handovers set accepted_at = $3, declined_at = $4, reason = $5
          where workspace_id = $1 and ask_id in (select value from json_each(cast($2 as text)))"
    );
    let ids = list(waiting.iter().map(|offer| offer.ask.id));
    tx.run(update, args![tx.workspace(), ids, accepted, declined, reason]).await?;
    let about = about(leave);
    let question = sql!(
        SELECT,
        "where a.workspace_id = $1 and a.receiver_id = $2 and a.about_kind = $3 and a.about_id = $4 and a.state = 'open'
            and a.verb = 'decide'"
    );
    let open: Vec<Ask> = tx.all(question, args![tx.workspace(), me, about.kind, about.id]).await?;
    let answer = if state == OfferState::Accepted { State::Done } else { State::Declined };
    end(tx, open, answer, reason).await?;
    let verb = if state == OfferState::Accepted { "handover.accepted" } else { "handover.declined" };
    tx.record(verb, leave, json!({ "by": me, "asks": waiting.len() }));
    Ok(waiting)
}

/// `POST /leaves/{leave}/asks/accept`
pub async fn accept(form: Submitted) -> Answer {
    let owed = form.submit::<AcceptAsks>().await?;
    let sentence = match owed.len() {
        1 => "You owe one ask more.".to_owned(),
        n => format!("You owe {n} asks more."),
    };
    Ok(form.go("/inbox", Flash::says(sentence)))
}

/// `POST /leaves/{leave}/asks/decline`
pub async fn decline(form: Submitted) -> Answer {
    match form.submit::<DeclineHandover>().await {
        Ok(()) => Ok(form.go("/inbox", Flash::says("Declined. They see why."))),
        Err(error) => {
            let state = form.refused(error)?;
            let (title, body) = page(&form.cx, &state).await?;
            Ok(form.again(&title, body))
        }
    }
}
