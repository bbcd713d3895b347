//! Calls the operation of each step, at its time and as the person who did it.
mod asks;
mod forecasts;
mod issues;
mod onboarding;
mod one_on_ones;
mod plannings;
mod refinements;
mod reviews;
mod roadmap;
mod sprints;
mod talk;
mod together;

use crate::{
    Company,
    data::{self, Change, Data, Field},
    history::{Act, By, Step},
    picture,
};
use ::work::{issue::Issue, planning::Planning, refinement::Refinement, review::Review, sprint::Sprint};
use asks::Asks;
use base64::{Engine, engine::general_purpose::STANDARD};
use forecasting::commitment::Commitment;
use jiff::{ToSpan, civil::Date};
use kernel::{Actor, App, Error, Id, Json, Operation, Person, Result, calendar::Week, json, parse};
use onboarding::Onboarding;
use one_on_ones::OneOnOnes;
use people::{
    account::{GrantAccount, RenameWorkspace, invitation::SendInvitation, session::ResolvePerson},
    hours::SetException,
    leave::{AcceptHandover, EnterLeave, Leave},
    person::{AddPerson, DeactivatePerson, EditEmployment, EditProfile, SetPhoto},
    team::{AddTeam, EditTeam, JoinTeam, LeaveTeam, SetManager},
};
use roadmap::Roadmap;
use std::collections::BTreeMap;
use talk::Talk;
use together::Together;

pub struct Builder<'a> {
    app: &'a App,
    data: &'a Data,
    pub company: Company,
    /// By the person and the first day.
    leave: BTreeMap<(&'a str, i64), Id<Leave>>,
    onboarding: Onboarding<'a>,
    asks: Asks,
    talk: Talk,
    /// By the word of the file.
    issues: BTreeMap<&'a str, Issue>,
    /// By their names.
    sprints: BTreeMap<&'a str, Sprint>,
    /// By the row of the file.
    rounds: BTreeMap<usize, Refinement>,
    /// By the names of their sprints.
    plannings: BTreeMap<&'a str, Planning>,
    reviews: BTreeMap<&'a str, Review>,
    one_on_ones: OneOnOnes,
    together: Together,
    /// By their names.
    commitments: BTreeMap<&'a str, Id<Commitment>>,
    roadmap: Roadmap<'a>,
}

impl<'a> Builder<'a> {
    /// Names the workspace, at the time of the first step.
    pub async fn begin(app: &'a App, company: Company, data: &'a Data, history: &[Step<'_>]) -> Result<Builder<'a>> {
        if let Some(first) = history.first() {
            app.clock.set(first.at);
            if app.clock.now() != first.at {
                return Err(Error::internal("the sample company needs a clock that can be set"));
            }
        }
        let (leave, onboarding, asks, talk) = Default::default();
        let (issues, sprints, rounds, plannings, reviews) = Default::default();
        let (one_on_ones, together, commitments, roadmap) = Default::default();
        let builder = Builder {
            app,
            data,
            company,
            leave,
            onboarding,
            asks,
            talk,
            issues,
            sprints,
            rounds,
            plannings,
            reviews,
            one_on_ones,
            together,
            commitments,
            roadmap,
        };
        builder.call::<RenameWorkspace>(By::System, json!({ "name": data.about.name })).await?;
        Ok(builder)
    }

    /// What silence means comes at its own time, before the step.
    pub async fn take(&mut self, step: &Step<'a>) -> Result<()> {
        self.pass_to(step.at).await?;
        let by = step.by;
        match &step.act {
            Act::AddPerson(person) => self.add_person(by, person).await,
            Act::GrantAccount(person) => self.grant_account(by, person).await,
            Act::AddTeam(team, above) => self.add_team(by, team, *above).await,
            Act::MoveTeam(team) => self.move_team(by, team).await,
            Act::JoinTeam(membership) => self.join_team(by, membership).await,
            Act::LeaveTeam(membership) => self.leave_team(by, membership).await,
            Act::LeadTeam(membership) => self.lead_team(by, membership).await,
            Act::SetManager(person, manager, from) => self.set_manager(by, person, *manager, *from).await,
            Act::EditProfile(person, changes) => self.change::<EditProfile>(by, person, changes).await,
            Act::EditTerms(person, changes) => self.change::<EditEmployment>(by, person, changes).await,
            Act::GiveNotice(person) => self.give_notice(by, person).await,
            Act::Except(exception) => self.except(by, exception).await,
            Act::EnterLeave(leave) => self.enter_leave(by, leave).await,
            Act::AcceptHandover(leave) => self.accept_handover(by, leave).await,
            Act::Invite(invitation) => self.invite(by, invitation).await,
            Act::WriteTemplate(template) => self.write_template(by, template).await,
            Act::StartPlan(plan) => self.start_plan(by, plan).await,
            Act::CompleteStep(plan, done) => self.complete_step(by, plan, done).await,
            Act::MeetExpectations(plan, met) => self.meet_expectations(by, plan, met).await,
            Act::SetNorms(norms) => self.set_norms(by, norms).await,
            Act::Ask(row, ask) => self.raise(by, *row, ask).await,
            Act::Turn(row, turn) => self.turn(by, *row, turn).await,
            Act::Say(about, line, comment) => self.say(by, about, *line, comment).await,
            Act::EditComment(line, change) => self.edit(by, *line, change).await,
            Act::React(line, reaction) => self.react(by, *line, reaction).await,
            Act::Resolve(about, outcome) => self.resolve(by, about, outcome).await,
            Act::CreateIssue(issue) => self.create_issue(by, issue).await,
            Act::RelateIssue(issue) => self.relate_issue(by, issue).await,
            Act::MoveIssue(issue, one) => self.move_issue(by, issue, one).await,
            Act::PlanSprint(sprint) => self.plan_sprint(by, sprint).await,
            Act::StartSprint(sprint) => self.start_sprint(by, sprint).await,
            Act::ChangeScope(sprint, change) => self.change_scope(by, sprint, change).await,
            Act::CloseSprint(sprint) => self.close_sprint(by, sprint).await,
            Act::Refine(row, round) => self.refine(by, *row, round).await,
            Act::InRound(row, one) => self.in_round(by, *row, one).await,
            Act::BeginPlanning(row) => self.begin_planning(by, row).await,
            Act::InPlanning(row, one) => self.in_planning(by, row, one).await,
            Act::BeginReview(row) => self.begin_review(by, row).await,
            Act::InReview(row, one) => self.in_review(by, row, one).await,
            Act::SaveView(view) => self.save_view(by, view).await,
            Act::SettleTriage(triage) => self.settle_triage(by, triage).await,
            Act::TakeUp(habit) => self.take_up(by, habit).await,
            Act::Meet(row, pair, turn) => self.meet(by, *row, pair, turn).await,
            Act::CheckIn(row, one) => self.check_in(by, *row, one).await,
            Act::AnswerCheckin(row, said) => self.answer_checkin(by, *row, said).await,
            Act::LookBack(row, board) => self.look_back(by, *row, board).await,
            Act::OnBoard(row, one) => self.on_board(by, *row, one).await,
            Act::HandOver(one) => self.hand_over(by, one).await,
            Act::ImportFinishes(day, finishes) => self.import_finishes(by, *day, finishes).await,
            Act::Promise(promise) => self.promise(by, promise).await,
            Act::Recount(promise, recount) => self.recount(by, promise, recount).await,
            Act::BeginInitiative(row) => self.begin_initiative(by, row).await,
            Act::BeginProject(row) => self.begin_project(by, row).await,
            Act::GatherIssues(row) => self.gather_issues(by, row).await,
            Act::SayHealth(row, said) => self.say_health(by, row, said).await,
            Act::NoteDebt(row) => self.note_debt(by, row).await,
            Act::PlanShares(row) => self.plan_shares(by, row).await,
            Act::SetWeights(row) => self.set_weights(by, row).await,
            Act::JudgeProject(row, judged) => self.judge_project(by, row, judged).await,
            Act::Deactivate(person) => self.deactivate(by, person).await,
        }
    }

    async fn add_person(&mut self, by: By<'_>, person: &data::Person) -> Result<()> {
        // The last day of a permanent contract is not known yet.
        let ends = person.ends.filter(|_| person.employment != "permanent");
        let input = json!({
            "name": person.name,
            "pronouns": person.pronouns,
            "email": person.email,
            "employee_id": person.employee_id,
            "title": person.title,
            "level": person.level,
            "location": person.location,
            "zone": person.zone,
            "hours": person.hours,
            "holidays": person.country,
            "employment": person.employment,
            "starts_on": self.date(person.starts),
            "ends_on": ends.map(|day| self.date(day)),
            "about": person.about,
        });
        let added = self.call::<AddPerson>(by, input).await?;
        self.company.people.insert(person.key.clone(), added.id);
        if person.photo {
            let picture = STANDARD.encode(picture::portrait(&person.key)?);
            self.call::<SetPhoto>(By::System, json!({ "person": added.id, "picture": picture })).await?;
        }
        Ok(())
    }

    async fn grant_account(&self, by: By<'_>, person: &data::Person) -> Result<()> {
        let input = json!({ "person": self.person(&person.key)?, "roles": person.roles });
        self.call::<GrantAccount>(by, input).await
    }

    async fn invite(&self, by: By<'_>, invitation: &data::Invitation) -> Result<()> {
        let input = json!({ "person": self.person(&invitation.person)?, "roles": invitation.roles });
        self.call::<SendInvitation>(by, input).await.map(drop)
    }

    async fn set_manager(&self, by: By<'_>, person: &str, manager: Option<&str>, from: i64) -> Result<()> {
        let manager = manager.map(|key| self.person(key)).transpose()?;
        let input = json!({ "person": self.person(person)?, "manager": manager, "from_on": self.date(from) });
        self.call::<SetManager>(by, input).await
    }

    async fn give_notice(&self, by: By<'_>, person: &data::Person) -> Result<()> {
        let ends_on = person.ends.map(|day| self.date(day));
        let input = json!({ "person": self.person(&person.key)?, "ends_on": ends_on });
        self.call::<EditEmployment>(by, input).await.map(drop)
    }

    async fn deactivate(&self, by: By<'_>, person: &data::Person) -> Result<()> {
        self.call::<DeactivatePerson>(by, json!({ "person": self.person(&person.key)? })).await.map(drop)
    }

    async fn add_team(&mut self, by: By<'_>, team: &data::Team, above: Option<&str>) -> Result<()> {
        let parent = above.map(|key| self.team(key)).transpose()?;
        let input = json!({ "name": team.name, "parent": parent, "mission": team.mission, "about": team.about });
        let added = self.call::<AddTeam>(by, input).await?;
        self.company.teams.insert(team.key.clone(), added.id);
        Ok(())
    }

    async fn move_team(&self, by: By<'_>, team: &data::Team) -> Result<()> {
        let above = team.parent.as_deref().map(|key| self.team(key)).transpose()?;
        self.call::<EditTeam>(by, json!({ "team": self.team(&team.key)?, "parent": above })).await.map(drop)
    }

    async fn lead_team(&self, by: By<'_>, membership: &data::Membership) -> Result<()> {
        let (team, lead) = (self.team(&membership.team)?, self.person(&membership.person)?);
        self.call::<EditTeam>(by, json!({ "team": team, "lead": lead })).await.map(drop)
    }

    async fn join_team(&self, by: By<'_>, membership: &data::Membership) -> Result<()> {
        let input = json!({
            "team": self.team(&membership.team)?,
            "person": self.person(&membership.person)?,
            "position": position(&membership.role),
            "from_on": self.date(membership.from),
        });
        self.call::<JoinTeam>(by, input).await
    }

    async fn leave_team(&self, by: By<'_>, membership: &data::Membership) -> Result<()> {
        let input = json!({
            "team": self.team(&membership.team)?,
            "person": self.person(&membership.person)?,
            "until_on": membership.until.map(|last| self.date(last + 1)),
        });
        self.call::<LeaveTeam>(by, input).await
    }

    async fn change<O: Operation>(&self, by: By<'_>, person: &str, changes: &[&Change]) -> Result<()> {
        let mut input = json!({ "person": self.person(person)? });
        for change in changes {
            input[field(change.field)] = json!(change.after);
        }
        self.call::<O>(by, input).await.map(drop)
    }

    /// On the days of the span on which the person works at all.
    async fn except(&self, by: By<'_>, exception: &data::Exception) -> Result<()> {
        for day in exception.first..=exception.last {
            let date = self.date(day);
            let week: Week = self.data.hours_on(&exception.person, day).parse()?;
            if week.day(date.weekday()).minutes() > 0 {
                let person = self.person(&exception.person)?;
                let input = json!({ "person": person, "date": date, "hours": exception.hours, "note": exception.note });
                self.call::<SetException>(by, input).await?;
            }
        }
        Ok(())
    }

    async fn enter_leave(&mut self, by: By<'_>, leave: &'a data::Leave) -> Result<()> {
        let receiver = leave.handover_to.as_deref().map(|key| self.person(key)).transpose()?;
        let input = json!({
            "person": self.person(&leave.person)?,
            "kind": leave.kind,
            "first_on": self.date(leave.first),
            "last_on": self.date(leave.last),
            "hours": leave.part.as_deref().unwrap_or_default(),
            "note": leave.note,
            "handover_to": receiver,
            "handover_note": leave.handover,
        });
        let entered = self.call::<EnterLeave>(by, input).await?;
        self.leave.insert((&leave.person, leave.first), entered.id);
        Ok(())
    }

    async fn accept_handover(&self, by: By<'_>, leave: &data::Leave) -> Result<()> {
        let entered = self.leave.get(&(leave.person.as_str(), leave.first));
        let entered = entered.ok_or_else(|| Error::conflict("This leave was not entered before."))?;
        self.call::<AcceptHandover>(by, json!({ "leave": entered })).await.map(drop)
    }

    async fn call<O: Operation>(&self, by: By<'_>, input: Json) -> Result<O::Output> {
        let input: O = parse(input)?;
        self.app.call(&self.actor(by).await?, input).await
    }

    /// The person with the access that they have at this time.
    async fn actor(&self, by: By<'_>) -> Result<Actor> {
        let system = Actor::system(self.company.workspace);
        let By::Person(key) = by else { return Ok(system) };
        let person = self.person(key)?;
        let missing = |error| match error {
            Error::NotFound => Error::conflict(format!("`{key}` has no account on that day.")),
            other => other,
        };
        self.app.call(&system, ResolvePerson { person }).await.map_err(missing)?.actor(self.company.workspace)
    }

    fn person(&self, key: &str) -> Result<Id<Person>> {
        self.company.find_person(key)
    }

    fn team(&self, key: &str) -> Result<Id<kernel::Team>> {
        self.company.find_team(key)
    }

    fn date(&self, day: i64) -> Date {
        self.company.reference.saturating_add(day.days())
    }
}

/// What somebody is on a team, where neither the lead nor a plain member.
fn position(role: &str) -> String {
    match role {
        "lead" | "member" => String::new(),
        other => other[..1].to_uppercase() + &other[1..],
    }
}

/// The name of a field in the operation that changes it.
fn field(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Level => "level",
        Field::Employment => "employment",
        Field::Location => "location",
        Field::Country => "holidays",
        Field::Zone => "zone",
        Field::Hours => "hours",
    }
}
