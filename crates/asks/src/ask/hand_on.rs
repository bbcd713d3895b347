use super::{
    Ask, Draft, State,
    close::{back, undoable},
    end, raise,
};
use kernel::{
    Actor, Error, Id, Method::Post, Operation, Person, Reference, Result, Route, Tx, args, sql, text::Markdown,
};
use people::{access::actor_of, person};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Submitted};

/// Hand asks on to somebody else, who owes them from then on. Whoever asked sees to whom.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOnAsks {
    pub asks: Vec<Id<Ask>>,
    pub to: Id<Person>,
    /// What the next one needs to know.
    #[serde(default)]
    pub note: Markdown,
}

impl Operation for HandOnAsks {
    const NAME: &str = "ask.hand_on";
    const ROUTE: Route = Route(Post, "/asks/handed-on");
    type Target = Vec<Ask>;
    /// The asks that the next one owes.
    type Output = Vec<Ask>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Ask>> {
        let asks = Ask::all_visible(tx, &self.asks).await?;
        let name = person::Record::visible(tx, self.to).await?.name;
        let Some(next) = actor_of(tx, self.to).await? else {
            return Err(Error::invalid("to", format!("{name} has no account here and would not hear of it.")));
        };
        for ask in &asks {
            if ask.receiver_id == self.to || ask.asker_id == Some(self.to) {
                let words = if ask.receiver_id == self.to { "is the one who is asked" } else { "is the one who asks" };
                return Err(Error::invalid("to", format!("{name} {words}: {}.", ask.subject)));
            }
            if let Some(about) = ask.about()
                && tx.card_for(&next, &about).await.is_err()
            {
                return Err(Error::invalid("to", format!("{name} cannot see what this is about: {}.", ask.subject)));
            }
        }
        Ok(asks)
    }

    fn allows(actor: &Actor, asks: &Vec<Ask>) -> bool {
        asks.iter().all(|ask| ask.receiver_id == actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, asks: Vec<Ask>) -> Result<Vec<Ask>> {
        let handed = end(tx, asks, State::HandedOn, &self.note).await?;
        let mut owed = Vec::new();
        for ask in &handed {
            owed.extend(pass(tx, ask, self.to, &self.note).await?);
        }
        Ok(owed)
    }
}

/// The same ask of somebody else, with the same promise in their calendar.
pub(crate) async fn pass(tx: &mut Tx<'_>, ask: &Ask, to: Id<Person>, note: &str) -> Result<Vec<Ask>> {
    let update = sql!("update asks set handed_to = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), ask.id, to]).await?;
    // What the first one was told, the next one needs as well.
    let notes: Vec<&str> = [note, &ask.note].into_iter().filter(|note| !note.is_empty()).collect();
    let note = notes.join("\n\n");
    let about = ask.about();
    let draft = Draft {
        to: vec![to],
        from: ask.asker_id,
        verb: ask.verb,
        subject: &ask.subject,
        note: &note,
        about: about.as_ref(),
        href: ask.href.clone(),
        due: Some(ask.due),
        silence: ask.silence,
        escalate_to: ask.escalate_to.filter(|person| *person != to),
        urgent: ask.urgent,
        handed_from: Some(ask.id),
    };
    raise(tx, &draft).await
}

impl Ask {
    pub(crate) fn about(&self) -> Option<Reference> {
        self.about_kind.clone().zip(self.about_id.clone()).map(|(kind, id)| Reference { kind, id })
    }
}

/// `POST /asks/handed-on`
pub async fn hand_on(form: Submitted) -> Answer {
    let form = match people::person::choices::with_ids(&form, &["to"]).await {
        Ok(form) => form,
        Err(error) => return crate::inbox::again(form, error).await,
    };
    match form.submit::<HandOnAsks>().await {
        Ok(owed) => {
            let name = owed.first().map_or("somebody else", |ask| ask.receiver_name.as_str());
            let from: Vec<Id<Ask>> = owed.iter().filter_map(|ask| ask.handed_from).collect();
            Ok(form.go(&back(&form), undoable(&from, format!("Handed on to {name}."))))
        }
        Err(error) => crate::inbox::again(form, error).await,
    }
}
