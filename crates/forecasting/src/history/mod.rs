//! What a team has finished, from wherever it is known, and what counts as an item.
mod choose;
mod import;
mod page;
mod show;

pub use choose::ChooseItems;
pub use import::{FinishFile, FinishImport, ImportFinishes, ImportedFinishes, RemoveFinishes, RestoreFinishes};
pub use show::{Histories, ShowHistory, Source};

use forecast::{Forecaster, History, Prior};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Id, Result, Team, Time, Tx, args, columns, list, sql, words};
use people::access::today;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, iter};
use ui::Pages;

words! {
    /// What counts as an item of a team. The first one of which enough is known is counted where nobody has chosen.
    pub enum ItemKind {
        /// Finish dates from a file.
        Imported = "imported",
        /// Issues of the team that were done; of one with issues below it, those below.
        Issues = "issues",
        /// Pull requests that reached the main line of a repository of the team.
        PullRequests = "pull_requests",
        /// Everything that reached it, direct commits as well.
        Changes = "changes",
    }
}

/// Every source of finishes, by the words in [`ItemKind::sources`]. A new source is a line here and a kind above.
const FINISHED: &str = "
    select i.team_id, 'imported' as source, f.at, f.items from finish_imports i
      join imported_finishes f on f.workspace_id = i.workspace_id and f.import_id = i.id
     where i.workspace_id = $1 and i.removed_at is null
       and i.team_id in (select value from json_each(cast($2 as text)))
    union all
    select d.team_id, d.source, d.at, 1 as items from delivery_public_finishes d
     where d.workspace_id = $1 and d.team_id in (select value from json_each(cast($2 as text)))
    union all
    select w.team_id, 'issue' as source, w.finished_at as at, 1 as items from work_public_finishes w
     where w.workspace_id = $1 and w.team_id in (select value from json_each(cast($2 as text)))
    union all
    select a.team_id, 'arrived' as source, a.created_at as at, 1 as items from work_public_arrivals a
     where a.workspace_id = $1 and a.team_id in (select value from json_each(cast($2 as text)))
    union all
    select a.team_id, 'open' as source, a.created_at as at, 1 as items from work_public_arrivals a
     where a.workspace_id = $1 and a.team_id in (select value from json_each(cast($2 as text))) and a.open ";
/// Up to when sources are known, and what was chosen, as rows of the same form.
const BOUNDS: &str = "
    select c.team_id, 'chosen' as source, cast(0 as bigint) as day, cast(0 as bigint) as items, c.kind as word
      from counted_items c
     where c.workspace_id = $1 and c.team_id in (select value from json_each(cast($2 as text)))
    union all
    select i.team_id, 'complete' as source, cast(0 as bigint) as day, cast(0 as bigint) as items,
           max(i.complete_until) as word
      from finish_imports i
     where i.workspace_id = $1 and i.removed_at is null
       and i.team_id in (select value from json_each(cast($2 as text)))
     group by i.team_id
    union all
    select r.team_id, 'read' as source, r.read_at / 86400000000 as day, cast(0 as bigint) as items, null as word
      from delivery_public_reads r
     where r.workspace_id = $1 and r.team_id in (select value from json_each(cast($2 as text))) ";

/// Fixes what is drawn in every forecast of this program.
pub const SEED: u64 = 5;
/// A history of fewer items or days is too small to forecast from, however much is borrowed.
pub const FEWEST_ITEMS: u64 = 5;
pub const FEWEST_DAYS: usize = 14;
/// What is counted without a choice has as many items and days, where any kind has: a history that can stand alone.
const ENOUGH: (u64, i32) = (30, 56);

const DAY: i64 = 24 * 3600 * 1_000_000;

/// What a team has finished, day by day.
#[derive(Clone, Debug)]
pub struct Finished {
    pub kind: ItemKind,
    /// The first day that is not fully known yet: forecasts start with it.
    pub as_of: Date,
    pub days: BTreeMap<Date, u32>,
    /// When the items came, finished or not, and how many of them are open; nothing where that is not known.
    pub arrived: BTreeMap<Date, u32>,
    pub open: u64,
}

/// All that is known of a team, and what counts.
#[derive(Clone, Debug)]
pub struct Known {
    pub chosen: Option<ItemKind>,
    /// Of each kind of which anything is known.
    pub kinds: Vec<Finished>,
}

impl Known {
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Known> {
        Ok(Known::of_each(tx, &[team]).await?.swap_remove(0))
    }

    /// Of each of these teams, in their order, in one statement.
    pub async fn of_each(tx: &mut Tx<'_>, teams: &[Id<Team>]) -> Result<Vec<Known>> {
        let select = sql!(
            "select f.team_id, f.source, f.at / 86400000000 as day, cast(sum(f.items) as bigint) as items, null as word
               from (",
            FINISHED,
            ") f group by f.team_id, f.source, f.at / 86400000000 union all",
            BOUNDS
        );
        let mut rows: BTreeMap<Id<Team>, Vec<OfDay>> = BTreeMap::new();
        for row in tx.all::<OfDay>(select, args![tx.workspace(), list(teams)]).await? {
            rows.entry(row.team_id).or_default().push(row);
        }
        let today = today(tx);
        teams.iter().map(|team| Known::from(&rows.remove(team).unwrap_or_default(), today)).collect()
    }

    fn from(rows: &[OfDay], today: Date) -> Result<Known> {
        let of = |source: &str| rows.iter().find(|row| row.source == source);
        let word = |source: &str| of(source).and_then(|row| row.word.as_deref());
        let chosen = word("chosen").map(str::parse).transpose()?;
        let complete = word("complete").and_then(|date| date.parse::<Date>().ok());
        let read = of("read").map(|row| row.date());
        let kinds = ItemKind::ALL.iter().filter_map(|&kind| {
            let until = match kind {
                ItemKind::Imported => complete?.saturating_add(1.day()),
                ItemKind::Issues => today,
                ItemKind::PullRequests | ItemKind::Changes => read?,
            };
            Finished::of(kind, until.min(today), rows)
        });
        Ok(Known { chosen, kinds: kinds.collect() })
    }

    /// What is counted: the choice, or else the first kind of which enough is known.
    pub fn counted(self) -> Option<Finished> {
        let Known { chosen, kinds } = self;
        let least = [ENOUGH, (FEWEST_ITEMS, FEWEST_DAYS as i32)];
        let enough = || least.iter().find_map(|least| kinds.iter().position(|one| one.reaches(*least)));
        let place = kinds.iter().position(|one| Some(one.kind) == chosen).or_else(enough).unwrap_or(0);
        kinds.into_iter().nth(place)
    }
}

/// How many items of a source there were on a day, in days since 1970; or a word about the source.
struct OfDay {
    team_id: Id<Team>,
    source: String,
    day: i64,
    items: i64,
    word: Option<String>,
}
columns!(OfDay { team_id, source, day, items, word });

impl OfDay {
    fn date(&self) -> Date {
        Time(self.day * DAY).date(&TimeZone::UTC)
    }
}

impl Finished {
    fn of(kind: ItemKind, as_of: Date, rows: &[OfDay]) -> Option<Finished> {
        let by_day = |sources: &[&str]| {
            let mut days: BTreeMap<Date, u32> = BTreeMap::new();
            for row in rows.iter().filter(|row| sources.contains(&row.source.as_str())) {
                *days.entry(row.date()).or_insert(0) += u32::try_from(row.items).unwrap_or(0);
            }
            days
        };
        let days = by_day(kind.sources());
        let (arrived, open) = match kind {
            ItemKind::Issues => (by_day(&["arrived"]), by_day(&["open"]).into_values().map(u64::from).sum()),
            _ => (BTreeMap::new(), 0),
        };
        (!days.is_empty()).then_some(Finished { kind, as_of, days, arrived, open })
    }

    fn reaches(&self, (items, days): (u64, i32)) -> bool {
        let age = self.days.keys().next().map_or(0, |first| (self.as_of - *first).get_days());
        self.items() >= items && age >= days
    }

    /// The items that were finished before [`Finished::as_of`].
    pub fn history(&self) -> Option<History> {
        let before = self.days.range(..self.as_of);
        History::new(before.flat_map(|(date, count)| iter::repeat_n(*date, *count as usize)))
    }

    /// Items finished from one day, inclusive, up to another, exclusive.
    pub fn within(&self, from: Date, until: Date) -> u64 {
        if from >= until {
            return 0;
        }
        self.days.range(from..until).map(|(_, count)| u64::from(*count)).sum()
    }

    pub fn items(&self) -> u64 {
        self.within(Date::MIN, self.as_of)
    }

    /// Forecasts from what is known, as of any day up to [`Finished::as_of`]; or why there are none, in a sentence.
    pub fn forecaster(&self) -> Result<Forecaster, String> {
        let nothing = || "Nothing is known to be finished yet, so there is nothing to forecast from.".to_owned();
        let history = self.history().ok_or_else(nothing)?;
        let (items, days) = (self.items(), history.age(self.as_of).unwrap_or(0));
        if items < FEWEST_ITEMS || days < FEWEST_DAYS {
            return Err(format!(
                "{} in {} are too few to forecast from. It takes {FEWEST_ITEMS} in two weeks.",
                self.kind.count(items),
                if days == 1 { "one day".to_owned() } else { format!("{days} days") }
            ));
        }
        Ok(Forecaster::new(history, self.as_of, Prior::built_in(), SEED))
    }

    /// SHA-256 of what was finished before [`Finished::as_of`], and of `more` that a forecast rests on.
    pub fn digest(&self, more: &[f64]) -> String {
        let mut hash = Sha256::new().chain_update(format!("{}\n{}\n", self.kind.word(), self.as_of));
        for (date, count) in self.days.range(..self.as_of) {
            hash.update(format!("{date} {count}\n"));
        }
        for number in more {
            hash.update(number.to_le_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl ItemKind {
    fn sources(self) -> &'static [&'static str] {
        match self {
            ItemKind::Imported => &["imported"],
            ItemKind::Issues => &["issue"],
            ItemKind::PullRequests => &["pull_request"],
            ItemKind::Changes => &["pull_request", "commit"],
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            ItemKind::Imported => "Imported finish dates",
            ItemKind::Issues => "Issues that were done",
            ItemKind::PullRequests => "Pull requests",
            ItemKind::Changes => "All changes of the main line",
        }
    }

    /// `1 pull request`, `40 items`
    pub fn count(self, count: u64) -> String {
        let word = self.word_of_one();
        if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
    }

    pub fn word_of_one(self) -> &'static str {
        match self {
            ItemKind::Imported => "item",
            ItemKind::Issues => "issue",
            ItemKind::PullRequests => "pull request",
            ItemKind::Changes => "change",
        }
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/forecast/history", page::show)
        .post("/teams/{team}/forecast/history/preview", page::preview)
        .post("/teams/{team}/forecast/history", page::apply)
        .post("/teams/{team}/forecast/items", page::choose)
        .post("/teams/{team}/forecast/history/{import}/remove", page::remove)
        .post("/teams/{team}/forecast/history/{import}/restore", page::restore)
}
