//! What an issue was before it came here: what was said, what changed, and what has no place of its own.
use super::Tracker;
use crate::issue::{Field, Issue, Which};
use kernel::{Actor, Error, Id, Json, Method::Get, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, ago, day_and_time, html, prose};

/// The past of an issue that was brought over: comments, changes and fields of its former tracker.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowFormer {
    pub issue: Which,
    /// How many comments and changes to leave out from the beginning.
    #[serde(default)]
    pub skip: Option<u32>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Former {
    pub issue: Issue,
    pub source: Tracker,
    pub key: String,
    /// What this program does not know, by the source's names.
    pub fields: Json,
    pub notes: Vec<Note>,
    /// The latest first.
    pub changes: Vec<Changed>,
    /// Issues to which it was related there and that are not here, each with what it is to it.
    pub waiting: Vec<Waiting>,
    /// Whether there are more comments or changes than these.
    pub more: bool,
}

/// A relation that waits for the other issue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "WaitingRelation")]
pub struct Waiting {
    /// `parent`, or what it is to the other one.
    pub kind: String,
    pub other: String,
}
columns!(Waiting { kind, other });

/// What somebody said.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "FormerNote")]
pub struct Note {
    pub author: Option<String>,
    pub body: String,
    pub at: Time,
}
columns!(Note { author, body, at });

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "FormerChange")]
pub struct Changed {
    pub field: Field,
    /// The name of a field that only the former tracker has.
    pub named: Option<String>,
    pub before: String,
    pub after: String,
    pub author: Option<String>,
    pub at: Time,
}
columns!(Changed { field, named, before, after, author, at });

/// So many comments and changes are shown at once.
const MOST: i64 = 200;

impl Operation for ShowFormer {
    const NAME: &str = "issue.former";
    const ROUTE: Route = Route(Get, "/issues/{issue}/former");
    const READS: bool = true;
    type Target = (Issue, (Tracker, String, String));
    type Output = Former;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let issue = Issue::visible(tx, &self.issue, true).await?;
        let select = sql!(
            "select source, source_key, fields from issue_sources where workspace_id = $1 and issue_id = $2
              order by case when source = 'cairn' then 1 else 0 end, source limit 1"
        );
        let source = tx.find(select, args![tx.workspace(), issue.id]).await?.ok_or(Error::NotFound)?;
        Ok((issue, source))
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (issue, (source, key, fields)): Self::Target) -> Result<Former> {
        let skip = i64::from(self.skip.unwrap_or(0));
        let (mut notes, mut changes) = (notes(tx, issue.id, skip).await?, changes(tx, issue.id, skip).await?);
        let most = MOST as usize;
        let more = notes.len() > most || changes.len() > most;
        notes.truncate(most);
        changes.truncate(most);
        let fields = serde_json::from_str(&fields).unwrap_or_default();
        Ok(Former { source, key, fields, notes, changes, waiting: waiting(tx, issue.id).await?, more, issue })
    }
}

async fn notes(tx: &mut Tx<'_>, issue: Id<Issue>, skip: i64) -> Result<Vec<Note>> {
    let select = sql!(
        "select coalesce(p.name, o.name) as author, n.body, n.at
           from issue_notes n
           left join people p on p.workspace_id = n.workspace_id and p.id = n.by_id
           left join outsiders o on o.workspace_id = n.workspace_id and o.id = n.by_outsider_id
          where n.workspace_id = $1 and n.issue_id = $2 order by n.at, n.source_id limit $3 offset $4"
    );
    tx.all(select, args![tx.workspace(), issue, MOST + 1, skip]).await
}

async fn changes(tx: &mut Tx<'_>, issue: Id<Issue>, skip: i64) -> Result<Vec<Changed>> {
    let select = sql!(
        "select c.field, c.former_field as named, c.before_words as before, c.after_words as after,
                coalesce(p.name, o.name) as author, c.at
           from issue_changes c
           left join people p on p.workspace_id = c.workspace_id and p.id = c.by_id
           left join outsiders o on o.workspace_id = c.workspace_id and o.id = c.by_outsider_id
          where c.workspace_id = $1 and c.issue_id = $2 and c.batch = c.issue_id
          order by c.at desc, c.id desc limit $3 offset $4"
    );
    tx.all(select, args![tx.workspace(), issue, MOST + 1, skip]).await
}

async fn waiting(tx: &mut Tx<'_>, issue: Id<Issue>) -> Result<Vec<Waiting>> {
    let select = sql!(
        "select kind, case when other_key = '' then other_id else other_key end as other from issue_joins
          where workspace_id = $1 and issue_id = $2 order by kind, other limit $3"
    );
    tx.all(select, args![tx.workspace(), issue, MOST]).await
}

/// A line on the page of an issue that was brought over.
pub(crate) async fn origin(tx: &mut Tx<'_>, issue: Id<Issue>) -> Result<Option<String>> {
    let select = sql!(
        "select s.source, s.source_key,
                (select count(*) from issue_notes n where n.workspace_id = s.workspace_id and n.issue_id = s.issue_id) as said
           from issue_sources s where s.workspace_id = $1 and s.issue_id = $2
          order by case when s.source = 'cairn' then 1 else 0 end, s.source limit 1"
    );
    let found: Option<(Tracker, String, i64)> = tx.find(select, args![tx.workspace(), issue]).await?;
    Ok(found.map(|(source, key, said)| {
        let said = match said {
            0 => String::new(),
            1 => ", 1 comment".to_owned(),
            many => format!(", {many} comments"),
        };
        format!("{key} in {}{said}", source.title())
    }))
}

/// `GET /issues/{issue}/former`
pub async fn page(cx: Cx) -> Answer {
    let former = cx.read_here::<ShowFormer>().await?;
    let issue = &former.issue;
    let href = issue.href();
    let title = format!("{} was {} in {}", issue.key, former.key, former.source.title());
    let head = Head {
        crumbs: vec![("/issues", "Issues"), (&href, &issue.key)],
        title: &title,
        lead: &issue.title,
        ..Head::default()
    };
    let body = html! {
        (head.show())
        div.cols {
            div.stack { (said(&cx, &former)) (changed(&cx, &former)) (rest(&cx, &former)) }
            div.stack { (not_here(&former)) (beside(&former)) }
        }
    };
    Ok(cx.page(&title, body))
}

fn who(name: Option<&str>) -> &str {
    name.unwrap_or("Somebody")
}

fn said(cx: &Cx, former: &Former) -> Markup {
    html! { section.card #said {
        header { h2 { "What was said there" } }
        @if former.notes.is_empty() { div.body { p.muted { "Nobody wrote a comment." } } }
        @for note in &former.notes { div.body {
            p.small { strong { (who(note.author.as_deref())) } " " span.muted { (day_and_time(note.at, &cx.viewer.zone)) } }
            div.prose.compact { (prose(&note.body)) }
        } }
    } }
}

fn changed(cx: &Cx, former: &Former) -> Markup {
    let words = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    html! { section.card #changed {
        header { h2 { "What changed there" } }
        @if former.changes.is_empty() { div.body { p.muted { "What was read holds no history." } } }
        @else { ul.list.plain { @for change in &former.changes { li { div.what {
            @if change.field == Field::Body { p { "The description was changed" } }
            @else { p { (change.named.as_deref().unwrap_or(change.field.title())) ": " (words(&change.before)) " became " (words(&change.after)) } }
            p.small.muted { (who(change.author.as_deref())) ", " (ago(change.at, cx.now(), &cx.viewer.zone)) }
        } } } } }
    } }
}

fn rest(cx: &Cx, former: &Former) -> Markup {
    let skip: i64 = cx.text("skip").parse().unwrap_or(0);
    html! { @if former.more {
        p { a.link href={ (former.issue.href()) "/former?skip=" (skip + MOST) } { "What was said and changed after that" } }
    } }
}

/// What it was related to and was not brought over.
fn not_here(former: &Former) -> Markup {
    let words = |kind: &str| kind.replace('_', " ");
    html! { @if !former.waiting.is_empty() { section.card #waiting {
        header { h2 { "Related there, and not here" } }
        div.body { ul { @for one in &former.waiting { li { (words(&one.kind)) ": " (one.other) } } } }
    } } }
}

/// Fields that have no place here, as they were.
fn beside(former: &Former) -> Markup {
    let fields = former.fields.as_object();
    let shown = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    html! { @if let Some(fields) = fields.filter(|fields| !fields.is_empty()) { section.card #beside {
        header { h2 { "Kept as it was" } }
        div.body { dl.facts { @for (name, value) in fields { dt { (name) } dd { (shown(value)) } } } }
    } } }
}
