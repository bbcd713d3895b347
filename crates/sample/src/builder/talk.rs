use super::Builder;
use crate::{
    data::talk::{Attachment, Change, Comment, Reaction, Said},
    history::{By, Line},
    picture,
};
use ::asks::SettlePast;
use base64::{Engine, engine::general_purpose::STANDARD};
use conversation::{AddComment, AddFile, Attached, EditComment, React, ResolveThread};
use kernel::{Error, Id, Json, Result, json};
use std::collections::BTreeMap;

/// The comments that were written so far.
#[derive(Default)]
pub struct Talk(BTreeMap<Line, Id<conversation::Comment>>);

impl Builder<'_> {
    pub(super) async fn say(&mut self, by: By<'_>, about: &str, line: Line, comment: &Comment) -> Result<()> {
        let mut input = self.about(about)?;
        input["body"] = json!(self.with_names(&comment.said.text)?);
        input["intent"] = json!(comment.intent);
        input["due"] = json!(comment.due);
        input["answers"] = json!(comment.answers);
        input["call"] = json!(comment.call);
        let files = self.attach(by, &self.about(about)?, &comment.attach).await?;
        input["files"] = json!(files.iter().map(|file| file.id).collect::<Vec<_>>());
        let added = self.call::<AddComment>(by, input).await?;
        self.talk.0.insert(line, added.comment.id);
        // What it asks, or answers, has happened at this time and not when the queue comes to it.
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn attach(&self, by: By<'_>, about: &Json, all: &[Attachment]) -> Result<Vec<Attached>> {
        let mut files = Vec::new();
        for Attachment { name, text, bars } in all {
            let bytes = match text {
                Some(text) => text.clone().into_bytes(),
                None => picture::bars(bars)?,
            };
            let mut input = about.clone();
            input["name"] = json!(name);
            input["content"] = json!(STANDARD.encode(bytes));
            files.push(self.call::<AddFile>(by, input).await?);
        }
        Ok(files)
    }

    pub(super) async fn edit(&self, by: By<'_>, line: Line, change: &Change) -> Result<()> {
        let input = json!({ "comment": self.comment(line)?, "body": self.with_names(&change.text)? });
        self.call::<EditComment>(by, input).await.map(drop)
    }

    pub(super) async fn react(&self, by: By<'_>, line: Line, reaction: &Reaction) -> Result<()> {
        let input = json!({ "comment": self.comment(line)?, "word": reaction.word, "on": true });
        self.call::<React>(by, input).await
    }

    pub(super) async fn resolve(&self, by: By<'_>, about: &str, outcome: &Said) -> Result<()> {
        let mut input = self.about(about)?;
        input["outcome"] = json!(outcome.text);
        self.call::<ResolveThread>(by, input).await.map(drop)
    }

    fn about(&self, words: &str) -> Result<Json> {
        let about = self.record(words)?;
        Ok(json!({ "kind": about.kind, "record": about.id }))
    }

    fn comment(&self, line: Line) -> Result<Id<conversation::Comment>> {
        let found = self.talk.0.get(&line).copied();
        found.ok_or_else(|| Error::conflict("This comment was not written before."))
    }

    /// The text with what stands in braces as a mention of a person or a team, or as the address of a record.
    fn with_names(&self, text: &str) -> Result<String> {
        let mut pieces = text.split('{');
        let mut all = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) =
                piece.split_once('}').ok_or_else(|| Error::conflict(format!("`{{{piece}` has no end.")))?;
            all.push_str(&self.named(name)?);
            all.push_str(rest);
        }
        Ok(all)
    }

    fn named(&self, words: &str) -> Result<String> {
        if let Ok(person) = self.person(words) {
            let name = self.data.person(words).map_or(words, |person| &person.name);
            return Ok(format!("[@{name}](/people/{person})"));
        }
        let about = self.record(words)?;
        let team = words.strip_prefix("team ").and_then(|key| self.data.team(key));
        Ok(match (team, about.kind.as_str()) {
            (Some(team), _) => format!("[@{}](/teams/{})", team.name, about.id),
            (None, "leave") => format!("/leaves/{}", about.id),
            (None, kind) => format!("/{kind}/{}", about.id),
        })
    }
}
