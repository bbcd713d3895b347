//! Puts the rows of the files into the order in which they happened, each at an hour of whoever did it.
mod order;
mod roadmap;
mod work;

use crate::data::{self, Change, Data, Place, talk, together};
use jiff::{
    ToSpan,
    civil::{self, Date},
    tz::TimeZone,
};
use kernel::{Result, Time};
use order::Order;
use std::collections::BTreeMap;

/// One thing that happened.
pub struct Step<'a> {
    pub at: Time,
    pub by: By<'a>,
    pub place: Place,
    pub act: Act<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By<'a> {
    /// Cairn itself, on the day on which the company began to use it.
    System,
    Person(&'a str),
}

/// What happened. Of one day and hour, what stands first here came first.
pub enum Act<'a> {
    AddPerson(&'a data::Person),
    GrantAccount(&'a data::Person),
    AddTeam(&'a data::Team, Option<&'a str>),
    LeaveTeam(&'a data::Membership),
    MoveTeam(&'a data::Team),
    JoinTeam(&'a data::Membership),
    LeadTeam(&'a data::Membership),
    SetManager(&'a str, Option<&'a str>, i64),
    EditProfile(&'a str, Vec<&'a Change>),
    EditTerms(&'a str, Vec<&'a Change>),
    GiveNotice(&'a data::Person),
    Except(&'a data::Exception),
    EnterLeave(&'a data::Leave),
    AcceptHandover(&'a data::Leave),
    Invite(&'a data::Invitation),
    WriteTemplate(&'a data::Template),
    StartPlan(&'a data::Plan),
    CompleteStep(&'a data::Plan, &'a data::Done),
    MeetExpectations(&'a data::Plan, &'a data::Met),
    SetNorms(&'a data::Norms),
    /// With its row, by which later turns find it.
    Ask(usize, &'a data::Ask),
    Turn(usize, &'a data::Turn),
    /// With the record that it is about.
    Say(&'a str, Line, &'a talk::Comment),
    EditComment(Line, &'a talk::Change),
    React(Line, &'a talk::Reaction),
    Resolve(&'a str, &'a talk::Said),
    CreateIssue(&'a data::Issue),
    RelateIssue(&'a data::Issue),
    MoveIssue(&'a data::Issue, &'a data::IssueMove),
    PlanSprint(&'a data::Sprint),
    StartSprint(&'a data::Sprint),
    ChangeScope(&'a data::Sprint, &'a data::ScopeChange),
    CloseSprint(&'a data::Sprint),
    /// With the row of the round.
    Refine(usize, &'a data::Round),
    InRound(usize, &'a data::RoundStep),
    BeginPlanning(&'a data::Planning),
    InPlanning(&'a data::Planning, &'a data::PlanningStep),
    BeginReview(&'a data::Review),
    InReview(&'a data::Review, &'a data::ReviewStep),
    SaveView(&'a data::View),
    SettleTriage(&'a data::Triage),
    TakeUp(&'a data::Habit),
    /// With the row of the one-on-one.
    Meet(usize, &'a data::OneOnOne, &'a data::Exchange),
    /// With the row of the check-in or the board.
    CheckIn(usize, &'a together::Checkin),
    AnswerCheckin(usize, &'a together::Answer),
    LookBack(usize, &'a together::Board),
    OnBoard(usize, &'a together::BoardStep),
    HandOver(&'a together::HandOver),
    /// On the day with this number.
    ImportFinishes(i64, &'a data::Finishes),
    Promise(&'a data::Commitment),
    Recount(&'a data::Commitment, &'a data::Recount),
    BeginInitiative(&'a data::roadmap::Initiative),
    BeginProject(&'a data::roadmap::Project),
    GatherIssues(&'a data::roadmap::Project),
    SayHealth(&'a data::roadmap::Project, &'a data::roadmap::Said),
    SetWeights(&'a data::roadmap::Weighting),
    NoteDebt(&'a data::roadmap::Debt),
    PlanShares(&'a data::roadmap::Shares),
    JudgeProject(&'a data::roadmap::Project, &'a data::roadmap::Judged),
    Deactivate(&'a data::Person),
}

/// A comment, by the row of its thread and its place there.
pub type Line = (usize, usize);

impl Act<'_> {
    /// What a later stage of a day builds on is there after the earlier ones.
    fn stage(&self) -> u8 {
        match self {
            Act::AddPerson(_) => 0,
            Act::GrantAccount(_) => 1,
            Act::AddTeam(..) => 2,
            Act::AcceptHandover(_)
            | Act::CompleteStep(..)
            | Act::Promise(_)
            | Act::Recount(..)
            | Act::PlanSprint(_) => 4,
            Act::MeetExpectations(..)
            | Act::RelateIssue(_)
            | Act::MoveIssue(..)
            | Act::StartSprint(_)
            | Act::BeginPlanning(_)
            | Act::ChangeScope(..) => 5,
            Act::Deactivate(_) | Act::CloseSprint(_) => 6,
            _ => 3,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Act::LeaveTeam(_) => 0,
            Act::MoveTeam(_) => 1,
            Act::JoinTeam(_) => 2,
            Act::LeadTeam(_) => 3,
            _ => 4,
        }
    }

    /// The local hour, where the file says it.
    fn time(&self) -> Option<civil::Time> {
        match self {
            Act::Ask(_, ask) => ask.time,
            Act::Turn(_, turn) => turn.time,
            Act::Say(_, _, comment) => Some(comment.said.time),
            Act::EditComment(_, change) => Some(change.time),
            Act::React(_, reaction) => Some(reaction.time),
            Act::Resolve(_, outcome) => Some(outcome.time),
            Act::Meet(_, _, turn) => turn.time,
            Act::CheckIn(_, one) => Some(one.time),
            Act::AnswerCheckin(_, said) => Some(said.time),
            Act::LookBack(_, board) => Some(board.time),
            Act::OnBoard(_, one) => Some(one.time),
            Act::Refine(_, round) => Some(round.time),
            Act::InRound(_, one) => Some(one.time),
            Act::BeginPlanning(one) => Some(one.time),
            Act::InPlanning(_, one) => Some(one.time),
            Act::BeginReview(one) => Some(one.time),
            Act::InReview(_, one) => Some(one.time),
            Act::HandOver(one) => Some(one.time),
            _ => None,
        }
    }
}

/// The day on which the company began to use Cairn; what is older was entered then, with its own dates.
const BEGINNING: i64 = -547;
/// But for asks and comments, nothing happens later than on the day before the reference date, so that all of it has happened by then.
const LATEST: i64 = -1;
/// A person is entered so many days before their first one.
const ENTERED_BEFORE: i64 = 14;
/// The last day of a permanent contract is known so many days before.
const NOTICE: i64 = 56;
const MORNING: i64 = 10 * 3600;
const EVENING: i64 = 17 * 3600;
const DAY: i64 = 24 * 3600;

/// Everything that the files tell, in order.
pub fn of(data: &Data, reference: Date) -> Result<Vec<Step<'_>>> {
    let mut history = History { data, reference, found: Vec::new() };
    history.people();
    history.teams();
    history.memberships();
    history.lines();
    history.changes();
    history.exceptions();
    history.leave();
    history.invitations();
    history.onboarding();
    history.norms();
    history.asks();
    history.talk();
    history.issues();
    history.sprints();
    history.rounds();
    history.plannings();
    history.reviews();
    history.views();
    history.triages();
    history.roadmap();
    history.one_on_ones();
    history.together();
    history.forecasts();
    history.in_order()
}

struct Found<'a> {
    day: i64,
    /// The day that the row tells of, which may lie before the beginning.
    since: i64,
    by: By<'a>,
    place: Place,
    act: Act<'a>,
}

struct History<'a> {
    data: &'a Data,
    reference: Date,
    found: Vec<Found<'a>>,
}

impl<'a> History<'a> {
    fn add(&mut self, day: i64, since: i64, by: By<'a>, place: Place, act: Act<'a>) {
        self.found.push(Found { day, since, by, place, act });
    }

    /// Something that is nobody's own business: Cairn enters it at the beginning, the clerk later.
    fn note(&mut self, since: i64, place: Place, act: Act<'a>) {
        let day = since.clamp(BEGINNING, LATEST);
        let by = if day == BEGINNING { By::System } else { By::Person(self.data.clerk(day)) };
        self.add(day, since, by, place, act);
    }

    fn people(&mut self) {
        for (place, person) in self.data.people.iter() {
            self.note(added(person), place, Act::AddPerson(person));
            if person.account {
                let day = person.starts.clamp(BEGINNING, LATEST);
                self.add(day, person.starts, By::System, place, Act::GrantAccount(person));
            }
            let Some(last) = person.ends.filter(|last| *last <= LATEST) else { continue };
            self.note(workday(last - NOTICE), place, Act::GiveNotice(person));
            self.note(last, place, Act::Deactivate(person));
            self.note(last + 1, place, Act::SetManager(&person.key, None, last + 1));
        }
    }

    /// A team that is older than the one above it begins below the nearest that is there already.
    fn teams(&mut self) {
        for (place, team) in self.data.teams.iter() {
            let formed = team.formed.max(BEGINNING);
            let above = || std::iter::successors(self.above(team), |team| self.above(team));
            let first = above().find(|above| above.formed.max(BEGINNING) <= formed).map(|above| above.key.as_str());
            let later = above().next().filter(|above| above.formed.max(BEGINNING) > formed).map(|above| above.formed);
            // In the order of the file, in which no team stands before the one above it.
            self.note(formed, place, Act::AddTeam(team, first));
            if let Some(later) = later {
                self.note(later, place, Act::MoveTeam(team));
            }
        }
    }

    fn above(&self, team: &data::Team) -> Option<&'a data::Team> {
        self.data.team(team.parent.as_ref()?)
    }

    fn memberships(&mut self) {
        for (place, membership) in self.data.memberships.iter() {
            let day = self.known(&membership.person, membership.from);
            let by = self.by(day);
            self.add(day, membership.from, by, place, Act::JoinTeam(membership));
            if membership.role == "lead" {
                self.add(day, membership.from, by, place, Act::LeadTeam(membership));
            }
            if let Some(until) = membership.until {
                self.note(until + 1, place, Act::LeaveTeam(membership));
            }
        }
    }

    fn lines(&mut self) {
        for (place, line) in self.data.lines.iter() {
            let day = self.known(&line.person, line.from);
            let act = Act::SetManager(&line.person, Some(&line.manager), line.from);
            self.add(day, line.from, self.by(day), place, act);
        }
    }

    /// The changes that one actor made to one person on one day are one step.
    fn changes(&mut self) {
        let mut groups = BTreeMap::new();
        for (place, change) in self.data.changes.iter() {
            let key = (change.at, change.person.as_str(), change.actor(), change.field.is_terms());
            groups.entry(key).or_insert((place, Vec::new())).1.push(change);
        }
        for ((day, person, actor, terms), (place, changes)) in groups {
            let act = if terms { Act::EditTerms(person, changes) } else { Act::EditProfile(person, changes) };
            self.add(day, day, By::Person(actor), place, act);
        }
    }

    fn exceptions(&mut self) {
        for (place, exception) in self.data.exceptions.iter() {
            let day = workday(exception.first - 5).min(LATEST);
            self.add(day, day, By::Person(&exception.person), place, Act::Except(exception));
        }
    }

    fn leave(&mut self) {
        for (place, leave) in self.data.leave.iter() {
            let here = |key: &str| self.data.person(key).map_or(BEGINNING, |person| person.starts);
            let receiver = leave.handover_to.as_deref();
            let earliest = here(&leave.person).max(receiver.map_or(BEGINNING, here)).max(BEGINNING + 1);
            let entered = workday(planned(leave)).max(earliest);
            self.add(entered, entered, By::Person(&leave.person), place, Act::EnterLeave(leave));
            if let Some(receiver) = receiver.filter(|_| leave.first <= 0) {
                let accepted = workday(leave.first - 4).max(entered);
                self.add(accepted, accepted, By::Person(receiver), place, Act::AcceptHandover(leave));
            }
        }
    }

    fn invitations(&mut self) {
        for (place, invitation) in self.data.invitations.iter() {
            self.add(invitation.sent, invitation.sent, By::Person(&invitation.by), place, Act::Invite(invitation));
        }
    }

    /// A manager starts the plan once the newcomer is entered, before anything of it is done.
    fn onboarding(&mut self) {
        for (place, template) in self.data.templates.iter() {
            self.add(template.written, template.written, By::Person(&template.by), place, Act::WriteTemplate(template));
        }
        for (place, plan) in self.data.plans.iter() {
            let newcomer = self.data.person(&plan.person);
            let manager = newcomer.and_then(|person| person.manager.as_deref()).unwrap_or(&self.data.about.clerk);
            let known = newcomer.map_or(BEGINNING, added);
            let first = plan.done.iter().map(|done| done.at).chain([plan.started, LATEST + 1]).min().unwrap_or(LATEST);
            let day = workday(first - 1).max(known);
            self.add(day, day, By::Person(manager), place, Act::StartPlan(plan));
            for done in &plan.done {
                self.add(done.at, done.at, By::Person(&done.by), place, Act::CompleteStep(plan, done));
            }
            for met in &plan.met {
                self.add(met.at, met.at, By::Person(&met.by), place, Act::MeetExpectations(plan, met));
            }
        }
    }

    fn norms(&mut self) {
        for (place, norms) in self.data.norms.iter() {
            self.add(norms.at, norms.at, By::Person(&norms.by), place, Act::SetNorms(norms));
        }
    }

    fn asks(&mut self) {
        for (place, ask) in self.data.asks.iter() {
            self.add(ask.at, ask.at, By::Person(&ask.by), place, Act::Ask(place.row, ask));
            for turn in &ask.turns {
                self.add(turn.at, turn.at, By::Person(&turn.by), place, Act::Turn(place.row, turn));
            }
        }
    }

    fn talk(&mut self) {
        for (place, thread) in self.data.talk.iter() {
            for (i, comment) in thread.say.iter().enumerate() {
                let (line, said) = ((place.row, i), &comment.said);
                let by = By::Person(&said.by);
                self.add(said.at, said.at, by, place, Act::Say(&thread.about, line, comment));
                if let Some(change) = &comment.edited {
                    self.add(change.at, change.at, by, place, Act::EditComment(line, change));
                }
                for reaction in &comment.react {
                    self.add(reaction.at, reaction.at, By::Person(&reaction.by), place, Act::React(line, reaction));
                }
            }
            if let Some(outcome) = &thread.resolve {
                let act = Act::Resolve(&thread.about, outcome);
                self.add(outcome.at, outcome.at, By::Person(&outcome.by), place, act);
            }
        }
    }

    fn one_on_ones(&mut self) {
        for (place, pair) in self.data.one_on_ones.iter() {
            for turn in &pair.turns {
                self.add(turn.at, turn.at, By::Person(&turn.by), place, Act::Meet(place.row, pair, turn));
            }
        }
    }

    fn together(&mut self) {
        for (place, one) in self.data.checkins.iter() {
            self.add(one.at, one.at, By::Person(&one.by), place, Act::CheckIn(place.row, one));
            for said in &one.answers {
                self.add(said.at, said.at, By::Person(&said.by), place, Act::AnswerCheckin(place.row, said));
            }
        }
        for (place, board) in self.data.boards.iter() {
            self.add(board.at, board.at, By::Person(&board.by), place, Act::LookBack(place.row, board));
            for one in &board.steps {
                self.add(one.at, one.at, By::Person(&one.by), place, Act::OnBoard(place.row, one));
            }
        }
        for (place, one) in self.data.hand_overs.iter() {
            self.add(one.at, one.at, By::Person(&one.by), place, Act::HandOver(one));
        }
    }

    fn forecasts(&mut self) {
        for (place, finishes) in self.data.finishes.iter() {
            for &day in &finishes.imports {
                self.add(day, day, By::Person(&finishes.by), place, Act::ImportFinishes(day, finishes));
            }
        }
        for (place, promise) in self.data.commitments.iter() {
            self.add(promise.at, promise.at, By::Person(&promise.by), place, Act::Promise(promise));
            for recount in &promise.recounts {
                self.add(recount.at, recount.at, By::Person(&promise.by), place, Act::Recount(promise, recount));
            }
        }
    }

    fn by(&self, day: i64) -> By<'a> {
        if day == BEGINNING { By::System } else { By::Person(self.data.clerk(day)) }
    }

    /// When something about a person was entered that holds from this day: with the person, if from their first day.
    fn known(&self, key: &str, from: i64) -> i64 {
        let newcomer = self.data.person(key).filter(|person| person.starts == from);
        newcomer.map_or(from, added).clamp(BEGINNING, LATEST)
    }

    fn in_order(mut self) -> Result<Vec<Step<'a>>> {
        let mut timed = Vec::new();
        let mut order = Order::default();
        for found in std::mem::take(&mut self.found) {
            timed.push((order.after_its_cause(&found, self.second(&found)?), found));
        }
        timed.sort_by_key(|(second, found)| (found.day, found.act.stage(), *second, found.since, found.act.rank()));
        let mut steps: Vec<Step<'a>> = Vec::new();
        for (second, Found { day, by, place, act, .. }) in timed {
            let wanted = instant(self.reference, day, second)?;
            let at = steps.last().map_or(wanted, |last| wanted.max(last.at + std::time::Duration::from_secs(41)));
            steps.push(Step { at, by, place, act });
        }
        Ok(steps)
    }

    /// The second of the UTC day on which it is morning for the actor, or evening for what ends the day.
    fn second(&self, found: &Found<'_>) -> Result<i64> {
        let By::Person(key) = found.by else { return Ok(MORNING) };
        let zone =
            self.data.person(key).map_or(TimeZone::UTC, |person| TimeZone::get(&person.zone).unwrap_or(TimeZone::UTC));
        let offset = zone.to_offset(instant(self.reference, found.day, MORNING)?.timestamp()).seconds();
        let later = (found.day * 47).rem_euclid(120) * 60;
        let local = match (&found.act, found.act.time()) {
            (_, Some(time)) => i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60,
            (Act::Deactivate(_), None) => EVENING + later,
            _ => MORNING + later,
        };
        Ok((local - i64::from(offset)).rem_euclid(DAY))
    }
}

/// When a person was entered.
fn added(person: &data::Person) -> i64 {
    workday(person.starts - ENTERED_BEFORE).max(BEGINNING)
}

/// When a leave was planned: long ones early; what is still far away, in the last weeks.
fn planned(leave: &data::Leave) -> i64 {
    let before = match leave.kind.as_str() {
        "sick" => 0,
        "parental" => 90,
        "sabbatical" => 180,
        "public_duty" => 12,
        _ => 24,
    };
    let day = leave.first - before;
    if day <= LATEST { day } else { -2 - leave.first.rem_euclid(23) }
}

/// The day, or the Friday before it: day 0 is a Tuesday.
fn workday(day: i64) -> i64 {
    match day.rem_euclid(7) {
        4 => day - 1,
        5 => day - 2,
        _ => day,
    }
}

fn instant(reference: Date, day: i64, second: i64) -> Result<Time> {
    let date = reference.checked_add(day.days()).map_err(kernel::Error::internal)?;
    let midnight = date.to_zoned(TimeZone::UTC).map_err(kernel::Error::internal)?;
    Ok(Time::from(midnight.timestamp()) + std::time::Duration::from_secs(second.unsigned_abs()))
}
