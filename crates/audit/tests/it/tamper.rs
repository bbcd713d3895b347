//! Ways to change a history behind Cairn's back. All positions are of sealed events, and begin at 1.
use crate::support::{NOON, World, key};
use audit::{
    chain::{self, Link},
    checkpoint,
    note::SigningKey,
};
use kernel::{Bind, Checkpoint, Id, Json, Time, Value, args};

/// A sealed event as it is stored, content first.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub id: String,
    pub at: Time,
    pub actor: String,
    pub door: String,
    pub verb: String,
    pub subject: String,
    pub data: Option<String>,
    pub salt: Option<String>,
    pub commitment: String,
    pub hash: String,
}
kernel::columns!(Stored { id, at, actor, door, verb, subject, data, salt, commitment, hash });

impl World {
    pub async fn chain(&self) -> Vec<Stored> {
        let select = "select e.id, e.at, e.actor, e.door, e.verb, e.subject, e.data, e.salt, s.commitment, s.hash
            from event_seals s join events e on e.workspace_id = s.workspace_id and e.id = s.event_id
           where s.workspace_id = $1 order by s.position";
        self.rows(select, args![self.workspace]).await
    }

    pub async fn waiting(&self) -> Vec<String> {
        let select = "select event_id from unsealed_events where workspace_id = $1 order by event_id";
        self.rows(select, args![self.workspace]).await
    }

    pub async fn event_at(&self, position: i64) -> String {
        let select = "select event_id from event_seals where workspace_id = $1 and position = $2";
        self.rows(select, args![self.workspace, position]).await.remove(0)
    }

    pub async fn set_event(&self, id: &str, column: &str, value: Value<'_>) {
        let update = format!("update events set {column} = $3 where workspace_id = $1 and id = $2");
        self.sql(&update, &[self.workspace.bind(), id.bind(), value]).await;
    }

    pub async fn flip_event(&self, position: i64, column: &str, at: usize) {
        let id = self.event_at(position).await;
        let select = format!("select {column} from events where workspace_id = $1 and id = $2");
        let text: Option<String> = self.rows(&select, args![self.workspace, id]).await.remove(0);
        self.set_event(&id, column, flip(&text.unwrap_or_default(), at).bind()).await;
    }

    pub async fn flip_seal(&self, position: i64, column: &str, at: usize) {
        let select = format!("select {column} from event_seals where workspace_id = $1 and position = $2");
        let text: String = self.rows(&select, args![self.workspace, position]).await.remove(0);
        let update = format!("update event_seals set {column} = $3 where workspace_id = $1 and position = $2");
        self.sql(&update, args![self.workspace, position, flip(&text, at)]).await;
    }

    pub async fn delete_event(&self, id: &str) {
        self.sql("delete from events where workspace_id = $1 and id = $2", args![self.workspace, id]).await;
    }

    pub async fn delete_seals(&self, from: i64, to: i64) {
        let delete = "delete from event_seals where workspace_id = $1 and position >= $2 and position <= $3";
        self.sql(delete, args![self.workspace, from, to]).await;
    }

    pub async fn insert_event(&self, event: &Stored) {
        let insert = "insert into events (workspace_id, id, at, actor, door, verb, subject, data, salt)
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let Stored { id, at, actor, door, verb, subject, data, salt, .. } = event;
        self.sql(insert, args![self.workspace, id, at, actor, door, verb, subject, data, salt]).await;
    }

    pub async fn insert_seal(&self, position: i64, event: &Stored) {
        let insert = "insert into event_seals (workspace_id, position, event_id, commitment, hash)
                      values ($1, $2, $3, $4, $5)";
        self.sql(insert, args![self.workspace, position, event.id, event.commitment, event.hash]).await;
    }

    /// Gives two events each other's values of these columns.
    pub async fn swap(&self, one: i64, other: i64, columns: &[&str]) {
        let chain = self.chain().await;
        let (one, other) = (&chain[one as usize - 1], &chain[other as usize - 1]);
        for (from, to) in [(one, other), (other, one)] {
            for column in columns {
                self.set_event(&to.id, column, from.value(column)).await;
            }
        }
    }

    pub async fn swap_seals(&self, one: i64, other: i64) {
        let update = "update event_seals set position = $3 where workspace_id = $1 and position = $2";
        for (from, to) in [(one, -1), (other, one), (-1, other)] {
            self.sql(update, args![self.workspace, from, to]).await;
        }
    }

    /// Cuts the end off: the seals, and with them the events, or their place in the queue instead.
    pub async fn truncate(&self, keep: i64, events: bool, queue: bool) {
        for event in self.chain().await.into_iter().skip(keep as usize) {
            if events {
                self.delete_event(&event.id).await;
            } else if queue {
                self.queue(&event.id).await;
            }
        }
        self.delete_seals(keep + 1, i64::MAX).await;
        self.forget_checkpoints().await;
    }

    pub async fn queue(&self, event: &str) {
        let insert = "insert into unsealed_events (workspace_id, event_id) values ($1, $2)";
        self.sql(insert, args![self.workspace, event]).await;
    }

    /// Takes the chain of another workspace for its own, events and seals, to the letter.
    pub async fn splice_all(&self, other: &World) {
        self.truncate(0, true, false).await;
        for (position, event) in (1..).zip(other.chain().await) {
            self.insert_event(&event).await;
            self.insert_seal(position, &event).await;
        }
    }

    /// What somebody with the whole database can do: changes the chain, and computes everything anew.
    pub async fn rewrite(&self, change: impl FnOnce(&mut Vec<Stored>)) {
        let mut chain = self.chain().await;
        let before: Vec<String> = chain.iter().map(|event| event.id.clone()).collect();
        change(&mut chain);
        for id in before {
            self.delete_event(&id).await;
        }
        self.delete_seals(i64::MIN, i64::MAX).await;
        self.forget_checkpoints().await;
        let workspace = self.workspace.to_string();
        let mut head = chain::genesis(&workspace);
        for (position, event) in (1..).zip(&mut chain) {
            head = event.seal(&workspace, position, head);
            self.insert_event(event).await;
            self.insert_seal(position, event).await;
        }
    }

    pub async fn keep_checkpoint(&self, size: i64, note: &str) {
        let insert = "insert into checkpoints (workspace_id, size, note, signed_at) values ($1, $2, $3, $4)";
        self.sql(insert, args![self.workspace, size, note, NOON]).await;
    }

    pub async fn forget_checkpoints(&self) {
        self.sql("delete from checkpoints where workspace_id = $1", args![self.workspace]).await;
    }

    /// A checkpoint that stands in the table and is by another key, or of another place.
    pub async fn forge_checkpoint(&self, size: i64, ours: bool) {
        let head = self.chain().await[size as usize - 1].hash.clone();
        let stranger = SigningKey::from_bytes(key().name(), &[8; 32]).unwrap();
        let (signer, signed) = if ours { (key(), size + 1) } else { (stranger, size) };
        let checkpoint = Checkpoint { workspace: self.workspace.to_string(), size: signed, head };
        let note = checkpoint::sign(&signer, &checkpoint).unwrap();
        self.forget_checkpoints().await;
        self.keep_checkpoint(size, &note).await;
    }
}

impl Stored {
    pub fn invented() -> Stored {
        Stored {
            id: Id::<kernel::Event>::new().to_string(),
            at: NOON,
            actor: Id::<kernel::Person>::from_u128(0).to_string(),
            door: "page".into(),
            verb: "praise.given".into(),
            subject: Id::<Json>::new().to_string(),
            data: Some("{}".into()),
            salt: Some("00112233445566778899aabbccddeeff".into()),
            commitment: chain::commitment("00112233445566778899aabbccddeeff", "{}").to_string(),
            hash: chain::genesis("").to_string(),
        }
    }

    fn seal(&mut self, workspace: &str, position: i64, head: chain::Hash) -> chain::Hash {
        if let (Some(salt), Some(data)) = (&self.salt, &self.data) {
            self.commitment = chain::commitment(salt, data).to_string();
        }
        let commitment = self.commitment.parse().unwrap();
        let Stored { id, at, actor, door, verb, subject, .. } = &*self;
        let hash = Link { workspace, position, event: id, at: *at, actor, door, verb, subject, commitment }.hash(head);
        self.hash = hash.to_string();
        hash
    }

    fn value(&self, column: &str) -> Value<'_> {
        match column {
            "at" => self.at.bind(),
            "actor" => self.actor.bind(),
            "door" => self.door.bind(),
            "verb" => self.verb.bind(),
            "subject" => self.subject.bind(),
            "data" => self.data.bind(),
            "salt" => self.salt.bind(),
            other => panic!("no column {other}"),
        }
    }
}

/// Another text of the same length: one letter is not what it was.
pub fn flip(text: &str, at: usize) -> String {
    let letters = text.chars().count().max(1);
    let changed = |(i, c)| if i == at % letters { if c == 'a' { 'b' } else { 'a' } } else { c };
    match text {
        "" => "a".into(),
        text => text.chars().enumerate().map(changed).collect(),
    }
}
