use super::{Offer, about, offers, show::page};
use crate::ask::{Ask, Draft, raise};
use kernel::{
    Actor, Due, Error, Id, Method::Post, Operation, Person, Result, Route, Silence, Tx, Verb, args, json, sql,
};
use people::{access::actor_of, leave::Leave, person};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Offer asks that one owes to a delegate, for the time of a leave. They stay one's own until the delegate accepts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferAsks {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
    pub asks: Vec<Id<Ask>>,
    pub to: Id<Person>,
}

impl Operation for OfferAsks {
    const NAME: &str = "handover.offer";
    const ROUTE: Route = Route(Post, "/leaves/{leave}/asks");
    type Target = (Leave, Vec<Ask>);
    type Output = Vec<Offer>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let leave = Leave::visible(tx, self.leave).await?;
        let asks = Ask::all_visible(tx, &self.asks).await?;
        let name = person::Record::visible(tx, self.to).await?.name;
        let Some(delegate) = actor_of(tx, self.to).await? else {
            return Err(Error::invalid("to", format!("{name} has no account here and would not hear of it.")));
        };
        for ask in &asks {
            let own = ask.receiver_id == self.to || ask.asker_id == Some(self.to);
            if own {
                return Err(Error::invalid("to", format!("{name} is part of this ask already: {}.", ask.subject)));
            }
            if let Some(about) = ask.about()
                && tx.card_for(&delegate, &about).await.is_err()
            {
                return Err(Error::invalid("to", format!("{name} cannot see what this is about: {}.", ask.subject)));
            }
        }
        Ok((leave, asks))
    }

    fn allows(actor: &Actor, (leave, asks): &Self::Target) -> bool {
        leave.person().id == actor.person && asks.iter().all(|ask| ask.receiver_id == actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, (leave, asks): Self::Target) -> Result<Vec<Offer>> {
        let open: Vec<&Ask> = asks.iter().filter(|ask| ask.is_open()).collect();
        let save = sql!(
            "insert into ask_handovers (workspace_id, ask_id, leave_id, from_id, to_id, offered_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (workspace_id, ask_id) do update
                set leave_id = excluded.leave_id, to_id = excluded.to_id, offered_at = excluded.offered_at,
                    accepted_at = null, declined_at = null, reason = ''"
        );
        for ask in &open {
            tx.run(save, args![tx.workspace(), ask.id, self.leave, tx.me(), self.to, tx.now()]).await?;
        }
        if !open.is_empty() {
            self.tell(tx, &leave, open.len()).await?;
        }
        offers(tx, self.leave).await
    }
}

impl OfferAsks {
    /// The delegate is asked whether they accept, once for all that is on offer.
    async fn tell(&self, tx: &mut Tx<'_>, leave: &Leave, count: usize) -> Result<()> {
        let what = if count == 1 { "an ask".to_owned() } else { format!("{count} asks") };
        let subject = format!("whether you take over {what} of {}", leave.person().name);
        let about = about(self.leave);
        let draft = Draft {
            to: vec![self.to],
            from: Some(tx.me()),
            verb: Verb::Decide,
            subject: &subject,
            note: "",
            about: Some(&about),
            href: Some(format!("/leaves/{}/asks", self.leave)),
            due: Some(Due::Days(1)),
            silence: Silence::Nothing,
            escalate_to: None,
            urgent: false,
            handed_from: None,
        };
        raise(tx, &draft).await?;
        tx.record("handover.offered", self.leave, json!({ "to": self.to, "asks": count }));
        Ok(())
    }
}

/// `POST /leaves/{leave}/asks`
pub async fn save(form: Submitted) -> Answer {
    let offered = async {
        let form = person::choices::with_ids(&form, &["to"]).await?;
        form.submit::<OfferAsks>().await
    };
    match offered.await {
        Ok(_) => Ok(form.go(
            &format!("/leaves/{}/asks", form.text("leave")),
            Flash::says("Offered. They say whether they accept."),
        )),
        Err(error) => {
            let state = form.refused(error)?;
            let (title, body) = page(&form.cx, &state).await?;
            Ok(form.again(&title, body))
        }
    }
}
