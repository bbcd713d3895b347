use super::{Issue, SELECT, VISIBLE, labels_of, page, topic};
use crate::{label::Label, team::Category};
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, sql};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, empty, html, team_tabs};

/// Issues in the order of their rank, a page at a time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListIssues {
    /// Only those of this team.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Only those that this person is to do.
    #[serde(default)]
    pub assignee: Option<Id<Person>>,
    /// Also those that are done or cancelled.
    #[serde(default)]
    pub finished: bool,
    /// Where the page before ended, as its `next` says.
    #[serde(default)]
    pub after: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IssuePage {
    pub issues: Vec<Listed>,
    /// What to give as `after` for the next page, if there is one.
    pub next: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Listed {
    #[serde(flatten)]
    pub issue: Issue,
    pub labels: Vec<Label>,
}

const PAGE: usize = 50;

impl Operation for ListIssues {
    const NAME: &str = "issue.list";
    const ROUTE: Route = Route(Get, "/issues");
    const READS: bool = true;
    type Target = ();
    type Output = IssuePage;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if let Some(person) = self.assignee {
            people::person::Record::visible(tx, person).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<IssuePage> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and i.deleted_at is null and (cast($3 as text) is null or i.team_id = $3)
             and (cast($4 as text) is null or i.assignee_id = $4) and ($5 or i.finished_at is null)
             and (i.rank, i.id) > ($6, $7) order by i.rank, i.id limit $8"
        );
        let (rank, id) = self.after.as_deref().and_then(|after| after.split_once(' ')).unwrap_or_default();
        let mut issues: Vec<Issue> = tx
            .all(
                select,
                args![
                    tx.workspace(),
                    tx.actor().belongs(),
                    self.team,
                    self.assignee,
                    self.finished,
                    rank,
                    id,
                    PAGE as i64 + 1,
                ],
            )
            .await?;
        let more = issues.len() > PAGE;
        issues.truncate(PAGE);
        let next = issues.last().filter(|_| more).map(|last| format!("{} {}", last.rank, last.id));
        Ok(IssuePage { issues: with_labels(tx, issues).await?, next })
    }
}

pub(super) async fn with_labels(tx: &mut Tx<'_>, issues: Vec<Issue>) -> Result<Vec<Listed>> {
    let ids: Vec<Id<Issue>> = issues.iter().map(|issue| issue.id).collect();
    let mut labels = labels_of(tx, &ids).await?;
    let mut take = |id| labels.extract_if(.., |(of, _)| *of == id).map(|(_, label)| label).collect();
    Ok(issues.into_iter().map(|issue| Listed { labels: take(issue.id), issue }).collect())
}

/// `GET /teams/{team}/issues`
pub async fn of_team(cx: Cx) -> Answer {
    let team: Id<Team> = cx.text("team").parse()?;
    let view = cx.read(team::ShowTeam { team }).await?;
    let list = cx.read_here::<ListIssues>().await?;
    let home = format!("/teams/{team}");
    let actions = html! {
        a.button href={ (home) "/issues/settings" } { "States and keys" }
        a.button.primary href={ "/issues/new?team=" (team) } data-key="c" data-key-label="New issue" { "New issue" kbd { "C" } }
    };
    let crumbs = vec![("/teams", "Teams"), (home.as_str(), view.team.name.as_str())];
    let body = html! {
        (Head { crumbs, title: "Issues", lead: "What this team is to do, in its order.", actions: Some(actions), ..Head::default() }.show())
        (team_tabs(&cx, team))
        (shown(&cx, &list, &format!("/issues/new?team={team}")))
    };
    Ok(cx.live_page(&format!("Issues of {}", view.team.name), &[&topic(team)], body))
}

/// `GET /issues`
pub async fn everywhere(cx: Cx) -> Answer {
    let list = cx.read_here::<ListIssues>().await?;
    let actions = html! {
        a.button href="/labels" { "Labels" }
        a.button.primary href="/issues/new" data-key="c" data-key-label="New issue" { "New issue" kbd { "C" } }
    };
    let body = html! {
        (Head { title: "Issues", lead: "What all teams are to do.", actions: Some(actions), ..Head::default() }.show())
        (shown(&cx, &list, "/issues/new"))
    };
    Ok(cx.live_page("Issues", &["issue"], body))
}

fn shown(cx: &Cx, list: &IssuePage, new: &str) -> Markup {
    let finished = cx.text("finished") == "true";
    html! {
        nav.segments aria-label="Which issues" {
            a href=(cx.path) aria-current=[(!finished).then_some("true")] { "Open" }
            a href={ (cx.path) "?finished=true" } aria-current=[finished.then_some("true")] { "All" }
        }
        @if list.issues.is_empty() { (empty("Nothing is to be done here.", Some((new, "New issue")))) }
        @else { section.card { (table(cx, &list.issues)) } }
        @if let Some(next) = &list.next {
            @let query = form_urlencoded::Serializer::new(String::new()).extend_pairs([("after", next.as_str()), ("finished", if finished { "true" } else { "false" })]).finish();
            (ui::load_more(Some(&format!("{}?{query}", cx.path))))
        }
    }
}

/// The rows of a list.
pub(super) fn table(cx: &Cx, issues: &[Listed]) -> Markup {
    html! {
        table.data.listed.issues {
            caption.vh { "Issues" }
            thead { tr {
                th scope="col" { "Key" } th.w-full scope="col" { "Title" } th scope="col" { "State" } th.n scope="col" { "Estimate" }
                th scope="col" { "In state" } th scope="col" { "Assignee" }
            } }
            tbody { @for Listed { issue, labels } in issues { tr id={ "issue-" (issue.id) } {
                td.muted.nowrap { (issue.key) }
                td data-label="Title" {
                    a href=(issue.href()) { (issue.title) }
                    @for label in labels { " " (super::label_chip(&label.name, label.hue)) }
                    @if issue.blocked_since.is_some() { " " (chip("bad", "Blocked")) }
                }
                td data-label="State" { (chip(issue.category.look(), &issue.state_name)) }
                td.n data-label="Estimate" { (issue.size().unwrap_or_default()) }
                td.muted.nowrap data-label="In state" { @if issue.category == Category::Started { (page::days(cx.now(), issue.state_since)) } }
                td data-label="Assignee" { @if let (Some(id), Some(name)) = (&issue.assignee_id, &issue.assignee_name) { (ui::person_link(id, name)) } }
            } } }
        }
    }
}
