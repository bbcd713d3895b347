//! The one way in which fields of an issue change: the row, its history, the time in its state, and what is told.
use super::{Field, Issue, Priority, Which, body_of, labels_of, project, topic};
use crate::{
    automation::{Cause, When, follow},
    custom::{self, CustomField, Turn, Values},
    estimate::Estimate,
    label::Label,
    sprint::{
        Sprint,
        ledger::{self, Stand, Why},
    },
    team::{Category, State},
};
use jiff::civil::Date;
use kernel::{Change, Error, Id, Milestone, Person, Project, Result, Team, Time, Tx, args, columns, json, sql};
use people::person::Record;

/// What is to be different. What is `None` or `Keep` stays.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub title: Option<String>,
    pub body: Option<String>,
    pub state: Option<Id<State>>,
    pub assignee: Change<Id<Person>>,
    pub priority: Option<Priority>,
    pub estimate: Change<Estimate>,
    pub due_on: Change<Date>,
    pub parent: Change<Id<Issue>>,
    pub sprint: Change<Id<Sprint>>,
    /// A milestone takes the issue into its project, and another project takes it out of its milestone.
    pub project: Change<Id<Project>>,
    pub milestone: Change<Id<Milestone>>,
    pub labels: Option<Vec<Id<Label>>>,
    /// Fields that were added to issues.
    pub custom: Values,
    /// Through what this comes.
    pub cause: Cause,
}

/// Looks up what a change names, so that nobody learns of what they cannot see.
pub(super) async fn look_up(
    tx: &mut Tx<'_>,
    assignee: &Change<Id<Person>>,
    sprint: &Change<Id<Sprint>>,
    labels: &[Id<Label>],
) -> Result<()> {
    if let Change::Set(person) = assignee {
        Record::visible(tx, *person).await?;
    }
    if let Change::Set(sprint) = sprint {
        Sprint::visible(tx, *sprint).await?;
    }
    for label in labels {
        Label::visible(tx, *label).await?;
    }
    Ok(())
}

/// A call that changes one or more issues, by which all of it is undone at once.
pub enum Batch {}

/// One field of one issue, as stored and in words.
pub(super) struct Difference {
    field: Field,
    before: Option<String>,
    after: Option<String>,
    before_words: String,
    after_words: String,
    /// The field and its name, where it was added to issues.
    custom: Option<(Id<CustomField>, String)>,
}

/// What would be different, in words.
pub(crate) struct Told {
    pub field: Field,
    /// The name of a field that was added to issues.
    pub named: Option<String>,
    pub before: String,
    pub after: String,
}

impl Told {
    /// The field as a page says it.
    pub fn title(&self) -> &str {
        self.named.as_deref().unwrap_or(self.field.title())
    }
}

impl Difference {
    /// On what automations run.
    fn occasion(&self) -> Option<When> {
        match self.field {
            Field::State => Some(When::StateChanged),
            Field::Priority => Some(When::Prioritised),
            Field::Label if self.after.is_some() => Some(When::Labelled),
            _ => None,
        }
    }

    /// What the event says. Descriptions are told by the page alone.
    fn data(&self) -> kernel::Json {
        let (from, to) = (&self.before_words, &self.after_words);
        match &self.custom {
            _ if self.field == Field::Body => json!({}),
            Some((_, name)) => json!({ "field": name, "from": from, "to": to }),
            None => json!({ "from": from, "to": to }),
        }
    }

    /// The event that tells of it.
    fn verb(&self) -> &'static str {
        match self.field {
            Field::Label if self.after.is_none() => "issue.unlabelled",
            field => field.verb(),
        }
    }
}

/// Changes an issue, and tells what is different now. Returns whether anything is.
pub(crate) async fn apply(tx: &mut Tx<'_>, old: &Issue, wanted: &Wanted, batch: Id<Batch>) -> Result<bool> {
    apply_because(tx, old, wanted, batch, &Why::default()).await
}

/// The same, with the reason that the ledger of a running sprint is to give.
pub(super) async fn apply_because(
    tx: &mut Tx<'_>,
    old: &Issue,
    wanted: &Wanted,
    batch: Id<Batch>,
    why: &Why,
) -> Result<bool> {
    let mut found = Vec::new();
    let new = Next::of(tx, old, wanted, &mut found).await?;
    body(tx, old, wanted, &mut found).await?;
    labels(tx, old, wanted, &mut found).await?;
    for turn in custom::differences(tx, old, wanted).await? {
        custom::store(tx, old.id, &turn).await?;
        found.push(of_custom(turn));
    }
    if found.is_empty() {
        return Ok(false);
    }
    new.store(tx, old).await?;
    ledger::follow(tx, old, old.stand(), new.stand(), why).await?;
    for difference in &found {
        keep(tx, old.id, batch, difference).await?;
        tx.record(difference.verb(), old.id, difference.data());
    }
    let happened: Vec<When> = found.iter().filter_map(Difference::occasion).collect();
    follow(tx, old, &happened, wanted.cause).await?;
    tx.touch(topic(old.team_id));
    Ok(true)
}

/// What would be different, in words. Nothing is changed.
pub(crate) async fn differences(tx: &mut Tx<'_>, old: &Issue, wanted: &Wanted) -> Result<Vec<Told>> {
    let mut found = Vec::new();
    Next::of(tx, old, wanted, &mut found).await?;
    if let Some(new) = &wanted.labels {
        let before = labels_of(tx, &[old.id]).await?;
        for id in new.iter().filter(|id| before.iter().all(|(_, label)| label.id != **id)) {
            let label = label_for(tx, old, *id).await?;
            found.push(in_words(Field::Label, (None, Some(id.to_string())), "", &label.name));
        }
        for (_, gone) in before.iter().filter(|(_, label)| !new.contains(&label.id)) {
            found.push(in_words(Field::Label, (Some(gone.id.to_string()), None), &gone.name, ""));
        }
    }
    found.extend(custom::differences(tx, old, wanted).await?.into_iter().map(of_custom));
    let told = |Difference { field, before_words: before, after_words: after, custom, .. }| {
        let named = custom.map(|(_, name)| name);
        Told { field, named, before, after }
    };
    Ok(found.into_iter().map(told).collect())
}

/// A label that this issue can have.
async fn label_for(tx: &mut Tx<'_>, issue: &Issue, label: Id<Label>) -> Result<Label> {
    let label = Label::visible(tx, label).await?;
    match label.team_id.is_some_and(|team| team != issue.team_id) {
        true => Err(Error::invalid("labels", format!("{} is a label of another team.", label.name))),
        false => Ok(label),
    }
}

/// The columns as they are to be.
struct Next {
    title: String,
    state: StateRow,
    assignee: Option<Id<Person>>,
    priority: Priority,
    estimate: Option<Estimate>,
    due_on: Option<Date>,
    parent: Option<Id<Issue>>,
    sprint: Option<Id<Sprint>>,
    project: Option<Id<Project>>,
    milestone: Option<Id<Milestone>>,
}

struct StateRow {
    id: Id<State>,
    name: String,
    category: Category,
    team_id: Id<Team>,
}
columns!(StateRow { id, name, category, team_id });

impl Next {
    async fn of(tx: &mut Tx<'_>, old: &Issue, wanted: &Wanted, found: &mut Vec<Difference>) -> Result<Next> {
        let (project, milestone) = project::settled(tx, old, wanted).await?;
        let mut next = Next {
            title: wanted.title.clone().unwrap_or_else(|| old.title.clone()),
            state: state(tx, old, wanted.state).await?,
            assignee: wanted.assignee.clone().apply(old.assignee_id),
            priority: wanted.priority.unwrap_or(old.priority),
            estimate: wanted.estimate.clone().apply(old.estimate),
            due_on: wanted.due_on.clone().apply(old.due_on),
            parent: wanted.parent.clone().apply(old.parent_id),
            sprint: wanted.sprint.clone().apply(old.sprint_id),
            project,
            milestone,
        };
        next.differences(tx, old, found).await?;
        found.extend(project::differences(tx, old, project, milestone).await?);
        Ok(next)
    }

    fn stand(&self) -> Stand {
        Stand { sprint: self.sprint, counts: self.state.category != Category::Cancelled, estimate: self.estimate }
    }

    async fn differences(&mut self, tx: &mut Tx<'_>, old: &Issue, found: &mut Vec<Difference>) -> Result<()> {
        let next = self;
        if next.title != old.title {
            found.push(difference(Field::Title, Some(&old.title), Some(&next.title)));
        }
        if next.state.id != old.state_id {
            let ids = (Some(old.state_id.to_string()), Some(next.state.id.to_string()));
            found.push(in_words(Field::State, ids, &old.state_name, &next.state.name));
        }
        if next.assignee != old.assignee_id {
            let name = person_name(tx, next.assignee).await?;
            let ids = (old.assignee_id.map(|id| id.to_string()), next.assignee.map(|id| id.to_string()));
            found.push(in_words(Field::Assignee, ids, old.assignee_name.as_deref().unwrap_or("nobody"), &name));
        }
        if next.priority != old.priority {
            let ids = (Some(old.priority.word().to_owned()), Some(next.priority.word().to_owned()));
            found.push(in_words(Field::Priority, ids, old.priority.title(), next.priority.title()));
        }
        if next.estimate != old.estimate {
            let says = |one: Option<Estimate>| one.map_or("none".to_owned(), |one| old.estimates.says(one));
            let ids = (old.estimate.map(|one| one.to_string()), next.estimate.map(|one| one.to_string()));
            found.push(in_words(Field::Estimate, ids, &says(old.estimate), &says(next.estimate)));
        }
        if next.due_on != old.due_on {
            let says = |one: Option<Date>| one.map_or("no date".to_owned(), ui::date_long);
            let ids = (old.due_on.map(|one| one.to_string()), next.due_on.map(|one| one.to_string()));
            found.push(in_words(Field::Due, ids, &says(old.due_on), &says(next.due_on)));
        }
        if next.parent != old.parent_id {
            found.push(parent(tx, old, next.parent).await?);
        }
        if next.sprint == old.sprint_id && next.reopens(old) && ledger::is_closed(tx, old.sprint_id).await? {
            next.sprint = None;
        }
        if next.sprint != old.sprint_id {
            found.push(sprint(tx, old, next.sprint).await?);
        }
        Ok(())
    }

    fn reopens(&self, old: &Issue) -> bool {
        old.finished_at.is_some() && !self.state.category.is_finished()
    }

    async fn store(&self, tx: &mut Tx<'_>, old: &Issue) -> Result<()> {
        let now = tx.now();
        let finished = self.state.category.is_finished();
        let was_finished = old.finished_at.is_some();
        let finished_at = match (finished, was_finished) {
            (true, true) => old.finished_at,
            (true, false) => Some(now),
            (false, _) => None,
        };
        let starts = self.state.category == Category::Started || finished;
        let started_at = old.started_at.or(starts.then_some(now));
        let moved = self.state.id != old.state_id;
        let since = if moved { now } else { old.state_since };
        let reopened = self.reopens(old);
        let update = sql!(
            "update issues set title = $3, state_id = $4, category = $5, state_since = $6, assignee_id = $7,
                    priority = $8, estimate = $9, due_on = $10, parent_id = $11, started_at = $12, finished_at = $13,
                    opened_at = case when $14 then $15 else opened_at end, updated_at = $15,
                    assignee_outsider_id = case when $16 then null else assignee_outsider_id end, words = $17,
                    sprint_id = $18, project_id = $19, milestone_id = $20
              where workspace_id = $1 and id = $2"
        );
        let reassigned = self.assignee != old.assignee_id;
        let Next { title, state, assignee, priority, estimate, due_on, parent, sprint, project, milestone } = self;
        tx.run(
            update,
            args![
                tx.workspace(),
                old.id,
                title,
                state.id,
                state.category,
                since,
                assignee,
                priority,
                estimate,
                due_on,
                parent,
                started_at,
                finished_at,
                reopened,
                now,
                reassigned,
                people::person::folded(title),
                sprint,
                project,
                milestone,
            ],
        )
        .await?;
        if moved { stay(tx, old.id, state.id, now).await } else { Ok(()) }
    }
}

/// Ends the time in the state before, and begins the one in this.
pub(super) async fn stay(tx: &mut Tx<'_>, issue: Id<Issue>, state: Id<State>, now: Time) -> Result<()> {
    let end =
        sql!("update issue_stays set until_at = $3 where workspace_id = $1 and issue_id = $2 and until_at is null");
    tx.run(end, args![tx.workspace(), issue, now]).await?;
    let begin = sql!(
        "insert into issue_stays (workspace_id, issue_id, state_id, from_at) values ($1, $2, $3, $4)
         on conflict (workspace_id, issue_id, from_at, state_id) do update set until_at = null"
    );
    tx.run(begin, args![tx.workspace(), issue, state, now]).await.map(drop)
}

/// The state that is wanted, which must be one of the team.
async fn state(tx: &mut Tx<'_>, old: &Issue, wanted: Option<Id<State>>) -> Result<StateRow> {
    let select = sql!("select id, name, category, team_id from work_states where workspace_id = $1 and id = $2");
    let state: StateRow = tx.one(select, args![tx.workspace(), wanted.unwrap_or(old.state_id)]).await?;
    match state.team_id == old.team_id {
        true => Ok(state),
        false => Err(Error::invalid("state", "This is a state of another team.")),
    }
}

async fn person_name(tx: &mut Tx<'_>, person: Option<Id<Person>>) -> Result<String> {
    let Some(person) = person else { return Ok("nobody".into()) };
    tx.one(sql!("select name from people where workspace_id = $1 and id = $2"), args![tx.workspace(), person]).await
}

/// An issue may be below any other one but itself and those below it.
async fn parent(tx: &mut Tx<'_>, old: &Issue, parent: Option<Id<Issue>>) -> Result<Difference> {
    let key = async |tx: &mut Tx<'_>, id: Option<Id<Issue>>| match id {
        Some(id) => Issue::visible(tx, &Which::Id(id), true).await.map(|issue| issue.key),
        None => Ok("no other issue".to_owned()),
    };
    if let Some(parent) = parent {
        let above = sql!(
            "with recursive above (id) as (
               select $2
               union
               select i.parent_id from above join issues i on i.workspace_id = $1 and i.id = above.id
                where i.parent_id is not null
             )
             select 1 from above where id = $3"
        );
        if tx.exists(above, args![tx.workspace(), parent, old.id]).await? {
            return Err(Error::invalid("parent", "An issue cannot be below itself or one that is below it."));
        }
    }
    let (before, after) = (key(tx, old.parent_id).await?, key(tx, parent).await?);
    let ids = (old.parent_id.map(|id| id.to_string()), parent.map(|id| id.to_string()));
    Ok(in_words(Field::Parent, ids, &before, &after))
}

/// An open sprint of the team, or none.
async fn sprint(tx: &mut Tx<'_>, old: &Issue, sprint: Option<Id<Sprint>>) -> Result<Difference> {
    let none = || "no sprint".to_owned();
    let after = match sprint {
        Some(sprint) => ledger::name_of_open(tx, old, sprint).await?,
        None => none(),
    };
    let ids = (old.sprint_id.map(|id| id.to_string()), sprint.map(|id| id.to_string()));
    Ok(in_words(Field::Sprint, ids, &old.sprint_name.clone().unwrap_or_else(none), &after))
}

async fn body(tx: &mut Tx<'_>, old: &Issue, wanted: &Wanted, found: &mut Vec<Difference>) -> Result<()> {
    let Some(new) = &wanted.body else { return Ok(()) };
    let before = body_of(tx, old.id).await?;
    if before != *new {
        let update = sql!("update issues set body = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), old.id, new]).await?;
        found.push(in_words(Field::Body, (Some(before), Some(new.clone())), "", ""));
    }
    Ok(())
}

async fn labels(tx: &mut Tx<'_>, old: &Issue, wanted: &Wanted, found: &mut Vec<Difference>) -> Result<()> {
    let Some(new) = &wanted.labels else { return Ok(()) };
    let before: Vec<Label> = labels_of(tx, &[old.id]).await?.into_iter().map(|(_, label)| label).collect();
    for gone in before.iter().filter(|label| !new.contains(&label.id)) {
        let delete = sql!("delete from issue_labels where workspace_id = $1 and issue_id = $2 and label_id = $3");
        tx.run(delete, args![tx.workspace(), old.id, gone.id]).await?;
        found.push(in_words(Field::Label, (Some(gone.id.to_string()), None), &gone.name, ""));
    }
    for id in new.iter().filter(|id| before.iter().all(|label| label.id != **id)) {
        let label = label_for(tx, old, *id).await?;
        let insert = sql!(
            "insert into issue_labels (workspace_id, issue_id, label_id) values ($1, $2, $3)
             on conflict (workspace_id, issue_id, label_id) do nothing"
        );
        tx.run(insert, args![tx.workspace(), old.id, id]).await?;
        found.push(in_words(Field::Label, (None, Some(id.to_string())), "", &label.name));
    }
    Ok(())
}

fn difference(field: Field, before: Option<&str>, after: Option<&str>) -> Difference {
    let text = |one: Option<&str>| one.map(str::to_owned);
    in_words(field, (text(before), text(after)), before.unwrap_or_default(), after.unwrap_or_default())
}

pub(super) fn in_words(
    field: Field,
    (before, after): (Option<String>, Option<String>),
    before_words: &str,
    after_words: &str,
) -> Difference {
    let (before_words, after_words) = (before_words.to_owned(), after_words.to_owned());
    Difference { field, before, after, before_words, after_words, custom: None }
}

fn of_custom(turn: Turn) -> Difference {
    const NOTHING: &str = "nothing";
    let words = |one: Option<&str>| one.unwrap_or(NOTHING).to_owned();
    let before_words = words(turn.before.as_ref().map(|held| held.words.as_str()));
    let after_words = words(turn.after.as_ref().map(|settled| settled.words.as_str()));
    let (before, after) = (turn.before.map(|held| held.value), turn.after.map(|settled| settled.value));
    let custom = Some((turn.field.id, turn.field.name));
    Difference { field: Field::Custom, before, after, before_words, after_words, custom }
}

pub(super) async fn keep(tx: &mut Tx<'_>, issue: Id<Issue>, batch: Id<Batch>, difference: &Difference) -> Result<()> {
    let id: Id<Difference> = tx.id();
    let insert = sql!(
        "insert into issue_changes (workspace_id, id, batch, issue_id, field, before_value, after_value, before_words,
           after_words, at, by_id, custom_id, former_field)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let Difference { field, before, after, before_words, after_words, custom } = difference;
    let (custom, name) = custom.clone().unzip();
    let (workspace, now, me) = (tx.workspace(), tx.now(), tx.me());
    let mut values = args![workspace, id, batch, issue, field, before, after, before_words, after_words].to_vec();
    values.extend(args![now, me, custom, name]);
    tx.run(insert, &values).await.map(drop)
}
