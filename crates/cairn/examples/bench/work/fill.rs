//! Writes the issues of a company as five years would have left them.
use super::life::{CANCELLED, LABELS, Life, READY, STARTED, Stretch, days, label};
use jiff::tz::TimeZone;
use kernel::{
    Actor, Bind, Event, Id, Method::Post, Operation, Person, Result, Route, Team, Time, Tx, Value, args, json, sql,
};
use people::person::folded;
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;
use work::{
    issue::Issue,
    rank,
    sprint::past::{Changed, Committed, Past, Place, hold},
    team::{FIRST_STATES, State, Work, states_of},
};

/// In days.
const SPRINT: u64 = 14;

/// The issues of one team from one place to another; with the first of them the team and its labels, with the last its
/// sprints.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct FillTeam {
    pub team: Id<Team>,
    /// Which one of the teams it is.
    pub place: usize,
    pub people: Vec<Id<Person>>,
    pub issues: usize,
    pub from: usize,
    pub to: usize,
    pub now: Time,
}

impl Operation for FillTeam {
    const NAME: &str = "bench.fill_team";
    const ROUTE: Route = Route(Post, "/bench/fill_team");
    type Target = ();
    type Output = String;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<String> {
        let work = Work::begun_as(tx, self.team, &format!("T{}", self.place)).await?;
        if self.place == 0 && self.from == 0 {
            labels(tx).await?;
        }
        let states = states_of(tx, self.team).await?;
        let lives: Vec<Life> = (self.from..self.to).map(|place| self.stretch().life(place)).collect();
        self.issues(tx, &lives, &states).await?;
        stays(tx, &lives, &states).await?;
        changes(tx, &lives, &states).await?;
        around(tx, &lives).await?;
        said(tx, &lives).await?;
        if self.to == self.issues {
            self.sprints(tx, &work.key).await?;
        }
        Ok(work.key)
    }
}

async fn labels(tx: &mut Tx<'_>) -> Result<()> {
    let insert = sql!(
        "insert into labels (workspace_id, id, name, unique_name, hue, created_at) values ($1, $2, $3, $3, $4, $5)"
    );
    for (place, name) in LABELS.iter().enumerate() {
        tx.run(insert, args![tx.workspace(), label(place), *name, place as i64 % 12, tx.now()]).await?;
    }
    Ok(())
}

/// Many rows of one statement, as the rows of a life give them.
macro_rules! insert {
    ($tx:expr, $statement:expr, $rows:expr) => {{
        let rows: Vec<Vec<Value<'_>>> = $rows.collect();
        $tx.run_many(sql!($statement), &rows).await?;
    }};
}

impl FillTeam {
    fn stretch(&self) -> Stretch<'_> {
        Stretch { team: self.place, issues: self.issues, people: &self.people, now: self.now }
    }

    async fn issues(&self, tx: &mut Tx<'_>, lives: &[Life], states: &[State]) -> Result<()> {
        let numbers = sql!("update work_teams set next_number = $3 where workspace_id = $1 and team_id = $2");
        tx.run(numbers, args![tx.workspace(), self.team, self.to as i64 + 1]).await?;
        let last = sql!("select max(rank) from issues where workspace_id = $1 and team_id = $2");
        let mut last: Option<String> = tx.find(last, args![tx.workspace(), self.team]).await?.flatten();
        let mut made = Vec::new();
        for life in lives {
            let rank = rank::between(last.as_deref(), None)?;
            last = Some(rank.clone());
            let (_, category) = FIRST_STATES[life.state()];
            let since = life.steps.last().map_or(life.created(), |(_, at)| *at);
            let times = [life.created(), since];
            made.push((life, rank, folded(&life.title), category, times, [life.first(STARTED), life.finished()]));
        }
        let workspace = tx.workspace();
        let rows = made.iter().map(|(life, rank, words, category, [created, since], [started, finished])| {
            let mut row =
                vec![workspace.bind(), life.id.bind(), self.team.bind(), life.number.bind(), life.title.bind()];
            row.extend([words.bind(), life.body.bind(), states[life.state()].id.bind(), category.bind()]);
            row.extend([since.bind(), life.assignee.bind(), life.priority.bind(), life.estimate.bind()]);
            row.extend([life.parent.bind(), rank.bind(), life.creator.bind(), created.bind()]);
            row.extend([started.bind(), finished.bind()]);
            row
        });
        insert!(
            tx,
            "insert into issues (workspace_id, id, team_id, number, title, words, body, state_id, category, state_since,
                assignee_id, priority, estimate, parent_id, rank, creator_id, created_at, updated_at, opened_at,
                started_at, finished_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $10, $17, $18, $19)",
            rows
        );
        Ok(())
    }

    /// A sprint every two weeks, with what was planned into it: the last one runs.
    async fn sprints(&self, tx: &mut Tx<'_>, key: &str) -> Result<()> {
        let stretch = self.stretch();
        let began = stretch.began() - days(5);
        let into = |at: Time| ((at.0 - began.0) / days(SPRINT).as_micros() as i64) as usize;
        let last = into(self.now);
        let mut held: Vec<Vec<Life>> = (0..=last).map(|_| Vec::new()).collect();
        for life in (0..self.issues).map(|place| stretch.life(place)) {
            let runs = life.planned && life.first(READY).is_some() && life.state() != CANCELLED;
            if runs {
                held[life.finished().map_or(last, into)].push(life);
            }
        }
        for (place, lives) in held.iter().enumerate() {
            let from = began + days(SPRINT * place as u64);
            let sprint = self.sprint(key, place, (from, place < last), lives).write(tx).await?;
            let issues: Vec<Id<Issue>> = lives.iter().map(|life| life.id).collect();
            hold(tx, sprint, &issues).await?;
        }
        Ok(())
    }

    fn sprint(&self, key: &str, place: usize, (from, closed): (Time, bool), lives: &[Life]) -> Past {
        let until = from + days(SPRINT);
        let key = |life: &Life| format!("{key}-{}", life.number);
        let estimate = |life: &Life| life.estimate.map(work::estimate::Estimate);
        let (before, later): (Vec<&Life>, Vec<&Life>) =
            lives.iter().partition(|life| life.first(READY).is_some_and(|ready| ready <= from));
        let committed = |life: &&Life| Committed {
            issue: life.id,
            key: key(life),
            title: life.title.clone(),
            estimate: estimate(life),
        };
        let added = |life: &&Life| Changed {
            issue: life.id,
            key: key(life),
            title: life.title.clone(),
            before: Place::Out,
            after: Place::In(estimate(life)),
            kind: None,
            reason: "It came up meanwhile.".into(),
            at: life.first(READY).unwrap_or(from),
            by: Some(life.creator),
            by_outsider: None,
        };
        let mut changes: Vec<Changed> = later.iter().map(added).collect();
        changes.sort_by_key(|change| change.at);
        Past {
            team: self.team,
            name: format!("Sprint {}", place + 1),
            goal: "What customers wait for.".into(),
            zone: "Europe/Lisbon".into(),
            first_on: from.date(&TimeZone::UTC),
            last_on: (until - days(1)).date(&TimeZone::UTC),
            started_at: Some(from),
            closed_at: closed.then_some(until - Duration::from_secs(3_600)),
            commitment: before.iter().map(committed).collect(),
            changes,
        }
    }
}

async fn stays(tx: &mut Tx<'_>, lives: &[Life], states: &[State]) -> Result<()> {
    let workspace = tx.workspace();
    let ends: Vec<Vec<Option<Time>>> =
        lives.iter().map(|life| life.steps.iter().skip(1).map(|(_, at)| Some(*at)).chain([None]).collect()).collect();
    let rows = lives.iter().zip(&ends).flat_map(|(life, ends)| {
        life.steps.iter().zip(ends).map(move |((state, from), until)| {
            [life.id.bind(), states[*state].id.bind(), from.bind(), until.bind()].into()
        })
    });
    let rows = rows.map(|row: Vec<Value<'_>>| [vec![workspace.bind()], row].concat());
    insert!(
        tx,
        "insert into issue_stays (workspace_id, issue_id, state_id, from_at, until_at) values ($1, $2, $3, $4, $5)",
        rows
    );
    Ok(())
}

/// A change of the state for each step, and three of other fields soon after the beginning.
struct Change {
    id: Id<Change>,
    issue: Id<Issue>,
    field: &'static str,
    values: [Option<String>; 2],
    words: [String; 2],
    at: Time,
    by: Id<Person>,
}

async fn changes(tx: &mut Tx<'_>, lives: &[Life], states: &[State]) -> Result<()> {
    let workspace = tx.workspace();
    let mut changes = Vec::new();
    for life in lives {
        let by = life.assignee.unwrap_or(life.creator);
        let mut add = |field, values, words, at| {
            let id = Id::at(at, changes.len() as u32);
            changes.push(Change { id, issue: life.id, field, values, words, at, by });
        };
        for pair in life.steps.windows(2) {
            let (before, after) = (&states[pair[0].0], &states[pair[1].0]);
            let values = [Some(before.id.to_string()), Some(after.id.to_string())];
            add("state", values, [before.name.clone(), after.name.clone()], pair[1].1);
        }
        for label in &life.labels {
            add("label", [None, Some(label.to_string())], [String::new(), "label".into()], life.created());
        }
        for (field, value) in [("priority", Some(life.priority)), ("estimate", life.estimate)] {
            let value = value.map(|value| value.to_string());
            add(field, [None, value.clone()], [String::new(), value.unwrap_or_default()], life.created());
        }
        if let Some(person) = life.assignee {
            add("assignee", [None, Some(person.to_string())], [String::new(), "somebody".into()], life.created());
        }
    }
    told(tx, lives, &changes).await?;
    let rows = changes.iter().map(|change| {
        let mut row = vec![workspace.bind(), change.id.bind(), change.issue.bind(), change.field.bind()];
        row.extend([change.values[0].bind(), change.values[1].bind(), change.words[0].bind()]);
        row.extend([change.words[1].bind(), change.at.bind(), change.by.bind()]);
        row
    });
    insert!(
        tx,
        "insert into issue_changes (workspace_id, id, batch, issue_id, field, before_value, after_value, before_words,
           after_words, at, by_id) values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        rows
    );
    Ok(())
}

/// What the page of an issue tells of it. No chain holds these.
async fn told(tx: &mut Tx<'_>, lives: &[Life], changes: &[Change]) -> Result<()> {
    let workspace = tx.workspace();
    let begun = lives.iter().map(|life| (life.created(), life.creator, "issue.created", life.id, "{}".to_owned()));
    let changed = changes.iter().map(|change| {
        let verb = match change.field {
            "state" => "issue.state_changed",
            "label" => "issue.labelled",
            "priority" => "issue.prioritised",
            "estimate" => "issue.estimated",
            _ => "issue.assigned",
        };
        let data = json!({ "from": change.words[0], "to": change.words[1] }).to_string();
        (change.at, change.by, verb, change.issue, data)
    });
    let events: Vec<_> =
        begun.chain(changed).enumerate().map(|(n, event)| (Id::<Event>::at(event.0, n as u32), event)).collect();
    insert!(
        tx,
        "insert into events (workspace_id, id, at, actor, door, verb, subject, data)
         values ($1, $2, $3, $4, 'page', $5, $6, $7)",
        events.iter().map(|(id, (at, by, verb, issue, data))| {
            vec![workspace.bind(), id.bind(), at.bind(), by.bind(), verb.bind(), issue.bind(), data.bind()]
        })
    );
    Ok(())
}

/// Labels, and relations to others that were there before.
async fn around(tx: &mut Tx<'_>, lives: &[Life]) -> Result<()> {
    let workspace = tx.workspace();
    let labels = lives.iter().flat_map(|life| life.labels.iter().map(move |label| (life, label)));
    insert!(
        tx,
        "insert into issue_labels (workspace_id, issue_id, label_id) values ($1, $2, $3) on conflict do nothing",
        labels.map(|(life, label)| vec![workspace.bind(), life.id.bind(), label.bind()])
    );
    let related: Vec<_> =
        lives.iter().filter_map(|life| life.relation.as_ref().map(|one| (life, one, life.created()))).collect();
    insert!(
        tx,
        "insert into issue_relations (workspace_id, issue_id, kind, other_id, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        related.iter().map(|(life, (kind, other), at)| {
            vec![workspace.bind(), life.id.bind(), kind.bind(), other.bind(), life.creator.bind(), at.bind()]
        })
    );
    Ok(())
}

async fn said(tx: &mut Tx<'_>, lives: &[Life]) -> Result<()> {
    let workspace = tx.workspace();
    let all = lives.iter().flat_map(|life| life.comments.iter().map(move |comment| (life, comment)));
    let all: Vec<_> = all.enumerate().map(|(n, one)| (Id::<Person>::at(one.1.1, n as u32), one)).collect();
    insert!(
        tx,
        "insert into comments (workspace_id, id, about_kind, about_id, author_id, mark, body, created_at)
         values ($1, $2, 'issue', $3, $4, 'comment', $5, $6)",
        all.iter().map(|(id, (life, (author, at)))| {
            vec![workspace.bind(), id.bind(), life.id.bind(), author.bind(), life.title.bind(), at.bind()]
        })
    );
    Ok(())
}
