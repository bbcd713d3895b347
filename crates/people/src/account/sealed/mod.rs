//! The key with which somebody's own notes are sealed: made by chance, wrapped with their password and with a recovery
//! code, and open only while they use it. Whoever resets a password opens nothing with that.
pub mod cipher;
pub mod code;
mod memory;
mod wrap;

pub(super) use memory::carry_over;
pub use wrap::{Kind, discard};
pub(super) use wrap::{Wrap as StoredWrap, replace};

use super::{
    password::{self, OwnKey, Stored},
    prove::own_password,
    visitor::Visitor,
};
use cipher::Key;
use kernel::{Actor, App, Error, Id, Person, Result};
use ui::Cx;
use wrap::{AddWrap, BeginSealing, ConfirmCode, LoadWraps, Wrap};

/// How somebody's notes stand in the session that asks.
pub enum Standing {
    /// A demonstration, in which nobody signs in, or a request without a session.
    Impossible,
    /// There is no key yet.
    None,
    /// The password opens them; where it was reset, the recovery code or the former password has to come too.
    Locked {
        reset: bool,
    },
    Open {
        key: Key,
        confirmed: bool,
    },
}

/// How the reader's notes stand.
pub async fn standing(cx: &Cx) -> Result<Standing> {
    let Some(secret) = cx.viewer.secret.as_deref().filter(|_| cx.actor().session.is_some()) else {
        return Ok(Standing::Impossible);
    };
    let wraps = load(&cx.site.app, cx.actor(), cx.actor().person).await?;
    let confirmed = wraps.iter().any(|wrap| wrap.kind == Kind::Recovery && wrap.confirmed_at.is_some());
    match memory::recall(secret, cx.now())? {
        _ if wraps.is_empty() => Ok(Standing::None),
        Some(key) => Ok(Standing::Open { key, confirmed }),
        None => Ok(Standing::Locked { reset: !wraps.iter().any(|wrap| wrap.is_of_password) }),
    }
}

/// The key, if the reader's notes are open.
pub fn key(cx: &Cx) -> Result<Option<Key>> {
    match cx.viewer.secret.as_deref().filter(|_| cx.actor().session.is_some()) {
        Some(secret) => memory::recall(secret, cx.now()),
        None => Ok(None),
    }
}

/// Makes the key and returns the recovery code, which is shown once.
pub async fn begin(cx: &Cx, password: &str, visitor: &Visitor) -> Result<String> {
    let (app, actor) = (&cx.site.app, cx.actor());
    let (proof, own_key) = own_password(app, actor, "password", password, visitor).await?;
    let (key, code) = (Key::fresh()?, code::fresh()?);
    let wraps = vec![
        Wrap::of_password(actor.person, &key, &own_key, proof.stored())?,
        Wrap::of_code(actor.person, &key, &code)?,
    ];
    app.call(actor, BeginSealing { proof, wraps }).await?;
    remember(cx, &key)?;
    Ok(code)
}

/// Makes a new recovery code, in place of all earlier ones.
///
/// # Errors
/// `Unproven` if the notes are locked, or the password was not entered within the last ten minutes.
pub async fn renew_code(cx: &Cx) -> Result<String> {
    let key = key(cx)?.ok_or(Error::Unproven)?;
    let code = code::fresh()?;
    let wrap = Wrap::of_code(cx.actor().person, &key, &code)?;
    cx.site.app.call(cx.actor(), AddWrap { proof: None, wrap, replaces: Kind::Recovery }).await?;
    Ok(code)
}

/// The groups of the code that its owner types to show that it was written down, the first being 1.
pub const ASKED: [usize; 2] = [2, 5];

/// Notes that the code was written down.
pub async fn confirm(cx: &Cx, code: &str, groups: [&str; 2]) -> Result<()> {
    let typed = ASKED.iter().zip(groups).all(|(group, typed)| code::is_group(code, *group, typed));
    if !typed {
        return Err(Error::invalid("second", "These are not the groups of the code above. Look once more."));
    }
    cx.site.app.call(cx.actor(), ConfirmCode {}).await
}

/// After a reset: opens the notes with the recovery code or with a former password. From then on the new one opens them,
/// and no former one does.
pub async fn recover(cx: &Cx, password: &str, other: &str, visitor: &Visitor) -> Result<()> {
    let (app, actor) = (&cx.site.app, cx.actor());
    let (proof, own_key) = own_password(app, actor, "password", password, visitor).await?;
    let wraps = load(app, actor, actor.person).await?;
    let Some(key) = by_other(&wraps, actor.person, other).await? else {
        return Err(Error::invalid(
            "other",
            "This opens nothing: it is neither your recovery code nor a former password.",
        ));
    };
    let wrap = Wrap::of_password(actor.person, &key, &own_key, proof.stored())?;
    app.call(actor, AddWrap { proof: Some(proof), wrap, replaces: Kind::Password }).await?;
    remember(cx, &key)
}

async fn by_other(wraps: &[Wrap], person: Id<Person>, other: &str) -> Result<Option<Key>> {
    if let Some(letters) = code::read(other) {
        for wrap in wraps.iter().filter(|wrap| wrap.kind == Kind::Recovery) {
            if let Some(key) = wrap.open(person, &code::key(&letters, wrap.id.as_str())?)? {
                return Ok(Some(key));
            }
        }
    }
    for wrap in wraps.iter().filter(|wrap| wrap.kind == Kind::Password) {
        if let Some(own_key) = password::verify(other, Some(&Stored::read(wrap.made_from.clone()))).await? {
            return wrap.open(person, &Key::of(own_key.0));
        }
    }
    Ok(None)
}

/// Locks the notes of this session.
pub fn lock(cx: &Cx) {
    if let Some(secret) = cx.viewer.secret.as_deref() {
        memory::forget(secret);
    }
}

fn remember(cx: &Cx, key: &Key) -> Result<()> {
    let secret = cx.viewer.secret.as_deref().ok_or(Error::SignedOut)?;
    memory::remember(secret, key, cx.now())
}

/// Called where a password was entered: opens the notes for the session that begins or goes on with this secret.
pub(super) async fn open(
    app: &App,
    actor: &Actor,
    person: Id<Person>,
    (own_key, stored): (&OwnKey, &str),
    session_secret: &str,
) -> Result<()> {
    let wraps = load(app, actor, person).await?;
    let wrap = wraps.iter().find(|wrap| wrap.kind == Kind::Password && wrap.made_from == stored);
    match wrap.map(|wrap| wrap.open(person, &Key::of(own_key.0))).transpose()?.flatten() {
        Some(key) => memory::remember(session_secret, &key, app.clock.now()),
        None => Ok(()),
    }
}

/// The key wrapped anew for a password that takes the place of the one which opens it now.
pub(super) async fn rewrap(
    app: &App,
    actor: &Actor,
    (old_key, old): (&OwnKey, &str),
    (new_key, new): (&OwnKey, &str),
) -> Result<Option<Wrap>> {
    let wraps = load(app, actor, actor.person).await?;
    let Some(wrap) = wraps.iter().find(|wrap| wrap.kind == Kind::Password && wrap.made_from == old) else {
        return Ok(None);
    };
    match wrap.open(actor.person, &Key::of(old_key.0))? {
        Some(key) => Wrap::of_password(actor.person, &key, new_key, new).map(Some),
        None => Ok(None),
    }
}

async fn load(app: &App, actor: &Actor, person: Id<Person>) -> Result<Vec<Wrap>> {
    app.call(actor, LoadWraps { person }).await
}
