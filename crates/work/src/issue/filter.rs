//! What a query means on this database: the names in it as ids, times as instants, all as the parameters of one statement.
use super::{
    held::Holds,
    named::{matching, named_parents, named_people, named_sprints, named_states, named_teams},
    project::{named_milestones, named_projects},
    way,
};
use crate::{
    estimate::Estimate,
    query::{Comparison, Field, Mistake, Moment, Query, Term, What, Word, span},
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Bind, Result, Tx, Value, args, list, sql};
use people::person::folded;
use std::collections::BTreeSet;

/// One of these values and none of those; an empty text stands for no value.
#[derive(Default)]
pub(super) struct Set {
    pub one_of: Option<BTreeSet<String>>,
    none_of: BTreeSet<String>,
}

impl Set {
    /// Two conditions on one field have to hold together.
    fn add(&mut self, values: BTreeSet<String>, negated: bool) {
        match (&mut self.one_of, negated) {
            (_, true) => self.none_of.extend(values),
            (Some(old), false) => old.retain(|value| values.contains(value)),
            (one_of, false) => *one_of = Some(values),
        }
    }

    fn lists(&self) -> (Option<String>, String) {
        (self.one_of.as_ref().map(list), list(&self.none_of))
    }
}

/// From the first to the second, both included.
#[derive(Clone, Debug, PartialEq)]
struct Range<T>(T, T);

impl<T: PartialOrd> Range<T> {
    fn narrow(&mut self, from: T, to: T) {
        if from > self.0 {
            self.0 = from;
        }
        if to < self.1 {
            self.1 = to;
        }
    }
}

/// Terms with everything in them looked up, all of which have to hold.
pub(super) struct Filter {
    teams: Set,
    states: Set,
    pub assignees: Set,
    creators: Set,
    pub parents: Set,
    priorities: Set,
    estimates: Set,
    days: Set,
    pub sprints: Set,
    pub projects: Set,
    milestones: Set,
    estimate: Range<i64>,
    due: Range<String>,
    times: [Range<i64>; 4],
    /// The first of them is compared before all else.
    words: Vec<String>,
    other_words: Vec<String>,
    /// Each a list of labels of which the issue has one.
    labels: Vec<String>,
    other_labels: BTreeSet<String>,
    blocked: Option<bool>,
    time_in: Option<(String, Range<i64>)>,
    pub holds: Holds,
}

const ALWAYS: Range<i64> = Range(-1, i64::MAX);
const NEVER: Range<i64> = Range(-1, -1);

/// The filter as texts and numbers that can be bound.
pub(super) struct Bound {
    sets: Vec<(Option<String>, String)>,
    estimate: Range<i64>,
    due: Range<String>,
    times: [Range<i64>; 4],
    lists: Vec<(bool, String)>,
    blocked: (bool, bool),
    now: i64,
    time_in: (bool, String, Range<i64>),
    /// Of sprints, projects and milestones.
    plans: [(Option<String>, String); 3],
    holds: [(bool, String); 2],
    missed: String,
    /// The only issues that can fit, where they are few.
    pub few: Option<String>,
    first_word: String,
    /// Whether nothing fits that is finished.
    pub open: bool,
    /// The only team, if there is but one.
    pub team: Option<String>,
}

impl Bound {
    /// The parameters `$3` to `$59`.
    pub fn values(&self) -> Vec<Value<'_>> {
        let mut all = vec![self.team.bind()];
        all.extend(self.sets.iter().flat_map(|(one_of, none_of)| [one_of.bind(), none_of.bind()]));
        all.extend([self.estimate.0.bind(), self.estimate.1.bind(), self.due.0.bind(), self.due.1.bind()]);
        all.extend(self.times.iter().flat_map(|range| [range.0.bind(), range.1.bind()]));
        all.extend(self.lists.iter().flat_map(|(off, list)| [off.bind(), list.bind()]));
        all.extend([self.blocked.0.bind(), self.blocked.1.bind()]);
        let (off, states, range) = &self.time_in;
        all.extend([off.bind(), self.now.bind(), states.bind(), range.0.bind(), range.1.bind()]);
        all.extend(self.plans.iter().flat_map(|(one_of, none_of)| [one_of.bind(), none_of.bind()]));
        all.extend(self.holds.iter().flat_map(|(off, list)| [off.bind(), list.bind()]));
        all.extend([self.missed.bind(), self.few.bind(), self.first_word.bind()]);
        all
    }
}

impl Filter {
    /// What the query means for the actor, whose calendar is that of the zone: an issue fits if it fits one of them.
    pub async fn each(tx: &mut Tx<'_>, query: &Query, zone: &TimeZone) -> Result<Vec<Bound>> {
        let mut all = Vec::new();
        for terms in query.alternatives()? {
            let filter = Filter::of(tx, &terms, zone).await?;
            let few = way::few(tx, &filter).await?;
            all.push(Bound { few, ..filter.bound(tx.now().0) });
        }
        Ok(all)
    }

    async fn of(tx: &mut Tx<'_>, terms: &[Term], zone: &TimeZone) -> Result<Filter> {
        let mut filter = Filter {
            teams: Set::default(),
            states: Set::default(),
            assignees: Set::default(),
            creators: Set::default(),
            parents: Set::default(),
            priorities: Set::default(),
            estimates: Set::default(),
            days: Set::default(),
            sprints: Set::default(),
            projects: Set::default(),
            milestones: Set::default(),
            estimate: ALWAYS,
            due: Range(String::new(), "9999-12-31".into()),
            times: [ALWAYS; 4],
            words: Vec::new(),
            other_words: Vec::new(),
            labels: Vec::new(),
            other_labels: BTreeSet::new(),
            blocked: None,
            time_in: None,
            holds: Holds::default(),
        };
        for term in terms {
            filter.add(tx, term, zone).await?;
        }
        Ok(filter)
    }

    /// Whether nothing fits that is finished.
    pub fn wants_open(&self) -> bool {
        self.blocked == Some(true) || self.times[place(Field::Finished)] == NEVER
    }

    fn bound(&self, now: i64) -> Bound {
        let sets = [
            &self.teams,
            &self.states,
            &self.assignees,
            &self.creators,
            &self.parents,
            &self.priorities,
            &self.estimates,
            &self.days,
        ];
        let team = self.teams.one_of.as_ref().filter(|teams| teams.len() == 1).and_then(BTreeSet::first).cloned();
        let (off, states, range) = match &self.time_in {
            Some((states, range)) => (false, states.clone(), range.clone()),
            None => (true, "[]".to_owned(), ALWAYS),
        };
        let (first_word, words) = match self.words.split_first() {
            Some((first, others)) => (first.clone(), others),
            None => ("%".to_owned(), [].as_slice()),
        };
        Bound {
            sets: sets.iter().map(|set| set.lists()).collect(),
            estimate: self.estimate.clone(),
            due: self.due.clone(),
            times: self.times.clone(),
            lists: vec![
                (words.is_empty(), list(words)),
                (self.other_words.is_empty(), list(&self.other_words)),
                (self.labels.is_empty(), list(&self.labels)),
                (self.other_labels.is_empty(), list(&self.other_labels)),
            ],
            blocked: (self.blocked.is_none(), self.blocked.unwrap_or(false)),
            now,
            time_in: (off, states, range),
            plans: [&self.sprints, &self.projects, &self.milestones].map(Set::lists),
            holds: self.holds.lists(),
            missed: self.holds.missed(),
            few: None,
            first_word,
            open: self.wants_open(),
            team,
        }
    }

    async fn add(&mut self, tx: &mut Tx<'_>, term: &Term, zone: &TimeZone) -> Result<()> {
        match &term.what {
            What::Text(word) => {
                let plain = folded(&word.text).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                let words = if term.negated { &mut self.other_words } else { &mut self.words };
                words.push(format!("%{plain}%"));
                Ok(())
            }
            What::Custom(field, asked) => self.holds.add(tx, term.negated, field, asked, zone).await,
            What::TimeIn(states, comparison, word) => self.add_time_in(tx, term, states, *comparison, word).await,
            What::Compare(field, comparison, word) => {
                let comparison = if term.negated { comparison.opposite() } else { *comparison };
                self.compare(tx, *field, comparison, &word.text, zone);
                Ok(())
            }
            What::Is(field, words) => self.is(tx, *field, words, term.negated, zone).await,
        }
    }

    async fn add_time_in(
        &mut self,
        tx: &mut Tx<'_>,
        term: &Term,
        states: &[Word],
        comparison: Comparison,
        word: &Word,
    ) -> Result<()> {
        if self.time_in.is_some() {
            return Err(Mistake::new(word.at, "A query asks for the time in states only once.").into());
        }
        let found = list(named_states(tx, states).await?.into_keys());
        let comparison = if term.negated { comparison.opposite() } else { comparison };
        let length = span(&word.text).unwrap_or_default() * 1_000_000;
        let mut range = ALWAYS;
        narrow(&mut range, comparison, length, length);
        self.time_in = Some((found, range));
        Ok(())
    }

    fn compare(&mut self, tx: &Tx<'_>, field: Field, comparison: Comparison, text: &str, zone: &TimeZone) {
        if field == Field::Estimate {
            let size = text.parse::<Estimate>().map_or(0, |estimate| estimate.0);
            self.estimate.narrow(0, i64::MAX);
            return narrow(&mut self.estimate, comparison, size, size);
        }
        let Some(moment) = Moment::read(text) else { return };
        let today = tx.now().date(zone);
        if field == Field::Due {
            let day = moment.day(today);
            let (before, after) = (day.yesterday().unwrap_or(day), day.tomorrow().unwrap_or(day));
            let latest = "9999-12-31".to_owned();
            let (from, to) = match comparison {
                Comparison::Less => ("0".into(), before.to_string()),
                Comparison::LessOrSame => ("0".into(), day.to_string()),
                Comparison::More => (after.to_string(), latest),
                Comparison::MoreOrSame => (day.to_string(), latest),
            };
            return self.due.narrow(from, to);
        }
        let range = &mut self.times[place(field)];
        range.narrow(0, i64::MAX);
        match moment {
            Moment::Span(seconds) => {
                let at = tx.now().0 - seconds * 1_000_000;
                narrow(range, comparison.reversed(), at, at);
            }
            Moment::Day(_) | Moment::Near(_) => {
                let (first, last) = day_of(moment.day(today), zone);
                narrow(range, comparison, first, last);
            }
        }
    }

    async fn is(
        &mut self,
        tx: &mut Tx<'_>,
        field: Field,
        words: &[Word],
        negated: bool,
        zone: &TimeZone,
    ) -> Result<()> {
        let one_only = matches!(
            field,
            Field::Blocked | Field::Is | Field::Created | Field::Updated | Field::Started | Field::Finished
        );
        if let Some(second) = words.get(1).filter(|_| one_only) {
            return Err(Mistake::new(second.at, format!("`{}` takes one value.", field.word())).into());
        }
        let yes = |wanted: &str| words.iter().any(|word| word.text == wanted) != negated;
        match field {
            Field::Team => self.teams.add(named_teams(tx, words).await?, negated),
            Field::State => {
                let found = named_states(tx, words).await?;
                if !negated && found.values().all(|category| !category.is_finished()) {
                    self.times[place(Field::Finished)].narrow(NEVER.0, NEVER.1);
                }
                self.states.add(found.into_keys().collect(), negated);
            }
            Field::Assignee => self.assignees.add(named_people(tx, words).await?, negated),
            Field::Creator => self.creators.add(named_people(tx, words).await?, negated),
            Field::Parent => self.parents.add(named_parents(tx, words).await?, negated),
            Field::Sprint => self.sprints.add(named_sprints(tx, words).await?, negated),
            Field::Project => self.projects.add(named_projects(tx, words).await?, negated),
            Field::Milestone => self.milestones.add(named_milestones(tx, words).await?, negated),
            Field::Label => return self.add_labels(tx, words, negated).await,
            Field::Priority => self.priorities.add(words.iter().map(priority).collect(), negated),
            Field::Estimate => self.estimates.add(words.iter().map(size).collect(), negated),
            Field::Due => {
                let today = tx.now().date(zone);
                let day =
                    |word: &Word| Moment::read(&word.text).map_or(String::new(), |one| one.day(today).to_string());
                self.days.add(words.iter().map(day).collect(), negated);
            }
            Field::Blocked => self.blocked = Some(yes("yes")),
            Field::Is => {
                let open = yes("open");
                let range = if open { NEVER } else { Range(0, i64::MAX) };
                self.times[place(Field::Finished)].narrow(range.0, range.1);
            }
            Field::Created | Field::Updated | Field::Started | Field::Finished => {
                return self.on_day(tx, field, words, negated, zone);
            }
        }
        Ok(())
    }

    fn on_day(&mut self, tx: &Tx<'_>, field: Field, words: &[Word], negated: bool, zone: &TimeZone) -> Result<()> {
        let range = &mut self.times[place(field)];
        match words.first().map(|word| (Moment::read(&word.text), word.at)) {
            Some((None, _)) if negated => range.narrow(0, i64::MAX),
            Some((None, _)) => range.narrow(NEVER.0, NEVER.1),
            Some((Some(_), at)) if negated => {
                return Err(Mistake::new(at, "A day cannot be left out; compare with < or > instead.").into());
            }
            Some((Some(moment), _)) => {
                let (first, last) = day_of(moment.day(tx.now().date(zone)), zone);
                range.narrow(first, last);
            }
            None => {}
        }
        Ok(())
    }

    /// `none` among other labels would ask for an issue with a label and without.
    async fn add_labels(&mut self, tx: &mut Tx<'_>, words: &[Word], negated: bool) -> Result<()> {
        let all = sql!("select id, name from labels where workspace_id = $1 and $2");
        let all: Vec<(String, String)> = tx.all(all, args![tx.workspace(), tx.actor().belongs()]).await?;
        let none = words.iter().find(|word| word.text == "none");
        if let Some(none) = none {
            if words.len() > 1 {
                return Err(Mistake::new(none.at, "`none` stands alone among labels.").into());
            }
            let every: BTreeSet<String> = all.into_iter().map(|(id, _)| id).collect();
            match negated {
                true => self.labels.push(list(every)),
                false => self.other_labels.extend(every),
            }
            return Ok(());
        }
        let mut found = BTreeSet::new();
        for word in words {
            found.extend(matching(word, "label", &all, |_| false)?);
        }
        match negated {
            true => self.other_labels.extend(found),
            false => self.labels.push(list(found)),
        }
        Ok(())
    }
}

fn place(field: Field) -> usize {
    match field {
        Field::Created => 0,
        Field::Updated => 1,
        Field::Started => 2,
        _ => 3,
    }
}

/// Keeps what compares so with anything from `first` to `last`.
fn narrow(range: &mut Range<i64>, comparison: Comparison, first: i64, last: i64) {
    match comparison {
        Comparison::Less => range.narrow(i64::MIN, first - 1),
        Comparison::LessOrSame => range.narrow(i64::MIN, last),
        Comparison::More => range.narrow(last + 1, i64::MAX),
        Comparison::MoreOrSame => range.narrow(first, i64::MAX),
    }
}

/// The first and the last microsecond of a day in a zone.
fn day_of(day: Date, zone: &TimeZone) -> (i64, i64) {
    let start = |day: Date| day.to_zoned(zone.clone()).map_or(0, |start| start.timestamp().as_microsecond());
    (start(day), start(day.tomorrow().unwrap_or(day)) - 1)
}

fn priority(word: &Word) -> String {
    let found = super::Priority::ALL.into_iter().position(|one| one.word() == word.text);
    found.unwrap_or(0).to_string()
}

fn size(word: &Word) -> String {
    word.text.parse::<Estimate>().map_or(-1, |estimate| estimate.0).to_string()
}
