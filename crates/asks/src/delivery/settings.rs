use super::stored;
use crate::{ask::inbox_topic, norms};
use kernel::{
    Actor, Id,
    Method::{Get, Post, Put},
    Operation, Person, Result, Route, Time, Tx, args, json, sql, words,
};
use people::{account::secret, hours::calendars};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Pages, Submitted, day_and_time, html};

words! {
    /// How often somebody hears of their asks.
    pub enum Rhythm {
        /// At the start of each working day.
        Morning = "morning",
        FourHours = "four_hours",
        /// At the start of the first working day of the week.
        Weekly = "weekly",
        /// Only on the page of the inbox.
        Never = "never",
    }
}

impl Rhythm {
    pub fn title(self) -> &'static str {
        match self {
            Rhythm::Morning => "At the start of my working day",
            Rhythm::FourHours => "Every four working hours",
            Rhythm::Weekly => "At the start of my week",
            Rhythm::Never => "Never",
        }
    }
}

/// How one hears of asks.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Delivery {
    pub rhythm: Rhythm,
    /// Each ask is told by itself, within working hours.
    pub at_once: bool,
    /// The digest tells of what one watches, too.
    pub watched: bool,
    /// When the next digest leaves, if anything waits then.
    pub next_at: Option<Time>,
}

/// How I hear of asks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowDelivery {}

impl Operation for ShowDelivery {
    const NAME: &str = "delivery.show";
    const ROUTE: Route = Route(Get, "/me/delivery");
    const READS: bool = true;
    type Target = ();
    type Output = Delivery;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Delivery> {
        let me = tx.me();
        mine(tx, me).await
    }
}

async fn mine(tx: &mut Tx<'_>, me: Id<Person>) -> Result<Delivery> {
    let found = stored(tx, std::iter::once(me)).await?.pop();
    Ok(found.map_or(Delivery { rhythm: Rhythm::Morning, at_once: false, watched: true, next_at: None }, |own| {
        Delivery { rhythm: own.rhythm, at_once: own.at_once, watched: own.watched, next_at: own.next_at }
    }))
}

/// Choose how I hear of asks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDelivery {
    pub rhythm: Rhythm,
    /// Tell me of each ask by itself, within my working hours.
    #[serde(default)]
    pub at_once: bool,
    /// Tell me in the digest of what others say and do on what I watch.
    #[serde(default = "yes")]
    pub watched: bool,
}

fn yes() -> bool {
    true
}

impl Operation for SetDelivery {
    const NAME: &str = "delivery.set";
    const ROUTE: Route = Route(Put, "/me/delivery");
    type Target = ();
    type Output = Delivery;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Delivery> {
        let me = tx.me();
        set(tx, me, self.rhythm, self.at_once, self.watched).await?;
        tx.record("delivery.changed", me, json!({}));
        mine(tx, me).await
    }
}

/// Keeps the choice and plans the next digest.
async fn set(tx: &mut Tx<'_>, person: Id<Person>, rhythm: Rhythm, at_once: bool, watched: bool) -> Result<()> {
    let (from, to) = crate::ask::around(tx.now());
    let clock = calendars(tx, &[person], from, to).await?.pop();
    let quiet = norms::of_people(tx, &[person]).await?.quiet(person);
    let next = clock.and_then(|clock| rhythm.next(&clock.calendar, &quiet, tx.now()));
    let save = sql!(
        "insert into ask_deliveries (workspace_id, person_id, rhythm, at_once, watched, next_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (workspace_id, person_id) do update
            set rhythm = excluded.rhythm, at_once = excluded.at_once, watched = excluded.watched,
                next_at = excluded.next_at"
    );
    tx.run(save, args![tx.workspace(), person, rhythm, at_once, watched, next]).await?;
    tx.touch(inbox_topic(person));
    Ok(())
}

/// Finds out whose letter this is.
#[derive(Deserialize, JsonSchema)]
pub struct FindLetter {
    pub secret: String,
}

/// Whose digests a link ends.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Addressee {
    pub person: Id<Person>,
    pub name: String,
}

impl Operation for FindLetter {
    const NAME: &str = "delivery.find_letter";
    const ROUTE: Route = Route(Get, "/digests/letter");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = Addressee;
    type Output = Addressee;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Addressee> {
        addressee(tx, &self.secret).await
    }

    fn allows(_: &Actor, _: &Addressee) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, found: Addressee) -> Result<Addressee> {
        Ok(found)
    }
}

async fn addressee(tx: &mut Tx<'_>, secret: &str) -> Result<Addressee> {
    let select = sql!(
        "select l.person_id, p.name from ask_letters l
           join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
          where l.workspace_id = $1 and l.secret_hash = $2"
    );
    let (person, name) = tx.one(select, args![tx.workspace(), secret::hash(secret)]).await?;
    Ok(Addressee { person, name })
}

/// Ends the digests of whoever got the letter with this secret (RFC 8058: with one click, and without signing in).
#[derive(Deserialize, JsonSchema)]
pub struct Unsubscribe {
    pub secret: String,
}

impl Operation for Unsubscribe {
    const NAME: &str = "delivery.unsubscribe";
    const ROUTE: Route = Route(Post, "/digests/letter");
    const FOR_STRANGERS: bool = true;
    type Target = Addressee;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Addressee> {
        addressee(tx, &self.secret).await
    }

    fn allows(_: &Actor, _: &Addressee) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, found: Addressee) -> Result<()> {
        set(tx, found.person, Rhythm::Never, false, false).await?;
        tx.record("delivery.changed", found.person, json!({ "by": "letter" }));
        Ok(())
    }
}

pub fn pages() -> Pages {
    Pages::new().get("/me/delivery", show).post("/me/delivery", save)
}

/// `GET /me/delivery`
async fn show(cx: Cx) -> Answer {
    let own = cx.read(ShowDelivery {}).await?;
    let texts = [
        ("rhythm", own.rhythm.word().to_owned()),
        ("at_once", own.at_once.to_string()),
        ("watched", own.watched.to_string()),
    ];
    Ok(cx.page(TITLE, view(&cx, &own, &Form::of(texts))))
}

/// `POST /me/delivery`
async fn save(form: Submitted) -> Answer {
    match form.submit::<SetDelivery>().await {
        Ok(_) => Ok(form.go("/me/delivery", Flash::says("This is how you hear of asks from now on."))),
        Err(error) => {
            let state = form.refused(error)?;
            let own = form.cx.read(ShowDelivery {}).await?;
            Ok(form.again(TITLE, view(&form.cx, &own, &state)))
        }
    }
}

const TITLE: &str = "How you hear of asks";

fn view(cx: &Cx, own: &Delivery, state: &Form) -> Markup {
    let lead = "Nothing reaches you outside your working hours, except urgent asks while you are on call.";
    html! {
        (Head { crumbs: vec![("/inbox", "Inbox")], title: TITLE, lead, ..Head::default() }.show())
        form.form method="post" action="/me/delivery" data-guard {
            (ui::token(cx)) (state.summary())
            fieldset.choices { legend { "A letter with all that waits" }
                @for rhythm in Rhythm::ALL {
                    label.choice { input type="radio" name="rhythm" value=(rhythm.word()) checked[state.value("rhythm") == rhythm.word()];
                        span { (rhythm.title()) } }
                }
            }
            fieldset.choices { legend { "What you watch" }
                @for (value, words) in [("true", "In the same letter, under its own heading"), ("false", "Only on the page of what I watch")] {
                    label.choice { input type="radio" name="watched" value=(value) checked[state.value("watched") == value]; span { (words) } }
                }
            }
            fieldset.choices { legend { "Each ask by itself" }
                label.choice { input type="checkbox" name="at_once" value="true" checked[state.value("at_once") == "true"];
                    span { "Tell me of each ask at once" span.hint { "Within your working hours. Urgent asks come at once in any case." } } }
            }
            @if let Some(next) = own.next_at { p.muted { "The next letter leaves " (day_and_time(next, &cx.viewer.zone)) ", if anything waits then." } }
            footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } a.button.quiet href="/inbox" { "Cancel" } }
        }
    }
}
