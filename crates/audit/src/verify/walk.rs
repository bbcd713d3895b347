use super::read::{PAGE, Seal, SealsPage, Stored};
use crate::{
    Reason, Verdict,
    chain::{self, Hash, Link},
    checkpoint,
    note::VerifierKey,
};
use kernel::{Error, Id, Result, Workspace};
use std::collections::BTreeMap;

/// A walk along the chain from its beginning, which computes every hash anew. What it finds wrong ends it.
pub struct Walk<'k> {
    workspace: String,
    keys: &'k [VerifierKey],
    /// Heads that checkpoints ahead ask for, by size.
    ahead: BTreeMap<i64, Vec<Hash>>,
    pub size: i64,
    pub head: Hash,
    pub checkpoints: u64,
    pub erased: u64,
}

impl<'k> Walk<'k> {
    pub fn new(workspace: Id<Workspace>, keys: &'k [VerifierKey], given: &[String]) -> Result<Walk<'k>> {
        let head = chain::genesis(workspace.as_str());
        let (workspace, ahead) = (workspace.to_string(), BTreeMap::new());
        let mut walk = Walk { workspace, keys, ahead, size: 0, head, checkpoints: 0, erased: 0 };
        for saved in given {
            let (size, head) = walk.given(saved).map_err(|sentence| Error::invalid("checkpoint", sentence))?;
            walk.ahead.entry(size).or_default().push(head);
        }
        Ok(walk)
    }

    /// The position with which the next page begins.
    pub fn next_from(&self) -> i64 {
        self.size + 1
    }

    pub fn page(&mut self, page: &SealsPage) -> Result<(), Verdict> {
        if page.before {
            return Err(self.gap());
        }
        for stored in &page.checkpoints {
            let head = self.stored(stored).ok_or_else(|| checkpoint_changed(stored.size))?;
            self.ahead.entry(stored.size).or_default().push(head);
        }
        let next = self.next_from() + PAGE;
        for seal in &page.seals {
            self.step(seal)?;
        }
        match page.more && self.next_from() < next {
            true => Err(self.gap()),
            false => Ok(()),
        }
    }

    /// What is still ahead once the chain has ended.
    pub fn end(&self) -> Result<(), Verdict> {
        match self.ahead.last_key_value() {
            Some((checkpoint, _)) => Err(Verdict::Truncated { checkpoint: *checkpoint, found: self.size }),
            None => Ok(()),
        }
    }

    fn step(&mut self, seal: &Seal) -> Result<(), Verdict> {
        let position = self.next_from();
        if seal.position != position {
            return Err(self.gap());
        }
        let broken = |reason| Verdict::Broken { position: Some(position), event: Some(seal.event_id.clone()), reason };
        let commitment = self.commitment(seal).map_err(broken)?;
        let link = self.link(seal, commitment).ok_or_else(|| broken(Reason::EventGone))?;
        let head = link.hash(self.head);
        if head.to_string() != seal.hash {
            return Err(broken(Reason::EventChanged));
        }
        (self.size, self.head) = (position, head);
        let expected = self.ahead.remove(&position).unwrap_or_default();
        self.checkpoints += expected.len() as u64;
        match expected.iter().all(|expected| *expected == head) {
            true => Ok(()),
            false => Err(Verdict::Forked { checkpoint: position }),
        }
    }

    fn gap(&self) -> Verdict {
        Verdict::Broken { position: Some(self.next_from()), event: None, reason: Reason::Gap }
    }

    fn link<'a>(&'a self, seal: &'a Seal, commitment: Hash) -> Option<Link<'a>> {
        Some(Link {
            workspace: &self.workspace,
            position: seal.position,
            event: &seal.event_id,
            at: seal.at?,
            actor: seal.actor.as_deref()?,
            door: seal.door.as_deref()?,
            verb: seal.verb.as_deref()?,
            subject: seal.subject.as_deref()?,
            commitment,
        })
    }

    /// The commitment of the content that is there, or the stored one where the content was erased.
    fn commitment(&mut self, seal: &Seal) -> Result<Hash, Reason> {
        let stored: Hash = seal.commitment.parse().map_err(|_| Reason::SealChanged)?;
        match (&seal.data, &seal.salt) {
            _ if seal.at.is_none() => Err(Reason::EventGone),
            (Some(data), Some(salt)) if chain::commitment(salt, data) == stored => Ok(stored),
            (None, None) if seal.erased => {
                self.erased += 1;
                Ok(stored)
            }
            (None, None) => Err(Reason::ContentGone),
            _ => Err(Reason::ContentChanged),
        }
    }

    fn stored(&self, stored: &Stored) -> Option<Hash> {
        let checkpoint = checkpoint::open(&stored.note, self.keys).ok()?;
        let here = checkpoint.workspace == self.workspace && checkpoint.size == stored.size && stored.size > 0;
        checkpoint.head.parse().ok().filter(|_| here)
    }

    fn given(&self, saved: &str) -> Result<(i64, Hash), String> {
        let note = checkpoint::find(saved).ok_or("There is no checkpoint in this file.")?;
        let checkpoint = checkpoint::open(&note, self.keys).map_err(|refused| refused.to_string())?;
        let head = checkpoint.head.parse().map_err(|error: Error| error.to_string())?;
        match checkpoint.workspace == self.workspace && checkpoint.size > 0 {
            true => Ok((checkpoint.size, head)),
            false => Err("This checkpoint is of another workspace.".into()),
        }
    }
}

fn checkpoint_changed(size: i64) -> Verdict {
    Verdict::Broken { position: Some(size), event: None, reason: Reason::CheckpointChanged }
}
