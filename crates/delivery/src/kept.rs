//! Answers that take long to work out, kept in memory with a hash of everything on which they rest. An answer is given again
//! only for the same hash, so it is the one that would be worked out anew; nothing has to be told that it has ended.
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Everything on which an answer rests, part by part.
#[derive(Default)]
pub struct Basis(Sha256);

impl Basis {
    /// The part with its length, so that no two lists of parts are one text.
    pub fn add(&mut self, part: impl AsRef<str>) {
        let part = part.as_ref().as_bytes();
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
    }
}

/// Answers by their question.
pub struct Kept<V>(Mutex<Answers<V>>);

struct Answers<V> {
    all: BTreeMap<String, Answer<V>>,
    bytes: usize,
}

struct Answer<V> {
    basis: Vec<u8>,
    bytes: usize,
    value: Arc<V>,
}

/// Bytes that the answers of one kind take, about; with more of them it begins anew.
const MOST: usize = 64 * 1024 * 1024;

impl<V> Kept<V> {
    pub const fn new() -> Kept<V> {
        Kept(Mutex::new(Answers { all: BTreeMap::new(), bytes: 0 }))
    }

    /// The answer, if it rests on this.
    pub fn get(&self, question: &str, basis: &Basis) -> Option<Arc<V>> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = answers.all.get(question)?;
        (known.basis == basis.0.clone().finalize().as_slice()).then(|| known.value.clone())
    }

    /// Takes the place of the answer of before; `bytes` is what it takes, about.
    pub fn keep(&self, question: String, basis: Basis, bytes: usize, value: V) -> Arc<V> {
        let value = Arc::new(value);
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = answers.all.remove(&question).map_or(0, |answer| answer.bytes);
        answers.bytes -= before;
        if answers.bytes + bytes > MOST {
            (answers.all, answers.bytes) = (BTreeMap::new(), 0);
        }
        answers.bytes += bytes;
        let basis = basis.0.finalize().to_vec();
        answers.all.insert(question, Answer { basis, bytes, value: value.clone() });
        value
    }

    /// Lets go of all answers.
    pub fn forget(&self) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (answers.all, answers.bytes) = (BTreeMap::new(), 0);
    }
}

#[cfg(test)]
mod tests;
