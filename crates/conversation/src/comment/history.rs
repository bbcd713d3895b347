use super::{Comment, Found};
use crate::difference::{Piece, by_words, show as marked};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Pages, ago, html};

/// What a comment says and said, byte for byte, the newest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListVersions {
    pub comment: Id<Comment>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Version {
    /// 1 for what was written first.
    pub version: i64,
    pub body: String,
    pub written_at: Time,
}
columns!(Version { version, body, written_at });

impl Operation for ListVersions {
    const NAME: &str = "comment.history";
    const ROUTE: Route = Route(Get, "/comments/{comment}/versions");
    const READS: bool = true;
    type Target = Found;
    type Output = Vec<Version>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        Found::visible(tx, self.comment).await
    }

    fn allows(_: &Actor, _: &Found) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, found: Found) -> Result<Vec<Version>> {
        let select = sql!(
            "select version, body, written_at from comment_versions
              where workspace_id = $1 and comment_id = $2 order by version desc"
        );
        let earlier: Vec<Version> = tx.all(select, args![tx.workspace(), self.comment]).await?;
        let row = found.row;
        let version = earlier.first().map_or(1, |last| last.version + 1);
        let now = Version { version, body: row.body, written_at: row.edited_at.unwrap_or(row.created_at) };
        Ok(std::iter::once(now).chain(earlier).collect())
    }
}

pub fn pages() -> Pages {
    Pages::new().get("/comments/{comment}/versions", show)
}

/// What changed from each version to the next, made beside the requests, as long texts take a moment.
async fn differences(versions: &[Version]) -> Result<Vec<Vec<Piece>>> {
    let bodies: Vec<String> = versions.iter().map(|version| version.body.clone()).collect();
    let compare = move || bodies.windows(2).map(|pair| by_words(&pair[1], &pair[0])).collect();
    tokio::task::spawn_blocking(compare).await.map_err(kernel::Error::internal)
}

/// `GET /comments/{comment}/versions`: as it was typed, since that is what differs.
async fn show(cx: Cx) -> Answer {
    let versions = cx.read_here::<ListVersions>().await?;
    let differences = differences(&versions).await?;
    let place = format!("/comments/{}", cx.text("comment"));
    let title = "What this comment said";
    let body = html! {
        (Head { crumbs: vec![(&place, "The conversation")], title, lead: "What was added to the version before is underlined, what was taken out is struck through.", ..Head::default() }.show())
        div.stack { @for (i, version) in versions.iter().enumerate() {
            section.card id={ "version-" (version.version) } {
                header { h2 { @if i == 0 { "Now" } @else { "Version " (version.version) } }
                    span.right.small.muted { (ago(version.written_at, cx.now(), &cx.viewer.zone)) } }
                div.body { pre.code.wrap { code { @match differences.get(i) { Some(pieces) => (marked(pieces)), None => (version.body) } } } }
            }
        } }
    };
    Ok(cx.page(title, body))
}
