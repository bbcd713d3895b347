//! The letter about a browser from which nobody has signed in to an account before.
use super::{
    letter::{Letter, workspace_name},
    sign_in::is_known,
};
use jiff::tz::TimeZone;
use kernel::{Id, Person, Result, Time, Tx, args, columns, sql};

struct Owner {
    name: String,
    email: Option<String>,
    zone: String,
    seen_at: Option<Time>,
}
columns!(Owner { name, email, zone, seen_at });

/// Tells the owner of an account that somebody signs in with a browser that is new. The first time of all is no news.
pub(super) async fn new_device(
    tx: &mut Tx<'_>,
    person: Id<Person>,
    device: &str,
    device_secret: Option<&str>,
) -> Result<()> {
    if let Some(secret) = device_secret
        && is_known(tx, person, secret).await?
    {
        return Ok(());
    }
    let select = sql!(
        "select p.name, p.email, p.zone, a.seen_at from people p
           join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id
          where p.workspace_id = $1 and p.id = $2"
    );
    let Owner { name, email, zone, seen_at } = tx.one(select, args![tx.workspace(), person]).await?;
    let (Some(email), Some(_)) = (email, seen_at) else { return Ok(()) };
    let local = tx.now().in_zone(&TimeZone::get(&zone).unwrap_or(TimeZone::UTC));
    let text = format!(
        "Somebody signed in to your account with your password, from a browser that was not used for it before: {device}, on {}.",
        local.strftime("%A %-d %B %Y at %H:%M (%Z)")
    );
    let workspace = workspace_name(tx).await?;
    let letter = Letter {
        name: &name,
        text: &text,
        link: Some(("See where you are signed in", format!("{}/me/sign-in", tx.base_url()))),
        otherwise: "If this was you, all is well. If not, end that session on this page and change your password, which ends \
                    all others.",
    };
    letter.send(tx, &email, &format!("A new sign-in to {workspace}")).await
}
