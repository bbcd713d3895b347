use super::{Ask, preview, tell::around};
use crate::{delivery, norms};
use jiff::SignedDuration;
use kernel::{
    Actor, Due, Error, Id, Job, JobKind, Later,
    Method::Post,
    NewAsk, Operation, Person, Reference, Result, Route, Run, Silence, Time, Tx, Verb, args, sql,
    text::{Markdown, Name},
};
use people::{
    access::actor_of,
    hours::{Clock, calendars},
    person,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::Pages;

/// Ask one or several people for something.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaiseAsk {
    /// At most 50 people; each gets an ask of their own.
    pub to: Vec<Id<Person>>,
    pub verb: Verb,
    /// One line that says what it is about.
    pub subject: Name<200>,
    #[serde(default)]
    pub note: Markdown,
    /// The record it is about, which everyone who is asked has to be able to see.
    #[serde(default)]
    pub about: Option<Reference>,
    /// If left out, what the team of each receiver has agreed for this verb.
    #[serde(default)]
    pub due: Option<Due>,
    #[serde(default = "nothing")]
    pub silence: Silence,
    /// Who is asked in place of somebody who does not answer in time.
    #[serde(default)]
    pub escalate_to: Option<Id<Person>>,
    /// Told at once within working hours. Urgent asks are counted.
    #[serde(default)]
    pub urgent: bool,
}

fn nothing() -> Silence {
    Silence::Nothing
}

/// So many people are asked at once at the most.
pub(super) const MOST: usize = 50;

/// An ask on its way into the table.
pub(crate) struct Draft<'a> {
    pub to: Vec<Id<Person>>,
    pub from: Option<Id<Person>>,
    pub verb: Verb,
    pub subject: &'a str,
    pub note: &'a str,
    pub about: Option<&'a Reference>,
    pub href: Option<String>,
    pub due: Option<Due>,
    pub silence: Silence,
    pub escalate_to: Option<Id<Person>>,
    pub urgent: bool,
    pub handed_from: Option<Id<Ask>>,
}

impl Operation for RaiseAsk {
    const NAME: &str = "ask.raise";
    const ROUTE: Route = Route(Post, "/asks");
    /// The address of the record's page.
    type Target = Option<String>;
    type Output = Vec<Ask>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Option<String>> {
        self.check(tx)?;
        let card = match &self.about {
            Some(about) => Some(tx.card(about).await?),
            None => None,
        };
        for person in self.to.iter().chain(&self.escalate_to) {
            let field = if self.to.contains(person) { "to" } else { "escalate_to" };
            let name = person::Record::visible(tx, *person).await?.name;
            let Some(actor) = actor_of(tx, *person).await? else {
                return Err(Error::invalid(field, format!("{name} has no account here and would not hear of it.")));
            };
            if let Some(about) = &self.about
                && tx.card_for(&actor, about).await.is_err()
            {
                return Err(Error::invalid(field, format!("{name} cannot see what this is about.")));
            }
        }
        Ok(card.map(|card| card.href))
    }

    fn allows(actor: &Actor, _: &Option<String>) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, href: Option<String>) -> Result<Vec<Ask>> {
        let mut to = self.to.clone();
        to.sort_unstable();
        to.dedup();
        let draft = Draft {
            to,
            from: Some(tx.me()),
            verb: self.verb,
            subject: &self.subject,
            note: &self.note,
            about: self.about.as_ref(),
            href,
            due: self.due,
            silence: self.silence,
            escalate_to: self.escalate_to,
            urgent: self.urgent,
            handed_from: None,
        };
        raise(tx, &draft).await
    }
}

impl RaiseAsk {
    fn check(&self, tx: &Tx<'_>) -> Result<()> {
        let mut flaws = kernel::Flaws::default();
        flaws.unless(!self.to.is_empty(), "to", "Choose who is asked.");
        flaws.unless(self.to.len() <= MOST, "to", "Ask at most 50 people at once.");
        flaws.unless(!self.to.contains(&tx.me()), "to", "You cannot ask yourself; write it down as a promise instead.");
        let named = self.escalate_to.is_some();
        let escalates = self.silence == Silence::Escalate;
        flaws.unless(named || !escalates, "escalate_to", "Choose who is asked when nobody answers.");
        flaws.unless(!named || escalates, "escalate_to", "This is only for silence that escalates.");
        let other = self.escalate_to.is_none_or(|person| !self.to.contains(&person));
        flaws.unless(other, "escalate_to", "Choose somebody who is not asked already.");
        let past = matches!(self.due, Some(Due::Moment(at)) if at <= tx.now());
        flaws.unless(!past, "due", "This moment is over.");
        flaws.check()
    }
}

/// Writes one ask for each receiver, due in their own calendar, and plans how they hear of it.
pub(crate) async fn raise(tx: &mut Tx<'_>, draft: &Draft<'_>) -> Result<Vec<Ask>> {
    let (now, batch) = (tx.now(), tx.id());
    let (from, to) = around(now);
    let clocks = calendars(tx, &draft.to, from, to).await?;
    let agreed = norms::of_people(tx, &draft.to).await?;
    let mut raised = Vec::new();
    for clock in &clocks {
        let norm = agreed.due(clock.id, draft.verb);
        let planned = Planned::new(clock, draft.due.unwrap_or(norm), norm, now);
        let id: Id<Ask> = tx.id();
        insert(tx, id, batch, clock, draft, &planned).await?;
        raised.push(id);
    }
    let quiet = clocks.iter().map(|clock| (clock, agreed.quiet(clock.id))).collect::<Vec<_>>();
    delivery::plan(tx, &quiet, &raised, draft.urgent).await?;
    let found = Ask::raised(tx, batch).await?;
    for ask in &found {
        super::tell(tx, "ask.raised", ask);
    }
    Ok(found)
}

/// When an ask is due for one person, and what that leaves them.
pub(super) struct Planned {
    pub due: Due,
    pub due_at: Time,
    /// Working time from the asking to the due time.
    pub leaves: SignedDuration,
    /// What is missing to what the receiver's team has agreed.
    pub short: SignedDuration,
    pub crossed: bool,
}

impl Planned {
    pub(super) fn new(clock: &Clock, due: Due, norm: Due, now: Time) -> Planned {
        const WEEK: std::time::Duration = std::time::Duration::from_secs(7 * 24 * 3600);
        let calendar = &clock.calendar;
        // Somebody without hours has no working time to count; a week is what remains.
        let due_at = due.on(calendar, now).unwrap_or(now + WEEK);
        let promised = norm.on(calendar, now).map_or(SignedDuration::ZERO, |at| calendar.between(now, at));
        let leaves = calendar.between(now, due_at);
        Planned {
            due,
            due_at,
            leaves,
            short: (promised - leaves).max(SignedDuration::ZERO),
            crossed: !calendar.is_working(now),
        }
    }
}

async fn insert(
    tx: &mut Tx<'_>,
    id: Id<Ask>,
    batch: Id<Ask>,
    clock: &Clock,
    draft: &Draft<'_>,
    planned: &Planned,
) -> Result<()> {
    let statement = sql!(
        "insert into asks (workspace_id, id, batch, receiver_id, asker_id, verb, subject, note, about_kind, about_id, href,
                due, silence, escalate_to, urgent, short_minutes, crossed, raised_at, due_at, state, handed_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 'open', $20)"
    );
    let (kind, about) = draft.about.map(|about| (about.kind.as_str(), about.id.as_str())).unzip();
    tx.run(
        statement,
        args![
            tx.workspace(),
            id,
            batch,
            clock.id,
            draft.from,
            draft.verb,
            draft.subject,
            draft.note,
            kind,
            about,
            draft.href,
            planned.due.to_string(),
            draft.silence,
            draft.escalate_to,
            draft.urgent,
            planned.short.as_mins(),
            planned.crossed,
            tx.now(),
            planned.due_at,
            draft.handed_from
        ],
    )
    .await?;
    Ok(())
}

impl Ask {
    async fn raised(tx: &mut Tx<'_>, batch: Id<Ask>) -> Result<Vec<Ask>> {
        let select = sql!(super::SELECT, "where a.workspace_id = $1 and a.batch = $2 order by a.due_at, a.id");
        tx.all(select, args![tx.workspace(), batch]).await
    }
}

pub const RAISE: JobKind = JobKind { name: "ask.raise", run: Run::Inside(raise_wanted) };

/// Raises what a part wanted. Receivers who cannot see the record, or have no account any more, are left out.
fn raise_wanted<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let wanted: NewAsk = serde_json::from_value(job.args.clone()).map_err(Error::internal)?;
        let (mut to, mut href) = (Vec::new(), None);
        for person in &wanted.to {
            let Some(actor) = actor_of(tx, *person).await? else { continue };
            match &wanted.about {
                Some(about) => match tx.card_for(&actor, about).await {
                    Ok(card) => {
                        href = Some(card.href);
                        to.push(*person);
                    }
                    Err(Error::NotFound) => {}
                    Err(error) => return Err(error),
                },
                None => to.push(*person),
            }
        }
        let draft = Draft {
            to,
            from: wanted.from,
            verb: wanted.verb,
            subject: &wanted.subject,
            note: "",
            about: wanted.about.as_ref(),
            href,
            due: wanted.due,
            silence: wanted.silence,
            escalate_to: wanted.escalate_to,
            urgent: wanted.urgent,
            handed_from: None,
        };
        raise(tx, &draft).await?;
        Ok(())
    })
}

pub fn pages() -> Pages {
    preview::pages()
}
