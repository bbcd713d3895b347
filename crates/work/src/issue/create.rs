use super::{
    Issue, Priority, Which, change,
    change::Wanted,
    list::own_zone,
    page::{Choices, fields},
    project, topic,
};
use crate::{
    automation::{Cause, When, follow},
    custom::{self, Values},
    estimate::Estimate,
    label::Label,
    rank,
    sprint::Sprint,
    team::{Category, Kept, State, Work, states_of},
    template::{ListTemplates, ShowTemplate, Template},
    triage,
};
use jiff::civil::Date;
use kernel::{
    Actor, Change, Error, Id,
    Method::Post,
    Milestone, Operation, Person, Project, Result, Route, Team, Tx, args, json, sql,
    text::{Markdown, Name},
};
use people::person::{Record, choices::with_ids, folded};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Create an issue. A team and a title suffice.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateIssue {
    pub team: Id<Team>,
    pub title: Name<300>,
    /// Markdown.
    #[serde(default)]
    pub body: Markdown,
    /// A state of the team; its first one for new issues if left out: that of the backlog, else of triage; that of triage
    /// where the team wants to look first at what others file.
    #[serde(default)]
    pub state: Option<Id<State>>,
    #[serde(default)]
    pub assignee: Option<Id<Person>>,
    #[serde(default)]
    pub priority: Option<Priority>,
    #[serde(default)]
    pub estimate: Option<Estimate>,
    #[serde(default)]
    pub due_on: Option<Date>,
    /// The issue that this one is a part of.
    #[serde(default)]
    pub parent: Option<Which>,
    /// A sprint of the team that is planned or runs.
    #[serde(default)]
    pub sprint: Option<Id<Sprint>>,
    #[serde(default)]
    pub project: Option<Id<Project>>,
    /// A milestone of the project; it takes the issue into its project.
    #[serde(default)]
    pub milestone: Option<Id<Milestone>>,
    #[serde(default)]
    pub labels: Vec<Id<Label>>,
    /// What it holds in fields that were added to issues, by the ids of the fields.
    #[serde(default)]
    pub fields: Values,
    /// The titles of issues that are made below it, at most 20.
    #[serde(default)]
    pub below: Vec<Name<300>>,
    /// A template of the team: what is left out is taken from it.
    #[serde(default)]
    pub template: Option<Id<Template>>,
}

const MOST_BELOW: usize = 20;

impl Operation for CreateIssue {
    const NAME: &str = "issue.create";
    const ROUTE: Route = Route(Post, "/issues");
    type Target = (Kept, Option<Issue>);
    type Output = Issue;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let kept = Kept::visible(tx, self.team).await?;
        if let Some(person) = self.assignee {
            Record::visible(tx, person).await?;
        }
        for label in &self.labels {
            Label::visible(tx, *label).await?;
        }
        if let Some(sprint) = self.sprint {
            Sprint::visible(tx, sprint).await?;
        }
        custom::look_up(tx, &self.fields).await?;
        project::look_up(tx, &given(&self.project), &given(&self.milestone)).await?;
        if let Some(template) = self.template {
            Template::visible(tx, template, false).await?;
        }
        let parent = match &self.parent {
            Some(parent) => Some(Issue::visible(tx, parent, false).await?),
            None => None,
        };
        Ok((kept, parent))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (kept, parent): Self::Target) -> Result<Issue> {
        if kept.team.archived_at.is_some() {
            return Err(Error::invalid("team", "This team is archived and takes no more issues."));
        }
        Work::begun(tx, self.team, &kept.team.name).await?;
        let Some(template) = self.template else { return self.file(tx, parent).await };
        let template = Template::visible(tx, template, false).await?;
        if template.team_id != self.team {
            return Err(Error::invalid("template", "This is a template of another team."));
        }
        let zone = own_zone(tx).await?;
        let today = tx.now().date(&zone);
        let filled = template.content.fill(tx, self.clone(), today).await?;
        filled.file(tx, parent).await
    }
}

impl CreateIssue {
    /// As it is, in a team that keeps issues already.
    async fn file(&self, tx: &mut Tx<'_>, parent: Option<Issue>) -> Result<Issue> {
        let issue = self.begin(tx).await?;
        self.rest(tx, &issue, parent.map(|parent| parent.id)).await?;
        if self.below.len() > MOST_BELOW {
            return Err(Error::invalid("below", format!("Name at most {MOST_BELOW} issues below it.")));
        }
        for title in &self.below {
            let piece = CreateIssue::named(self.team, title.clone());
            let made = piece.begin(tx).await?;
            piece.rest(tx, &made, Some(issue.id)).await?;
        }
        Issue::visible(tx, &Which::Id(issue.id), false).await
    }

    /// With nothing but a title.
    pub(crate) fn named(team: Id<Team>, title: Name<300>) -> CreateIssue {
        CreateIssue {
            team,
            title,
            body: Markdown::default(),
            state: None,
            assignee: None,
            priority: None,
            estimate: None,
            due_on: None,
            parent: None,
            sprint: None,
            project: None,
            milestone: None,
            labels: Vec::new(),
            fields: Values::new(),
            below: Vec::new(),
            template: None,
        }
    }

    /// The issue with its number, title, text and state, in a team that keeps issues already.
    pub(super) async fn begin(&self, tx: &mut Tx<'_>) -> Result<Issue> {
        let number = next_number(tx, self.team).await?;
        let state = self.chosen_state(tx).await?;
        let id = self.insert(tx, number, &state).await?;
        let issue = Issue::visible(tx, &Which::Id(id), false).await?;
        tx.record("issue.created", id, json!({ "team": self.team, "key": issue.key }));
        follow(tx, &issue, &[When::Created], Cause::Somebody).await?;
        tx.touch(topic(self.team));
        Ok(issue)
    }

    async fn insert(&self, tx: &mut Tx<'_>, number: i64, state: &State) -> Result<Id<Issue>> {
        let id: Id<Issue> = tx.id();
        let last = sql!("select max(rank) from issues where workspace_id = $1 and team_id = $2");
        let last: Option<String> = tx.find(last, args![tx.workspace(), self.team]).await?.flatten();
        let rank = rank::between(last.as_deref(), None)?;
        let insert = sql!(
            "insert into issues (workspace_id, id, team_id, number, title, body, state_id, category, state_since, rank,
               creator_id, created_at, updated_at, opened_at, started_at, finished_at, words)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $9, $9, $9, $12, $13, $14)"
        );
        let finished_at = state.category.is_finished().then(|| tx.now());
        let started_at = if state.category == Category::Started { Some(tx.now()) } else { finished_at };
        let creator = (!tx.actor().is_system()).then(|| tx.me());
        let now = tx.now();
        tx.run(
            insert,
            args![
                tx.workspace(),
                id,
                self.team,
                number,
                self.title,
                self.body,
                state.id,
                state.category,
                now,
                rank,
                creator,
                started_at,
                finished_at,
                folded(&self.title),
            ],
        )
        .await?;
        change::stay(tx, id, state.id, now).await?;
        Ok(id)
    }

    async fn chosen_state(&self, tx: &mut Tx<'_>) -> Result<State> {
        let Some(chosen) = self.state else {
            return match triage::entrance(tx, self.team).await? {
                Some(state) => Ok(state),
                None => first_state(tx, self.team).await,
            };
        };
        let states = states_of(tx, self.team).await?;
        let found = states.into_iter().find(|state| state.id == chosen && state.archived_at.is_none());
        found.ok_or_else(|| Error::invalid("state", "This is no state of this team."))
    }

    /// What else was given at once is told like a change of it.
    async fn rest(&self, tx: &mut Tx<'_>, issue: &Issue, parent: Option<Id<Issue>>) -> Result<()> {
        let wanted = Wanted {
            assignee: given(&self.assignee),
            priority: self.priority,
            estimate: given(&self.estimate),
            due_on: given(&self.due_on),
            parent: given(&parent),
            sprint: given(&self.sprint),
            project: given(&self.project),
            milestone: given(&self.milestone),
            labels: (!self.labels.is_empty()).then(|| self.labels.clone()),
            custom: self.fields.clone(),
            ..Wanted::default()
        };
        let batch = tx.id();
        change::apply(tx, issue, &wanted, batch).await.map(drop)
    }
}

fn given<T: Clone>(one: &Option<T>) -> Change<T> {
    one.clone().map_or(Change::Keep, Change::Set)
}

/// Numbers have no gaps: the counter and the issue are saved together or not at all.
pub(super) async fn next_number(tx: &mut Tx<'_>, team: Id<Team>) -> Result<i64> {
    let update = sql!(
        "update work_teams set next_number = next_number + 1 where workspace_id = $1 and team_id = $2
         returning next_number - 1 as number"
    );
    tx.one(update, args![tx.workspace(), team]).await
}

/// Where a new issue of the team stands.
pub(super) async fn first_state(tx: &mut Tx<'_>, team: Id<Team>) -> Result<State> {
    let states = states_of(tx, team).await?;
    let of = |category: Category| states.iter().find(|one| one.category == category && one.archived_at.is_none());
    let found = of(Category::Backlog).or_else(|| of(Category::Triage)).or_else(|| of(Category::Unstarted));
    found.cloned().ok_or_else(|| Error::conflict("This team has no state in which an issue could begin."))
}

/// `GET /issues/new`
pub async fn new(cx: Cx) -> Answer {
    if !cx.actor().belongs() {
        return Err(Error::Forbidden.into());
    }
    let own = cx.viewer.team.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
    let text = |name: &str| cx.text(name).to_owned();
    let team = if cx.text("team").is_empty() { own } else { text("team") };
    let form = match cx.text("template").parse() {
        Ok(template) => cx.read(ShowTemplate { template }).await?.form(cx.today()),
        Err(_) => Form::of([
            ("team", team),
            ("title", text("title")),
            ("state", text("state")),
            ("assignee", text("assignee")),
            ("parent", text("parent")),
            ("sprint", text("sprint")),
            ("project", text("project")),
        ]),
    };
    let body = view(&cx, &form).await?;
    Ok(cx.page("New issue", body))
}

/// `POST /issues`
pub async fn save(form: Submitted) -> Answer {
    let lines = in_lines(&project::parted(&form), "below");
    let done = async {
        let form = with_ids(&lines, &["assignee"]).await?;
        let fields = custom::parted(&form).await?;
        form.change(CreateIssue { fields, ..form.input()? }).await
    }
    .await;
    match done {
        Ok(issue) => {
            let flash =
                Flash::says(format!("{} is created.", issue.key)).undo(format!("/issues/{}/deletion", issue.id));
            let next = format!("/issues/new?team={}", issue.team_id);
            let to = if form.text("another").is_empty() { issue.href() } else { next };
            Ok(form.go(&to, flash))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again("New issue", body))
        }
    }
}

/// The form with each line of a text as one of a list.
fn in_lines(form: &Submitted, field: &str) -> Submitted {
    let mut texts: Vec<(String, String)> = Vec::new();
    for (name, text) in &form.texts {
        match name == field {
            true => texts.extend(text.lines().map(|line| (name.clone(), line.trim().to_owned()))),
            false => texts.push((name.clone(), text.clone())),
        }
    }
    Submitted { cx: form.cx.clone(), texts }
}

/// The templates of the team, to begin with one of them.
async fn templates(cx: &Cx, team: Option<Id<Team>>) -> Result<Markup> {
    let Some(team) = team else { return Ok(html! {}) };
    let templates = cx.read(ListTemplates { team }).await?.templates;
    Ok(html! { @if !templates.is_empty() {
        nav.segments aria-label="Begin with a template" { @for template in &templates {
            a href={ "/issues/new?template=" (template.id) } aria-current=[(cx.text("template") == template.id.as_str()).then_some("true")] { (template.name) }
        } }
    } })
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let team = form.value("team").parse().ok();
    let choices = Choices::load(cx, team, form.value("assignee")).await?;
    let teams = people::person::choices::teams(cx).await?;
    let head = Head {
        crumbs: vec![("/issues", "Issues")],
        title: "New issue",
        lead: "A title is enough. All else can come later.",
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        (templates(cx, team).await?)
        form.form.wide method="post" action="/issues" data-guard {
            (ui::token(cx)) (form.summary())
            div.cols {
                div.stack { section.card { div.body { div.form.wide {
                    (form.text("title", "Title", ""))
                    (form.area("body", "Description", "Markdown. What is wanted, for whom, and how one sees that it is done.", 12))
                    @if !form.value("below").is_empty() { (form.area("below", "Issues below it", "One title a line; each becomes an issue of its own.", 4)) }
                    (form.optional("parent", "Part of", "The key of the issue that this one is a part of."))
                } } } }
                div.stack { section.card { div.body { div.form {
                    (form.combo("team", "Team", "", None, &teams))
                    (fields(form, &choices))
                } } } }
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Create the issue" }
                button.button name="another" value="yes" { "Create, and another one" }
                a.button.quiet href="/issues" { "Cancel" }
            }
        }
    })
}
