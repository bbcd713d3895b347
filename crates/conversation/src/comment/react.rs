use super::{Comment, Found};
use crate::thread::touch;
use kernel::{Actor, Id, Method::Put, Operation, Result, Route, Tx, args, json, sql, words};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Pages, Submitted};

words! {
    pub enum Reaction {
        Agree = "agree",
        Unsure = "unsure",
        Thanks = "thanks",
        Seen = "seen",
    }
}

impl Reaction {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Reaction::Agree => "Agree",
            Reaction::Unsure => "Not sure",
            Reaction::Thanks => "Thanks",
            Reaction::Seen => "Seen",
        }
    }
}

/// Answer a comment with one word, or take the word back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct React {
    pub comment: Id<Comment>,
    pub word: Reaction,
    pub on: bool,
}

impl Operation for React {
    const NAME: &str = "comment.react";
    const ROUTE: Route = Route(Put, "/comments/{comment}/reactions");
    type Target = Found;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        Found::visible(tx, self.comment).await
    }

    fn allows(actor: &Actor, _: &Found) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, found: Found) -> Result<()> {
        let insert = sql!(
            "insert into reactions (workspace_id, comment_id, person_id, word, at) values ($1, $2, $3, $4, $5)
             on conflict (workspace_id, comment_id, person_id, word) do nothing"
        );
        let delete =
            sql!("delete from reactions where workspace_id = $1 and comment_id = $2 and person_id = $3 and word = $4");
        let (workspace, me, now) = (tx.workspace(), tx.me(), tx.now());
        let changed = match self.on {
            true => tx.run(insert, args![workspace, self.comment, me, self.word, now]).await?,
            false => tx.run(delete, args![workspace, self.comment, me, self.word]).await?,
        };
        if changed > 0 {
            tx.record("comment.reacted", self.comment, json!({ "word": self.word, "on": self.on }));
            touch(tx, &found.thread.about);
        }
        Ok(())
    }
}

pub fn pages() -> Pages {
    Pages::new().post("/comments/{comment}/reactions", save)
}

/// `POST /comments/{comment}/reactions`
async fn save(form: Submitted) -> Answer {
    form.submit::<React>().await?;
    let words =
        if form.text("on") == "true" { "Your word stands below the comment." } else { "Your word is taken back." };
    Ok(form.go(&format!("/comments/{}", form.text("comment")), Flash::says(words)))
}
