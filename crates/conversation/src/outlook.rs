//! Whether those whom one is about to name hear of it, and when they work: what an author sees before asking.
use crate::{
    mention::{self, MOST},
    thread::Thread,
};
use jiff::tz::TimeZone;
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Reference, Result, Route, Team, Tx};
use people::hours::{Now, calendars};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use ui::{Answer, Cx, Markup, Pages, chip, day_and_time, html, time_of_day};

/// What those who are named in a text that is being written are doing now.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowOutlook {
    /// The kind of the record, such as `team`.
    pub kind: String,
    pub record: String,
    #[serde(default)]
    pub people: Vec<Id<Person>>,
    /// Their members of today.
    #[serde(default)]
    pub teams: Vec<Id<Team>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Outlook {
    pub person: Id<Person>,
    pub name: String,
    pub zone: String,
    pub now: Now,
    /// Whether they see the record; if not, they are not asked.
    pub sees: bool,
}

impl Operation for ShowOutlook {
    const NAME: &str = "comment.outlook";
    const ROUTE: Route = Route(Get, "/comments/outlook");
    const READS: bool = true;
    type Target = Thread;
    type Output = Vec<Outlook>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        let thread = Thread::visible(tx, Reference::to(&self.kind, &self.record)).await?;
        for person in self.people.iter().take(MOST) {
            people::person::Record::visible(tx, *person).await?;
        }
        for team in self.teams.iter().take(MOST) {
            people::team::Record::visible(tx, *team).await?;
        }
        Ok(thread)
    }

    fn allows(actor: &Actor, _: &Thread) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<Vec<Outlook>> {
        let mut wanted: std::collections::BTreeSet<String> = self.people.iter().map(Id::to_string).collect();
        let teams: Vec<String> = self.teams.iter().map(Id::to_string).collect();
        wanted.extend(mention::members(tx, &teams).await?);
        wanted.remove(tx.me().as_str());
        let named = mention::visible(tx, &wanted).await?;
        if named.len() > MOST {
            return Err(Error::invalid("people", format!("Name at most {MOST} people at once.")));
        }
        let ids: Vec<Id<Person>> = named.iter().map(|one| one.id).collect();
        let now = tx.now();
        const DAY: u64 = 24 * 3600;
        let (from, to) = (now - Duration::from_secs(2 * DAY), now + Duration::from_secs(400 * DAY));
        let clocks = if ids.is_empty() { Vec::new() } else { calendars(tx, &ids, from, to).await? };
        let mut all = Vec::new();
        for one in named {
            let Some(clock) = clocks.iter().find(|clock| clock.id == one.id) else { continue };
            all.push(Outlook {
                sees: mention::sees(tx, &thread.about, one.id).await?,
                person: one.id,
                name: one.name,
                zone: clock.calendar.zone_name().to_owned(),
                now: Now::of(clock, now),
            });
        }
        Ok(all)
    }
}

pub fn pages() -> Pages {
    Pages::new().get("/conversation/outlook", show)
}

/// `GET /conversation/outlook`: the frame below the box in which one writes.
async fn show(cx: Cx) -> Answer {
    let input: ShowOutlook = cx.input().map_err(|_| Error::NotFound)?;
    let all = cx.read(input).await?;
    Ok(cx.page("Those whom you name", frame(&cx, &all)))
}

pub(crate) fn frame(cx: &Cx, all: &[Outlook]) -> Markup {
    html! {
        turbo-frame #outlook {
            @if !all.is_empty() {
                ul.outlook aria-label="Those whom you name" { @for one in all { li {
                    span.strong { (one.name) } " "
                    @if one.sees { span.muted { (words(cx, one)) } }
                    @else { (chip("warn", "cannot see this and is not asked")) }
                } } }
            }
        }
    }
}

/// Their time and whether they work, and in the reader's time when they will next.
fn words(cx: &Cx, one: &Outlook) -> String {
    let there = TimeZone::get(&one.zone).unwrap_or(TimeZone::UTC);
    let (clock, mine) = (time_of_day(cx.now(), &there), &cx.viewer.zone);
    match one.now {
        Now::Working { until } => format!("{clock} there, works until {}", time_of_day(until, &there)),
        Now::Away { back: Some(back), .. } => format!("away until {} your time", day_and_time(back, mine)),
        Now::Off { next: Some(next) } => format!("{clock} there, next at work {} your time", day_and_time(next, mine)),
        Now::Away { back: None, .. } => "away".into(),
        Now::Off { next: None } => format!("{clock} there"),
        Now::Starts { .. } => "has not started yet".into(),
        Now::Left => "has left".into(),
    }
}
