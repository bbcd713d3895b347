//! Everything that is known of a repository's pull requests and commits, a line of JSON each, with the ids of the source.
use super::{
    facts::Facts,
    heard::PLACE,
    rows::{HistoryRow, PullRow},
};
use crate::{
    repository::{Repository, may_keep},
    review::chosen,
};
use forge::{Kind, Told};
use kernel::{Actor, Error, Id, Json, Method::Get, Operation, Result, Route, Time, Tx, args, json, sql, text::Name};
use measures::{PullDefinition, Stages, stages};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// The pull requests with their stages, reviews, comments, events and commits of a repository. It stays inside the program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ExportPulls {
    pub repository: Id<Repository>,
    /// Of the stages; Cairn's own if left out.
    #[serde(default)]
    pub definition: Option<Name<40>>,
}

impl Operation for ExportPulls {
    const NAME: &str = "pull.export";
    const ROUTE: Route = Route(Get, "/repositories/{repository}/export");
    const READS: bool = true;
    type Target = Repository;
    type Output = Vec<Json>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Repository> {
        Repository::visible(tx, self.repository).await
    }

    fn allows(actor: &Actor, _: &Repository) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, repository: Repository) -> Result<Vec<Json>> {
        let facts = Facts::read(tx, self.repository).await?.with_deployments(tx, repository.clone()).await?;
        let definition = chosen(self.definition.as_deref())?;
        let place = repository.location.as_str();
        let id = source_id(tx, self.repository).await?;
        let mut lines =
            vec![json!({ "kind": "repository", "name": repository.name, "location": place, "source_id": id })];
        lines.extend(pulls(&definition, &facts, place));
        lines.extend(facts.reviews.iter().map(|one| {
            json!({ "kind": "review", "repository": place, "number": one.number, "source_id": one.key,
                    "author": facts.login(one.author_id), "state": one.state, "submitted_at": one.submitted_at })
        }));
        lines.extend(facts.comments.iter().map(|one| {
            json!({ "kind": "comment", "repository": place, "number": one.number, "source_id": one.key,
                    "author": facts.login(one.author_id), "created_at": one.created_at, "counts": one.counts })
        }));
        lines.extend(facts.events.iter().map(|one| {
            json!({ "kind": "event", "repository": place, "number": one.number, "source_id": one.source_id,
                    "key": one.key, "event": one.event, "actor": facts.login(one.actor_id), "at": one.at })
        }));
        lines.extend(facts.commits.iter().map(|one| {
            json!({ "kind": "pull_commit", "repository": place, "number": one.number, "source_id": one.hash,
                    "hash": one.hash, "authored_at": one.authored_at, "committed_at": one.committed_at })
        }));
        lines.extend(commits(tx, self.repository, place).await?);
        Ok(lines)
    }
}

/// A page of what code hosts told beside pull requests: commits, issues, releases, accounts, repositories. It stays inside the
/// program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ExportThings {
    /// The host, the kind and the key of the last line of the page before; nothing for the first page.
    #[serde(default)]
    pub after: Option<(String, String, String)>,
}

/// Lines, and the key of the last one unless that was the end.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Things {
    pub lines: Vec<Json>,
    pub next: Option<(String, String, String)>,
}

const PAGE: usize = 1_000;

impl Operation for ExportThings {
    const NAME: &str = "pull.export_things";
    const ROUTE: Route = Route(Get, "/delivery/things");
    const READS: bool = true;
    type Target = ();
    type Output = Things;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Things> {
        let (host, kind, key) = self.after.clone().unwrap_or_default();
        let select = sql!(
            "select host, kind, key, told from forge_things where workspace_id = $1 and (host, kind, key) > ($2, $3, $4)
              order by host, kind, key limit $5"
        );
        let rows: Vec<(String, String, String, String)> =
            tx.all(select, args![tx.workspace(), host, kind, key, PAGE as i64]).await?;
        let next = rows
            .last()
            .filter(|_| rows.len() == PAGE)
            .map(|(host, kind, key, _)| (host.clone(), kind.clone(), key.clone()));
        let places = places(tx).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for (host, kind, key, told) in &rows {
            lines.extend(thing(host, kind, key, told, &places)?);
        }
        Ok(Things { lines, next })
    }
}

/// The addresses of the repositories that are here, by the host and the key of their place.
type Places = HashMap<(String, String), String>;

async fn places(tx: &mut Tx<'_>) -> Result<Places> {
    let select = sql!(
        "select f.host, f.key, r.location from forge_places f
           join repositories r on r.workspace_id = f.workspace_id and r.id = f.repository_id where f.workspace_id = $1"
    );
    let rows: Vec<(String, String, String)> = tx.all(select, args![tx.workspace()]).await?;
    Ok(rows.into_iter().map(|(host, key, location)| ((host, key), location)).collect())
}

/// A line for each repository in which it was told of; one without any for what stands in none.
fn thing(host: &str, kind: &str, key: &str, told: &str, places: &Places) -> Result<Vec<Json>> {
    let told: Told = serde_json::from_str(told).map_err(Error::internal)?;
    let mut fields = told.fields();
    let within: BTreeSet<String> = fields
        .iter()
        .filter_map(|(name, address)| Some((name.strip_prefix(PLACE)?, address.as_str()?)))
        .map(|(name, address)| {
            places.get(&(host.to_owned(), name.to_owned())).map_or(address, String::as_str).to_owned()
        })
        .collect();
    fields.retain(|name, _| !name.starts_with(PLACE));
    let id = fields.remove("id").unwrap_or_else(|| json!(key));
    for (_, value) in fields.iter_mut().filter(|(name, _)| name.ends_with("_at")) {
        if let Some(at) = value.as_i64() {
            *value = json!(Time(at));
        }
    }
    fields.insert("kind".into(), json!(kind));
    fields.insert("system".into(), json!(host));
    fields.insert("source_id".into(), id);
    if kind == Kind::Commit.word() {
        fields.insert("hash".into(), json!(key));
    }
    let line = |repository: &String| {
        let mut fields = fields.clone();
        fields.insert("repository".into(), json!(repository));
        Json::Object(fields)
    };
    let lines: Vec<Json> = within.iter().map(line).collect();
    Ok(if lines.is_empty() { vec![Json::Object(fields)] } else { lines })
}

/// The number of a repository at its host, where it told of it.
async fn source_id(tx: &mut Tx<'_>, repository: Id<Repository>) -> Result<Option<String>> {
    let select = sql!(
        "select key from forge_places where workspace_id = $1 and repository_id = $2 and key like 'id %' order by key limit 1"
    );
    let key: Option<String> = tx.find(select, args![tx.workspace(), repository]).await?;
    Ok(key.and_then(|key| key.strip_prefix("id ").map(str::to_owned)))
}

fn pulls(definition: &PullDefinition, facts: &Facts, place: &str) -> Vec<Json> {
    let known = facts.by_number();
    let line = |row: &PullRow| {
        let pull = known.get(&row.number);
        let stages = pull.map(|pull| in_seconds(definition, &stages(pull, &definition.options, None)));
        json!({
            "kind": "pull_request", "repository": place, "number": row.number, "source_id": row.source_id,
            "title": row.title, "state": row.state, "draft": row.draft, "author": facts.login(row.author_id),
            "author_is_bot": facts.is_bot(row.author_id), "created_at": row.created_at,
            "updated_at": row.updated_at, "closed_at": row.closed_at, "merged_at": row.merged_at,
            "merged_by": facts.login(row.merged_by_id), "merge_commit": row.merge_commit,
            "head_sha": row.head_sha, "base_ref": row.base_ref, "additions": row.additions,
            "deletions": row.deletions, "changed_files": row.changed_files, "commits": row.commits,
            "deployed_at": pull.and_then(|pull| pull.deployed_at), "stages": stages,
        })
    };
    facts.pulls.iter().map(line).collect()
}

fn in_seconds(definition: &PullDefinition, stages: &Stages) -> Json {
    let seconds = |value: Option<i64>| value.map(|value| value as f64 / 1e6);
    json!({
        "definition": definition.name, "definition_version": definition.version,
        "coding_seconds": seconds(stages.coding), "pickup_seconds": seconds(stages.pickup),
        "review_seconds": seconds(stages.review), "merge_seconds": seconds(stages.merge),
        "deploy_seconds": seconds(stages.deploy), "cycle_seconds": seconds(stages.cycle), "self_merged": stages.self_merged,
    })
}

/// The commits of the history that was read with `git`.
async fn commits(tx: &mut Tx<'_>, repository: Id<Repository>, place: &str) -> Result<Vec<Json>> {
    let select = sql!(
        "select c.hash, i.name, i.mail, c.authored_at, c.committed_at, c.subject, c.pull_number, c.additions, c.deletions
           from commits c join identities i on i.workspace_id = c.workspace_id and i.id = c.author_id
          where c.workspace_id = $1 and c.repository_id = $2 order by c.committed_at, c.hash"
    );
    let rows: Vec<HistoryRow> = tx.all(select, args![tx.workspace(), repository]).await?;
    let line = |row: HistoryRow| {
        json!({ "kind": "commit", "repository": place, "source_id": row.hash, "hash": row.hash, "author_name": row.name, "author_mail": row.mail,
                "authored_at": row.authored_at, "committed_at": row.committed_at, "subject": row.subject,
                "number": row.pull_number, "additions": row.additions, "deletions": row.deletions })
    };
    Ok(rows.into_iter().map(line).collect())
}
