use super::{
    Ask,
    close::{back, ids, undoable},
    tell::{around, now},
};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Time, Tx, args, sql};
use people::hours::calendars;
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Submitted, day_and_time};

/// Put asks out of sight until one's next working morning, or another moment. Their due times stay.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeAsks {
    pub asks: Vec<Id<Ask>>,
    /// If left out, the start of the next working day of the one who is asked.
    #[serde(default)]
    pub until: Option<Time>,
}

impl Operation for SnoozeAsks {
    const NAME: &str = "ask.snooze";
    const ROUTE: Route = Route(Post, "/asks/snoozed");
    type Target = Vec<Ask>;
    type Output = Vec<Ask>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Ask>> {
        Ask::all_visible(tx, &self.asks).await
    }

    fn allows(actor: &Actor, asks: &Vec<Ask>) -> bool {
        asks.iter().all(|ask| ask.receiver_id == actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, asks: Vec<Ask>) -> Result<Vec<Ask>> {
        let (from, to) = around(tx.now());
        let me = tx.me();
        let clocks = calendars(tx, &[me], from, to).await?;
        let morning = clocks.first().and_then(|clock| clock.calendar.next_working_morning(tx.now()));
        let until = self.until.or(morning).unwrap_or(to);
        let update = sql!("update asks set snoozed_until = $3 where workspace_id = $1 and id = $2");
        let open: Vec<Ask> = asks.into_iter().filter(Ask::is_open).collect();
        for ask in &open {
            tx.run(update, args![tx.workspace(), ask.id, until]).await?;
            super::tell(tx, "ask.snoozed", ask);
        }
        now(tx, &open).await
    }
}

/// `POST /asks/snoozed`
pub async fn snooze(form: Submitted) -> Answer {
    match form.submit::<SnoozeAsks>().await {
        Ok(asks) => {
            let until = asks.first().and_then(|ask| ask.snoozed_until);
            let sentence = match until {
                Some(until) => format!("Out of sight until {}.", day_and_time(until, &form.cx.viewer.zone)),
                None => "These were answered already.".into(),
            };
            Ok(form.go(&back(&form), undoable(&ids(&asks), sentence)))
        }
        Err(error) => crate::inbox::again(form, error).await,
    }
}
