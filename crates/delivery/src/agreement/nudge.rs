//! Pull requests that wait for a first review longer than the team agreed, for those of whom it was asked, where the team wants
//! that. It stands on their own Today while they are at work, and once in their digest; on no page of the team, and nobody else
//! is told.
use crate::{
    named::pull_page,
    pull::{Facts, Host, is_requested},
    repository::Repository,
    review::{Reviewers, answered_by, members},
};
use kernel::{
    Activity, Id, Later, Reference, Result, Signal, Sure, Team, Time, Tone, Tx, args, calendar::Calendar, columns, sql,
};
use measures::{Agreement, Pull, PullOptions, Unanswered, waiting};
use people::hours::calendars;
use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

/// Nobody is reminded of more at once.
const MOST: usize = 20;
/// So many that name the actor are read.
const MOST_READ: i64 = 200;
const HOUR: i64 = 3_600_000_000;

struct Row {
    team_id: Id<Team>,
    most: i64,
    repository_id: Id<Repository>,
    repository_name: String,
    location: String,
    host: Option<Host>,
    number: i64,
    title: String,
    login: String,
    told: String,
}
columns!(Row { team_id, most, repository_id, repository_name, location, host, number, title, login, told });

/// A pull request that nobody has answered yet, and whose review was asked of the actor.
struct Waiting {
    row: Row,
    pull: Pull<String>,
    eligible: Vec<Calendar>,
}

impl Waiting {
    /// Microseconds in which somebody who may review it was at work, as the agreement counts them, up to an instant.
    fn until(&self, at: Time) -> i64 {
        let options = PullOptions { unanswered: Unanswered::Pickup, ..PullOptions::default() };
        let pull = Pull { merged_at: Some(at), ..self.pull.clone() };
        waiting(&pull, &options, &self.eligible).map_or(0, |(pickup, _)| pickup.someone)
    }

    fn is_late(&self, at: Time) -> bool {
        self.until(at) > self.row.most * HOUR
    }

    fn name(&self) -> String {
        format!("{}#{}", self.row.repository_name, self.row.number)
    }

    fn href(&self) -> String {
        format!("/repositories/{}", self.row.repository_id)
    }

    fn says(&self, now: Time) -> Signal {
        let hours = self.until(now) / HOUR;
        Signal {
            tone: Tone::Warn,
            mark: "Review",
            sentence: format!("{} waits for your review longer than your team agreed", self.name()),
            basis: format!(
                "{}. It waits for {hours} working hours of the team; {} were agreed",
                self.row.title, self.row.most
            ),
            sure: Sure::Counted,
            evidence: pull_page(&self.row.location, self.row.host, self.row.number).unwrap_or_else(|| self.href()),
        }
    }

    fn told(self, at: Time) -> Activity {
        Activity {
            about: Reference::to("repository", self.row.repository_id),
            title: format!("{}: {}", self.name(), self.row.title),
            href: self.href(),
            comments: 0,
            writers: 0,
            changes: vec!["It waits for your review longer than your team agreed".to_owned()],
            last_at: at,
        }
    }
}

/// Those that are late now; nothing while the actor is not at work.
pub(crate) async fn signals(tx: &mut Tx<'_>) -> Result<Vec<Signal>> {
    let (me, now) = (tx.me(), tx.now());
    let waiting = of_actor(tx).await?;
    let late: Vec<Waiting> = waiting.into_iter().filter(|one| one.is_late(now)).collect();
    if late.is_empty() || !calendars(tx, &[me], now, now).await?.iter().any(|one| one.calendar.is_working(now)) {
        return Ok(Vec::new());
    }
    Ok(late.iter().map(|one| one.says(now)).collect())
}

/// Those that became late in this time, each of which is so once.
pub fn watched<'a>(tx: &'a mut Tx<'_>, time: Range<Time>) -> Later<'a, Vec<Activity>> {
    Box::pin(async move {
        let waiting = of_actor(tx).await?;
        let became = |one: &Waiting| !one.is_late(time.start) && one.is_late(time.end);
        Ok(waiting.into_iter().filter(became).map(|one| one.told(time.end)).collect())
    })
}

/// The open pull requests without an answer whose review was asked of the actor, of teams that want reminders.
async fn of_actor(tx: &mut Tx<'_>) -> Result<Vec<Waiting>> {
    let (me, now) = (tx.me().to_string(), tx.now());
    let rows = asked(tx).await?;
    let mut pulls: HashMap<(Id<Repository>, i64), Pull<String>> = HashMap::new();
    for repository in rows.iter().map(|row| row.repository_id).collect::<BTreeSet<_>>() {
        let facts = Facts::since(tx, repository, now).await?;
        pulls.extend(facts.by_number().into_iter().map(|(number, pull)| ((repository, number), pull)));
    }
    pulls.retain(|_, pull| pull.author.as_ref() != Some(&me) && answered_by(pull).is_empty());
    let Some(opened) = pulls.values().map(|pull| pull.opened_at).min() else { return Ok(Vec::new()) };
    let mut reviewers = HashMap::new();
    for team in rows.iter().map(|row| row.team_id).collect::<BTreeSet<_>>() {
        reviewers.insert(team, Reviewers::new(&members(tx, team, opened).await?));
    }
    let waiting = |row: Row| {
        let pull = pulls.remove(&(row.repository_id, row.number))?;
        let eligible = reviewers.get(&row.team_id)?.of(pull.author.as_ref()).to_vec();
        Some(Waiting { row, pull, eligible })
    };
    Ok(rows.into_iter().filter_map(waiting).collect())
}

/// Open pull requests whose review was asked of an account of the actor, the oldest first.
async fn asked(tx: &mut Tx<'_>) -> Result<Vec<Row>> {
    if !tx.actor().belongs() {
        return Ok(Vec::new());
    }
    // What was told holds the names somewhere; which of them were asked is read from it.
    let select = sql!(
        "select a.team_id, a.most, p.repository_id, r.name as repository_name, r.location,
                (select min(f.host) from forge_places f
                  where f.workspace_id = r.workspace_id and f.repository_id = r.id) as host,
                p.number, p.title, coalesce(i.login, i.name) as login, p.told
           from agreements a
           join teams t on t.workspace_id = a.workspace_id and t.id = a.team_id and t.archived_at is null
           join repositories r on r.workspace_id = a.workspace_id and r.team_id = a.team_id
           join pull_requests p on p.workspace_id = r.workspace_id and p.repository_id = r.id and p.state = 'open'
            and p.draft is not true
           join identities i on i.workspace_id = p.workspace_id and i.person_id = $2
          where a.workspace_id = $1 and a.kind = $3 and a.ended_at is null and a.nudged_since is not null and a.most is not null
            and lower(p.told) like '%\"' || lower(coalesce(i.login, i.name)) || '\"%'
          order by p.created_at, p.repository_id, p.number limit $4"
    );
    let kind = Agreement::ReviewWithin;
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), tx.me(), kind, MOST_READ]).await?;
    let mut found = Vec::new();
    for row in rows {
        if found.len() < MOST && is_requested(&row.told, &row.login)? {
            found.push(row);
        }
    }
    Ok(found)
}
