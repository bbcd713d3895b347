//! The records that are asked for, and those who ask.
use super::{
    ids::{first_id, leave_of, made, plan_of, step_of, token_of, unknown},
    issues::Kept,
    rituals::{Asked, Looked, left},
    roadmap::Planned,
    talk::{askable_next_door, asked, asked_next_door, asks_of, comments_of, said},
};
use kernel::{Actor, Door, Json, Role, json};
use testkit::{World, with_token};

/// Stands in an input for the id of whoever asks.
pub const ONESELF: &str = "$self";

/// One record of a kind, by what it is to the personas.
pub type Record = (&'static str, String);

pub struct Ground {
    pub people: Vec<Record>,
    pub teams: Vec<Record>,
    pub leaves: Vec<Record>,
    pub plans: Vec<Record>,
    /// A plan and a step, with a comma between.
    pub steps: Vec<Record>,
    /// Like `steps`, of what a newcomer is expected to know.
    pub expectations: Vec<Record>,
    /// A day with which a phase of the first template ends.
    pub phase_day: Json,
    pub templates: Vec<Record>,
    pub template_steps: Vec<Record>,
    pub calendars: Vec<Record>,
    pub tokens: Vec<Record>,
    pub sessions: Vec<Record>,
    pub invitations: Vec<Record>,
    pub jobs: Vec<Record>,
    pub asks: Vec<Record>,
    /// Those who have an account, which is what one needs to be asked.
    pub askable: Vec<Record>,
    pub shifts: Vec<Record>,
    pub comments: Vec<Record>,
    pub repositories: Vec<Record>,
    pub identities: Vec<Record>,
    pub hooks: Vec<Record>,
    pub connections: Vec<Record>,
    pub annotations: Vec<Record>,
    pub issues: Vec<Record>,
    pub states: Vec<Record>,
    pub labels: Vec<Record>,
    pub custom_fields: Vec<Record>,
    /// The field and the choice, with a comma between.
    pub custom_choices: Vec<Record>,
    /// What undoes a change of an issue.
    pub batches: Vec<Record>,
    /// What undoes a decision about an issue in triage.
    pub triage_batches: Vec<Record>,
    pub automations: Vec<Record>,
    pub automation_runs: Vec<Record>,
    pub issue_templates: Vec<Record>,
    pub intake_forms: Vec<Record>,
    pub recurrences: Vec<Record>,
    pub views: Vec<Record>,
    pub issue_imports: Vec<Record>,
    pub outsiders: Vec<Record>,
    pub sprints: Vec<Record>,
    pub projects: Vec<Record>,
    pub milestones: Vec<Record>,
    pub initiatives: Vec<Record>,
    pub judgements: Vec<Record>,
    pub weightings: Vec<Record>,
    pub share_plans: Vec<Record>,
    pub debts: Vec<Record>,
    pub debt_versions: Vec<Record>,
    /// Rows of the ledger of a running sprint.
    pub scope_changes: Vec<Record>,
    pub refinements: Vec<Record>,
    /// Issues in a round, and what was asked about them.
    pub refinement_items: Vec<Record>,
    pub questions: Vec<Record>,
    pub plannings: Vec<Record>,
    pub planning_proposals: Vec<Record>,
    pub planning_objections: Vec<Record>,
    /// Reviews of sprints, and what is shown there.
    pub sprint_reviews: Vec<Record>,
    pub sprint_review_items: Vec<Record>,
    pub one_on_ones: Vec<Record>,
    pub points: Vec<Record>,
    pub promises: Vec<Record>,
    pub checkins: Vec<Record>,
    pub rounds: Vec<Record>,
    /// An entry and a question of its check-in, with a comma between.
    pub entries: Vec<Record>,
    pub blockers: Vec<Record>,
    /// A board that collects, and one at which topics are grouped.
    pub boards: Vec<Record>,
    pub ended_boards: Vec<Record>,
    pub guest_links: Vec<Record>,
    pub hand_overs: Vec<Record>,
    /// A board and a column of it, with a comma between.
    pub board_columns: Vec<Record>,
    pub cards: Vec<Record>,
    pub topics: Vec<Record>,
    pub actions: Vec<Record>,
    pub commitments: Vec<Record>,
    /// A team and a file of finish dates, with a comma between.
    pub finish_imports: Vec<Record>,
    pub personas: Vec<(&'static str, Actor)>,
}

pub const ELSEWHERE: &str = "in another workspace";
pub const UNKNOWN: &str = "that does not exist";

/// The records that this workspace or the one next door has.
struct Place {
    person: String,
    team: String,
    leave: String,
    plan: String,
    step: String,
    template: String,
    template_step: String,
    calendar: String,
    token: String,
    invitation: String,
    ask: String,
    askable: String,
    shift: String,
    comment: String,
    repository: String,
    identity: String,
    hook: String,
    connection: String,
    annotation: String,
    commitment: String,
    finish_import: String,
    pair: Pair,
    checkin: Asked,
    board: Looked,
    hand_over: String,
    kept: Kept,
    planned: Planned,
}

impl Ground {
    pub async fn of(world: &World) -> Ground {
        let neighbour = world.neighbour().await.owner;
        let elsewhere = Place::next_door(world, &neighbour).await;
        let here = Place::here(world).await;
        let person = |key: &str| world.person(key).to_string();
        let leave = async |key: &str| leave_of(world, key).await;
        let with = |mut records: Vec<Record>, elsewhere: &str| {
            records.extend([(ELSEWHERE, elsewhere.to_owned()), (UNKNOWN, unknown(elsewhere))]);
            records
        };
        let people = vec![
            ("oneself", ONESELF.to_owned()),
            ("dele, who reports to mara", here.person),
            ("mara", person("mara")),
            ("grace, a guest", person("grace")),
            ("hanneke, the owner", person("hanneke")),
            ("paula, who left", person("paula")),
        ];
        let plan_of = async |key: &str| plan_of(world, key).await;
        let (ipek, ipek_step) = plan_of("ipek").await;
        let (camila, _) = plan_of("camila").await;
        let session = world.signed_in(world.workspace(), world.person("priya")).await.1.to_string();
        let system = world.system();
        let plan =
            world.ask(&system, "onboarding.show", json!({ "plan": here.plan })).await.expect("the plan is shown");
        let expectation =
            plan["steps"].as_array().and_then(|all| all.iter().find(|step| step["kind"] == "expectation"));
        let expectation = expectation.and_then(|step| step["id"].as_str()).expect("the plan expects something");
        let template = json!({ "template": here.template });
        let template = world.ask(&system, "onboarding_template.show", template).await.expect("the template is shown");
        let job = world.ask(&world.system(), "job.list", json!({})).await;
        let job = job.ok().and_then(|jobs| jobs[0]["id"].as_str().map(str::to_owned));
        Ground {
            people: with(people, &elsewhere.person),
            teams: with(
                vec![("payments, led by mara", here.team), ("ledger", world.team("ledger").to_string())],
                &elsewhere.team,
            ),
            leaves: with(
                vec![
                    ("of priya", leave("priya").await),
                    ("of dele", here.leave),
                    ("of mara", leave("mara").await),
                    ("of tomasz, handed to priya", leave("tomasz").await),
                ],
                &elsewhere.leave,
            ),
            plans: with(
                vec![
                    ("of dele, with mara and priya", here.plan.clone()),
                    ("of camila", camila),
                    ("of ipek", ipek.clone()),
                ],
                &elsewhere.plan,
            ),
            steps: with(
                vec![
                    ("of dele, with mara and priya", format!("{},{}", here.plan, here.step)),
                    ("of ipek", format!("{ipek},{ipek_step}")),
                    ("of ipek, under the plan of dele", format!("{},{ipek_step}", here.plan)),
                ],
                &format!("{},{}", elsewhere.plan, elsewhere.step),
            ),
            expectations: vec![("of dele, with mara and priya", format!("{},{expectation}", here.plan))],
            phase_day: template["phases"][0]["day"].clone(),
            templates: with(vec![("here", here.template.clone())], &elsewhere.template),
            template_steps: with(
                vec![("here", format!("{},{}", here.template, here.template_step))],
                &format!("{},{}", elsewhere.template, elsewhere.template_step),
            ),
            calendars: with(vec![("here", here.calendar)], &elsewhere.calendar),
            tokens: with(vec![("of priya", here.token)], &elsewhere.token),
            sessions: with(vec![("of priya", session)], &neighbour.session.expect("they signed in").to_string()),
            invitations: with(vec![("here", here.invitation)], &elsewhere.invitation),
            jobs: job.map(|id| ("here", id)).into_iter().chain([(UNKNOWN, unknown(""))]).collect(),
            askable: with(vec![("dele", person("dele"))], &elsewhere.askable),
            asks: with(asks_of(world, here.ask).await, &elsewhere.ask),
            repositories: with(vec![("of payments", here.repository)], &elsewhere.repository),
            hooks: with(vec![("of github", here.hook)], &elsewhere.hook),
            connections: with(vec![("of github", here.connection)], &elsewhere.connection),
            annotations: with(vec![("of payments", here.annotation)], &elsewhere.annotation),
            commitments: with(vec![("of payments", here.commitment)], &elsewhere.commitment),
            finish_imports: with(vec![("of payments", here.finish_import)], &elsewhere.finish_import),
            identities: with(identities_of(world, here.identity).await, &elsewhere.identity),
            issues: with(vec![("of payments", here.kept.issue)], &elsewhere.kept.issue),
            states: with(vec![("of payments", here.kept.state)], &elsewhere.kept.state),
            labels: with(vec![("of payments", here.kept.label)], &elsewhere.kept.label),
            custom_choices: with(
                vec![("of payments", format!("{},{}", here.kept.field.0, here.kept.field.1))],
                &format!("{},{}", elsewhere.kept.field.0, elsewhere.kept.field.1),
            ),
            custom_fields: with(vec![("of payments", here.kept.field.0)], &elsewhere.kept.field.0),
            batches: with(vec![("of priya", here.kept.batch)], &elsewhere.kept.batch),
            automations: with(vec![("of payments", here.kept.ruled.automation)], &elsewhere.kept.ruled.automation),
            automation_runs: with(vec![("of payments", here.kept.ruled.run)], &elsewhere.kept.ruled.run),
            issue_templates: with(vec![("of payments", here.kept.ruled.template)], &elsewhere.kept.ruled.template),
            intake_forms: with(vec![("of payments", here.kept.intake_form)], &elsewhere.kept.intake_form),
            recurrences: with(vec![("of payments", here.kept.ruled.recurrence)], &elsewhere.kept.ruled.recurrence),
            triage_batches: with(vec![("of priya", here.kept.triage_batch)], &elsewhere.kept.triage_batch),
            views: with(
                vec![("of payments", here.kept.view), ("of priya alone", here.kept.own_view)],
                &elsewhere.kept.view,
            ),
            issue_imports: with(vec![("here", here.kept.issue_import)], &elsewhere.kept.issue_import),
            outsiders: with(vec![("of jira", here.kept.outsider)], &elsewhere.kept.outsider),
            sprints: with(vec![("of payments", here.kept.sprint)], &elsewhere.kept.sprint),
            projects: with(vec![("of priya, with payments", here.planned.project)], &elsewhere.planned.project),
            initiatives: with(vec![("of priya", here.planned.initiative)], &elsewhere.planned.initiative),
            judgements: with(vec![("of priya, with payments", here.planned.judgement)], &elsewhere.planned.judgement),
            debts: with(vec![("of priya, with payments", here.planned.debt)], &elsewhere.planned.debt),
            debt_versions: with(
                vec![("of priya, with payments", here.planned.debt_version)],
                &elsewhere.planned.debt_version,
            ),
            share_plans: with(vec![("of payments", here.planned.share_plan)], &elsewhere.planned.share_plan),
            weightings: with(vec![("of payments", here.planned.weighting)], &elsewhere.planned.weighting),
            milestones: with(vec![("of priya, with payments", here.planned.milestone)], &elsewhere.planned.milestone),
            scope_changes: with(vec![("of priya", here.kept.scope_change)], &elsewhere.kept.scope_change),
            refinements: with(vec![("of payments", here.kept.refinement.round)], &elsewhere.kept.refinement.round),
            refinement_items: with(vec![("of payments", here.kept.refinement.item)], &elsewhere.kept.refinement.item),
            questions: with(vec![("of priya", here.kept.refinement.question)], &elsewhere.kept.refinement.question),
            plannings: with(vec![("of payments", here.kept.planned.planning)], &elsewhere.kept.planned.planning),
            planning_proposals: with(vec![("of priya", here.kept.planned.proposal)], &elsewhere.kept.planned.proposal),
            planning_objections: with(
                vec![("of priya", here.kept.planned.objection)],
                &elsewhere.kept.planned.objection,
            ),
            sprint_reviews: with(vec![("of payments", here.kept.reviewed.review)], &elsewhere.kept.reviewed.review),
            sprint_review_items: with(vec![("of payments", here.kept.reviewed.item)], &elsewhere.kept.reviewed.item),
            one_on_ones: with(vec![("of dele and mara", here.pair.one_on_one)], &elsewhere.pair.one_on_one),
            points: with(vec![("of dele and mara", here.pair.point)], &elsewhere.pair.point),
            promises: with(vec![("of mara to dele", here.pair.promise)], &elsewhere.pair.promise),
            checkins: with(vec![("of payments", here.checkin.checkin)], &elsewhere.checkin.checkin),
            rounds: with(vec![("of payments", here.checkin.round)], &elsewhere.checkin.round),
            entries: with(vec![("of mara", here.checkin.entry)], &elsewhere.checkin.entry),
            blockers: with(vec![("of mara, priya is asked", here.checkin.blocker)], &elsewhere.checkin.blocker),
            boards: with(vec![("of payments", here.board.board)], &elsewhere.board.board),
            hand_overs: with(vec![("of payments", here.hand_over)], &elsewhere.hand_over),
            ended_boards: with(vec![("of payments", here.board.ended)], &elsewhere.board.ended),
            guest_links: with(vec![("of payments", here.board.link)], &elsewhere.board.link),
            board_columns: with(vec![("of payments", here.board.column)], &elsewhere.board.column),
            cards: with(vec![("of mara", here.board.card)], &elsewhere.board.card),
            topics: with(vec![("of payments", here.board.topic)], &elsewhere.board.topic),
            actions: with(vec![("of mara", here.board.action)], &elsewhere.board.action),
            shifts: with(vec![("of dele", here.shift)], &elsewhere.shift),
            comments: with(comments_of(world, here.comment, &here.plan).await, &elsewhere.comment),
            personas: personas(world, neighbour).await,
        }
    }
}

async fn personas(world: &World, neighbour: Actor) -> Vec<(&'static str, Actor)> {
    let mut all = vec![("nobody", Actor::stranger(world.workspace(), Door::Page))];
    for key in ["grace", "priya", "mara", "ngozi", "camila", "wanjiru", "joana", "hanneke", "farah", "ebru"] {
        let session = Some(world.signed_in(world.workspace(), world.person(key)).await.1);
        all.push((key, Actor { session, ..world.actor(key).await }));
    }
    let owner = world.actor("hanneke").await;
    let roles = [Role::Member].into_iter().collect();
    let left = Actor { person: world.person("paula"), roles, epoch: 1, ..world.actor("priya").await };
    all.extend([
        ("paula", left),
        ("*:read", with_token(&owner, &["*:read"])),
        ("team:w", with_token(&owner, &["team:write"])),
        ("other", neighbour),
    ]);
    all
}

impl Place {
    async fn here(world: &World) -> Place {
        let (mara, joana) = (world.actor("mara").await, world.actor("joana").await);
        let template = first_id(world, &joana, "onboarding_template.list", json!({})).await;
        let begin = json!({ "person": world.person("dele"), "template": template, "buddy": world.person("priya"), "starts_on": "2026-03-23" });
        let plan = made(world, &mara, "onboarding.start", begin).await;
        let (repository, identity) = repository(world, &joana, world.team("payments").as_str()).await;
        let (commitment, finish_import) = promise(world, &mara, world.team("payments").as_str()).await;
        let hook = json!({ "system": "github", "name": "Northwind" });
        Place {
            kept: Kept::of(world, (&world.actor("priya").await, &joana), world.team("payments").as_str()).await,
            planned: Planned::of(world, (&world.actor("priya").await, &mara), world.team("payments").as_str()).await,
            repository,
            identity,
            hook: made(world, &joana, "hook.add", hook).await,
            connection: made(world, &joana, "connection.add", connection()).await,
            annotation: made(world, &mara, "annotation.add", annotation(world.team("payments").as_str())).await,
            pair: Pair::of(world, &mara, world.person("dele").as_str(), "report").await,
            checkin: Asked::of(world, &mara, world.team("payments").as_str(), world.person("priya").as_str()).await,
            board: Looked::of(world, &mara, world.team("payments").as_str()).await,
            hand_over: left(world, &mara, world.team("payments").as_str()).await,
            commitment,
            finish_import,
            person: world.person("dele").to_string(),
            team: world.team("payments").to_string(),
            leave: leave_of(world, "dele").await,
            step: step_of(world, &mara, "onboarding.show", json!({ "plan": plan })).await,
            plan,
            template_step: step_of(world, &joana, "onboarding_template.show", json!({ "template": template })).await,
            template,
            calendar: made(world, &joana, "holiday_calendar.import", calendar()).await,
            token: token_of(world, &world.actor("priya").await).await,
            invitation: first_id(world, &joana, "invitation.list", json!({})).await,
            ask: asked(world, "mara", "priya").await,
            askable: world.person("dele").to_string(),
            comment: said(world, &mara, "team", world.team("payments").as_str()).await,
            shift: made(world, &mara, "on_call.enter", shift(&world.person("dele").to_string())).await,
        }
    }

    async fn next_door(world: &World, owner: &Actor) -> Place {
        let add = json!({ "name": "Nils Next-Door", "zone": "UTC", "email": "nils@nextdoor.example" });
        let person = made(world, owner, "person.add", add).await;
        let template = made(world, owner, "onboarding_template.add", json!({ "name": "Next door" })).await;
        let view =
            world.ask(owner, "onboarding_template.show", json!({ "template": template })).await.expect("it is shown");
        let input = json!({ "template": template, "phase": view["phases"][0]["day"], "title": "Next door" });
        world.ask(owner, "onboarding_template.add_step", input).await.expect("the step is added");
        let plan = json!({ "person": person, "template": template, "starts_on": "2026-03-23" });
        let plan = made(world, owner, "onboarding.start", plan).await;
        let leave = json!({ "person": person, "kind": "holiday", "first_on": "2026-06-01" });
        let askable = askable_next_door(world, owner).await;
        let invite = json!({ "person": person, "roles": ["member"] });
        world.ask(owner, "invitation.send", invite).await.expect("the invitation is sent");
        let team = made(world, owner, "team.add", json!({ "name": "Next door" })).await;
        let member = json!({ "team": team, "person": owner.person });
        world.ask(owner, "team.join", member).await.expect("the owner is on the team");
        let (repository, identity) = repository(world, owner, &team).await;
        let (commitment, finish_import) = promise(world, owner, &team).await;
        let hook = json!({ "system": "github", "name": "Next door" });
        Place {
            kept: Kept::of(world, (owner, owner), &team).await,
            planned: Planned::of(world, (owner, owner), &team).await,
            repository,
            identity,
            hook: made(world, owner, "hook.add", hook).await,
            connection: made(world, owner, "connection.add", connection()).await,
            annotation: made(world, owner, "annotation.add", annotation(&team)).await,
            pair: Pair::of(world, owner, &askable, "peers").await,
            checkin: Asked::of(world, owner, &team, &askable).await,
            board: Looked::of(world, owner, &team).await,
            hand_over: left(world, owner, &team).await,
            commitment,
            finish_import,
            comment: said(world, owner, "team", &team).await,
            team,
            leave: made(world, owner, "leave.enter", leave).await,
            step: step_of(world, owner, "onboarding.show", json!({ "plan": plan })).await,
            plan,
            template_step: step_of(world, owner, "onboarding_template.show", json!({ "template": template })).await,
            template,
            calendar: made(world, owner, "holiday_calendar.import", calendar()).await,
            token: token_of(world, owner).await,
            invitation: first_id(world, owner, "invitation.list", json!({})).await,
            ask: asked_next_door(world, owner, &askable).await,
            askable,
            shift: made(world, owner, "on_call.enter", shift(&person)).await,
            person,
        }
    }
}

/// A one-on-one, with a point and a promise of whoever began it.
struct Pair {
    one_on_one: String,
    point: String,
    promise: String,
}

impl Pair {
    async fn of(world: &World, by: &Actor, with: &str, kind: &str) -> Pair {
        let one_on_one = made(world, by, "one_on_one.start", json!({ "person": with, "kind": kind })).await;
        let point = json!({ "one_on_one": one_on_one, "body": "Said." });
        let promise = json!({ "one_on_one": one_on_one, "owner": by.person, "body": "Done by Friday" });
        Pair {
            point: made(world, by, "talking_point.add", point).await,
            promise: made(world, by, "promise.make", promise).await,
            one_on_one,
        }
    }
}

/// A server that may not be asked, so that no test reaches one.
fn connection() -> Json {
    json!({ "system": "github", "scope": "group", "path": "northwind", "address": "https://127.0.0.1", "token": "none" })
}

fn annotation(team: &str) -> Json {
    json!({ "team": team, "date": "2026-03-05", "text": "Release freeze" })
}

fn calendar() -> Json {
    let event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260401\r\nSUMMARY:Canal day\r\nEND:VEVENT";
    json!({ "name": "Canal days", "file": format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}\r\nEND:VCALENDAR\r\n") })
}

fn shift(person: &str) -> Json {
    json!({ "person": person, "from": "2026-03-20T09:00:00Z", "until": "2026-03-20T17:00:00Z" })
}

/// A repository of a team, and somebody who committed there and is nobody yet.
async fn repository(world: &World, by: &Actor, team: &str) -> (String, String) {
    let input = json!({ "name": "App", "location": "/srv/git/app", "team": team });
    let repository = made(world, by, "repository.add", input).await;
    let commits = [commit("1", "Sam Stranger", "sam@elsewhere.example"), commit("2", "P.", "priya@northwind.example")];
    let import = json!({ "repository": repository, "commits": commits });
    world.ask(by, "repository.import", import).await.expect("the commits are stored");
    let unknown = world.ask(by, "identity.list", json!({ "q": "sam@" })).await.expect("they are listed");
    (repository, unknown["identities"][0]["id"].as_str().expect("somebody committed").to_owned())
}

/// What a team promised, and a file of what it finished.
async fn promise(world: &World, by: &Actor, team: &str) -> (String, String) {
    let promise = json!({ "name": "The switch", "team": team, "promised_on": "2026-06-01", "items": 12 });
    let commitment = made(world, by, "commitment.add", promise).await;
    let file = json!({ "team": team, "name": "Old tracker", "file": "2026-03-01\n2026-03-02\n" });
    let imported = world.ask(by, "history.import", file).await.expect("the file is imported");
    let import = imported["import"].as_str().expect("an import has an id");
    (commitment, format!("{team},{import}"))
}

fn commit(digit: &str, name: &str, mail: &str) -> Json {
    json!({
        "hash": digit.repeat(40), "parents": [], "author": { "name": name, "mail": mail }, "authored_at": "2026-03-16T09:00:00Z",
        "committed_at": "2026-03-16T09:00:00Z", "committed_offset": 60, "subject": "Work", "changes": [],
    })
}

async fn identities_of(world: &World, unknown: String) -> Vec<Record> {
    let joined = world.ask(&world.system(), "identity.list", json!({ "which": "joined", "q": "priya@" })).await;
    let joined = joined.expect("they are listed")["identities"][0]["id"].as_str().expect("priya committed").to_owned();
    vec![("of nobody yet", unknown), ("of priya", joined)]
}
