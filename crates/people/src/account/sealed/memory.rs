//! The keys of those who have unlocked their notes, for as long as they use them. What lies in memory opens nothing
//! without the secret that only the browser has.
use super::cipher::{Key, Place};
use crate::account::secret;
use kernel::{Result, Time};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Notes lock by themselves when they were not used for so long.
pub const IDLE: Duration = Duration::from_secs(15 * 60);

struct Open {
    /// Half of what the key is wrapped with; the other half is in the cookie.
    half: [u8; 32],
    wrapped: Vec<u8>,
    used_at: Time,
    /// By the machine's own clock, as several installations with clocks of their own may share a process.
    touched: Instant,
}

static OPEN: LazyLock<Mutex<HashMap<String, Open>>> = LazyLock::new(Mutex::default);

/// Keeps a key for the session with this secret.
pub(super) fn remember(session: &str, key: &Key, now: Time) -> Result<()> {
    let mut half = [0_u8; 32];
    getrandom::fill(&mut half).map_err(|error| kernel::Error::internal(error.to_string()))?;
    let name = secret::hash(session);
    let wrapped = key.wrap(place(&name), &of_session(session, &half)?)?;
    open().insert(name, Open { half, wrapped, used_at: now, touched: Instant::now() });
    Ok(())
}

/// The key of this session, if it was used lately.
pub(super) fn recall(session: &str, now: Time) -> Result<Option<Key>> {
    let name = secret::hash(session);
    let mut all = open();
    let Some(found) = all.get_mut(&name).filter(|one| one.used_at + IDLE > now) else { return Ok(None) };
    (found.used_at, found.touched) = (now, Instant::now());
    of_session(session, &found.half)?.unwrap(place(&name), &found.wrapped)
}

pub(super) fn forget(session: &str) {
    open().remove(&secret::hash(session));
}

/// Hands the key of one secret on to the next: from the step between the password and the session to the session.
pub(in crate::account) fn carry_over(from: &str, to: &str, now: Time) -> Result<()> {
    let key = recall(from, now)?;
    forget(from);
    key.map_or(Ok(()), |key| remember(to, &key, now))
}

/// What is open still, without those that were left idle.
fn open() -> MutexGuard<'static, HashMap<String, Open>> {
    let mut all = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|_, one| one.touched.elapsed() < IDLE);
    all
}

fn of_session(session: &str, half: &[u8]) -> Result<Key> {
    Key::derive(session.as_bytes(), half, "cairn session key")
}

fn place(name: &str) -> Place<'_> {
    Place { table: "sessions", row: name, column: "key", owner: "", revision: 0 }
}
