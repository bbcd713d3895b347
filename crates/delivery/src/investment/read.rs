//! What those on a team did: commits, pull requests that they opened, and reviews, in whatever repository.
use super::{InvestmentRules, labels};
use crate::repository::Repository;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Id, Person, Result, Team, Time, Tx, args, calendar::Calendar, columns, list, sql};
use measures::{Deed, Investment, monday};
use people::hours::calendars;
use std::collections::HashMap;

/// A pull request, or a commit that is part of none.
#[derive(Debug)]
pub struct Change {
    pub repository_id: Id<Repository>,
    pub repository: String,
    /// Nothing for a commit that is part of no pull request.
    pub number: Option<i64>,
    /// Of such a commit; else empty.
    pub hash: String,
    pub title: String,
    /// Of the pull request, and of the issues on which the change works.
    pub labels: Vec<String>,
    /// The newest day on which somebody did something for it.
    pub last_on: Date,
}

pub struct Read {
    pub changes: Vec<Change>,
    pub deeds: Vec<Deed>,
    pub members: Vec<Member>,
}

/// Somebody with the days on which they were on the team.
pub struct Member {
    calendar: Calendar,
    stays: Vec<(Date, Option<Date>)>,
}

struct Stay {
    person_id: Id<Person>,
    from_on: Date,
    until_on: Option<Date>,
}
columns!(Stay { person_id, from_on, until_on });

struct Did {
    person_id: Id<Person>,
    repository_id: Id<Repository>,
    number: Option<i64>,
    hash: String,
    at: Time,
    title: String,
}
columns!(Did { person_id, repository_id, number, hash, at, title });

impl Member {
    /// The part of a working day that they worked for the team on a date.
    pub fn worked(&self, date: Date) -> f64 {
        let here = self.stays.iter().any(|(from, until)| *from <= date && until.is_none_or(|until| date < until));
        let planned = self.calendar.week().day(date.weekday()).minutes();
        let minutes = if here { self.calendar.minutes(date) } else { 0 };
        if planned == 0 { 0.0 } else { (f64::from(minutes) / f64::from(planned)).min(1.0) }
    }
}

impl Read {
    /// What was done in all weeks of the days from `from` until `until`.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, from: Date, until: Date, rules: &InvestmentRules) -> Result<Read> {
        let (people, members) = members(tx, team, from, until).await?;
        let (since, end) = (start(monday(from)), start(monday(until).saturating_add(7.days())));
        let all: Vec<Did> = match people.is_empty() {
            true => Vec::new(),
            false => {
                let (workspace, ids) = (tx.workspace(), list(&people));
                let within = args![workspace, ids, since, end].to_vec();
                let committed = tx.all(commits(), &within).await?;
                let proposed = tx.all(pulls(), &within).await?;
                let told = tx.all(told_commits(), &within).await?;
                let reviewed = tx.all(reviews(), &within).await?;
                [committed, proposed, told, reviewed].into_iter().flatten().collect()
            }
        };
        let mut changes = gathered(&all);
        named(tx, &mut changes.all, since).await?;
        labels::put(tx, &mut changes.all, since).await?;
        let kinds: Vec<Option<Investment>> =
            changes.all.iter().map(|change| rules.kind(change).map(|rule| rule.kind)).collect();
        let numbers: HashMap<Id<Person>, usize> = people.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let deed = |(did, change): (&Did, &usize)| {
            let person = *numbers.get(&did.person_id)?;
            Some(Deed { person, day: did.at.date(&TimeZone::UTC), change: *change, kind: kinds[*change] })
        };
        let deeds = all.iter().zip(&changes.of).filter_map(deed).collect();
        Ok(Read { changes: changes.all, deeds, members })
    }
}

async fn members(tx: &mut Tx<'_>, team: Id<Team>, from: Date, until: Date) -> Result<(Vec<Id<Person>>, Vec<Member>)> {
    let select = sql!(
        "select person_id, from_on, until_on from memberships
          where workspace_id = $1 and team_id = $2 and from_on < $4 and (until_on is null or until_on > $3)
          order by person_id, from_on"
    );
    let stays: Vec<Stay> = tx.all(select, args![tx.workspace(), team, from, until]).await?;
    let mut ids: Vec<Id<Person>> = stays.iter().map(|stay| stay.person_id).collect();
    ids.dedup();
    let clocks = calendars(tx, &ids, start(from), start(until)).await?;
    let member = |clock: &people::hours::Clock| Member {
        calendar: clock.calendar.clone(),
        stays: stays
            .iter()
            .filter(|stay| stay.person_id == clock.id)
            .map(|stay| (stay.from_on, stay.until_on))
            .collect(),
    };
    Ok((clocks.iter().map(|clock| clock.id).collect(), clocks.iter().map(member).collect()))
}

/// The instant at which a date begins in UTC.
fn start(date: Date) -> Time {
    date.to_zoned(TimeZone::UTC).map_or(Time(0), |zoned| zoned.timestamp().into())
}

/// A commit is written before it is committed, so the index on the latter finds all of them.
fn commits() -> kernel::Sql {
    sql!(
        "select i.person_id, c.repository_id, coalesce(c.pull_number, (
                    select min(p.number) from pull_commits p where p.workspace_id = c.workspace_id
                       and p.repository_id = c.repository_id and p.hash = c.hash)) as number,
                c.hash, c.authored_at as at, coalesce(c.pull_title, c.subject) as title
           from repositories r
           join commits c on c.workspace_id = r.workspace_id and c.repository_id = r.id and c.committed_at >= $3
           join identities i on i.workspace_id = c.workspace_id and i.id = c.author_id
          where r.workspace_id = $1 and i.person_id in (select value from json_each(cast($2 as text))) and not c.merge
            and c.authored_at >= $3 and c.authored_at < $4"
    )
}

fn pulls() -> kernel::Sql {
    sql!(
        "select i.person_id, p.repository_id, p.number, '' as hash, p.created_at as at, p.title
           from identities i join pull_requests p on p.workspace_id = i.workspace_id and p.author_id = i.id
          where i.workspace_id = $1 and i.person_id in (select value from json_each(cast($2 as text)))
            and p.created_at >= $3 and p.created_at < $4"
    )
}

/// Commits of pull requests whose history was not read: their author is taken to be that of the pull request.
fn told_commits() -> kernel::Sql {
    sql!(
        "select i.person_id, p.repository_id, p.number, m.hash, m.authored_at as at, p.title
           from identities i join pull_requests p on p.workspace_id = i.workspace_id and p.author_id = i.id
           join pull_commits m on m.workspace_id = p.workspace_id and m.repository_id = p.repository_id and m.number = p.number
          where i.workspace_id = $1 and i.person_id in (select value from json_each(cast($2 as text)))
            and m.authored_at >= $3 and m.authored_at < $4
            and not exists (select 1 from commits c where c.workspace_id = m.workspace_id
                               and c.repository_id = m.repository_id and c.hash = m.hash)"
    )
}

fn reviews() -> kernel::Sql {
    sql!(
        "select i.person_id, v.repository_id, v.number, '' as hash, v.submitted_at as at, '' as title
           from identities i join reviews v on v.workspace_id = i.workspace_id and v.author_id = i.id
          where i.workspace_id = $1 and i.person_id in (select value from json_each(cast($2 as text)))
            and v.submitted_at >= $3 and v.submitted_at < $4"
    )
}

/// Changes, and which of them each deed was for.
struct Gathered {
    all: Vec<Change>,
    of: Vec<usize>,
}

fn gathered(deeds: &[Did]) -> Gathered {
    let mut places: HashMap<(Id<Repository>, Option<i64>, &str), usize> = HashMap::new();
    let (mut all, mut of): (Vec<Change>, Vec<usize>) = (Vec::new(), Vec::with_capacity(deeds.len()));
    for did in deeds {
        let hash = if did.number.is_some() { "" } else { &*did.hash };
        let at = *places.entry((did.repository_id, did.number, hash)).or_insert_with(|| {
            all.push(Change {
                repository_id: did.repository_id,
                repository: String::new(),
                number: did.number,
                hash: hash.to_owned(),
                title: String::new(),
                labels: Vec::new(),
                last_on: Date::MIN,
            });
            all.len() - 1
        });
        let change = &mut all[at];
        change.last_on = change.last_on.max(did.at.date(&TimeZone::UTC));
        if change.title.is_empty() {
            change.title = did.title.clone();
        }
        of.push(at);
    }
    Gathered { all, of }
}

/// Names of repositories, and titles of pull requests, whoever opened them.
async fn named(tx: &mut Tx<'_>, changes: &mut [Change], since: Time) -> Result<()> {
    let select = sql!("select id, name from repositories where workspace_id = $1");
    let names: HashMap<Id<Repository>, String> = tx.all(select, args![tx.workspace()]).await?.into_iter().collect();
    let select = sql!(
        "select repository_id, number, title from pull_requests where workspace_id = $1 and (updated_at >= $2 or updated_at is null)"
    );
    let titles: Vec<(Id<Repository>, i64, String)> = tx.all(select, args![tx.workspace(), since]).await?;
    let titles: HashMap<_, _> = titles.into_iter().map(|(id, number, title)| ((id, number), title)).collect();
    for change in changes {
        change.repository = names.get(&change.repository_id).cloned().unwrap_or_default();
        let Some(key) = change.number.map(|number| (change.repository_id, number)) else { continue };
        if let Some(title) = titles.get(&key) {
            change.title = title.clone();
        }
    }
    Ok(())
}
