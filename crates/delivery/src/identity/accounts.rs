//! Accounts of code hosts are identities too: they have a login, and seldom a mail address.
use super::{Identity, Reason, bots::is_bot, rules::Rules};
use crate::{
    repository::Signature,
    revision::{self, Facts},
};
use forge::Account;
use kernel::{Id, Person, Result, Tx, args, list, sql};
use std::collections::BTreeMap;

/// The identities of these accounts by login in small letters; new ones are made, and joined to people by the rules.
pub(crate) async fn of_accounts(
    tx: &mut Tx<'_>,
    host: &str,
    accounts: &[Account],
) -> Result<BTreeMap<String, Id<Identity>>> {
    let wanted = by_login(accounts);
    let keys: BTreeMap<String, &String> = wanted.keys().map(|login| (format!("{host} @{login}"), login)).collect();
    let select = sql!(
        "select key, id, name, person_id is null and reason is null and not bot from identities
          where workspace_id = $1 and key in (select value from json_each(cast($2 as text)))"
    );
    let found: Vec<(String, Id<Identity>, String, bool)> =
        tx.all(select, args![tx.workspace(), list(keys.keys())]).await?;
    let mut ids: BTreeMap<String, Id<Identity>> = BTreeMap::new();
    let mut loose: Vec<(&String, Id<Identity>)> = Vec::new();
    for (key, id, name, nobodys) in &found {
        let Some(login) = keys.get(key) else { continue };
        written(tx, *id, name, &wanted[*login].login).await?;
        ids.insert((*login).clone(), *id);
        if *nobodys && (wanted[*login].name.is_some() || wanted[*login].mail.is_some()) {
            loose.push((login, *id));
        }
    }
    let new: Vec<&String> = wanted.keys().filter(|login| !ids.contains_key(*login)).collect();
    if new.is_empty() && loose.is_empty() {
        return Ok(ids);
    }
    let signatures: BTreeMap<&String, Signature> = wanted.iter().map(|(login, who)| (login, signature(who))).collect();
    let all: Vec<(&String, &Signature)> = signatures.iter().map(|(login, who)| (*login, who)).collect();
    let rules = Rules::load(tx, &all, wanted.keys().cloned().collect()).await?;
    for login in new {
        let (who, id): (_, Id<Identity>) = (&wanted[login], tx.id());
        let bot = who.bot || is_bot(login, "");
        let joined = rules.join(&signatures[login], Some(login)).filter(|_| !bot);
        add(tx, id, &format!("{host} @{login}"), &who.login, bot, joined).await?;
        ids.insert(login.clone(), id);
    }
    for (login, id) in loose {
        if let Some((person, reason)) = rules.join(&signatures[login], Some(login)) {
            let update = sql!(
                "update identities set person_id = $3, reason = $4, joined_at = $5 where workspace_id = $1 and id = $2"
            );
            tx.run(update, args![tx.workspace(), id, person, reason, tx.now()]).await?;
            revision::changed(tx, &[Facts::People.of_all()]).await?;
        }
    }
    Ok(ids)
}

/// Shows a login with capitals as soon as one record has written it so, whichever came first.
async fn written(tx: &mut Tx<'_>, id: Id<Identity>, name: &str, login: &str) -> Result<()> {
    if login < name && login.to_lowercase() == name.to_lowercase() {
        let update = sql!("update identities set name = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), id, login]).await?;
    }
    Ok(())
}

/// All that is said about each login, whichever record said it.
fn by_login(accounts: &[Account]) -> BTreeMap<String, Account> {
    let mut found: BTreeMap<String, Account> = BTreeMap::new();
    for one in accounts {
        let written: String = one.login.chars().filter(|c| !c.is_control()).take(150).collect();
        let known =
            found.entry(written.to_lowercase()).or_insert_with(|| Account { login: written.clone(), ..one.clone() });
        known.login = known.login.clone().min(written);
        known.name = known.name.clone().max(one.name.clone());
        known.mail = known.mail.clone().max(one.mail.clone());
        known.bot |= one.bot;
    }
    found
}

fn signature(who: &Account) -> Signature {
    let line = |text: &Option<String>| {
        let text: String = text.as_deref().unwrap_or_default().chars().take(200).collect();
        text.parse().unwrap_or_default()
    };
    Signature { name: line(&who.name), mail: line(&who.mail), mapped: false }
}

async fn add(
    tx: &mut Tx<'_>,
    id: Id<Identity>,
    key: &str,
    login: &str,
    bot: bool,
    joined: Option<(Id<Person>, Reason)>,
) -> Result<()> {
    let insert = sql!(
        "insert into identities (workspace_id, id, key, name, mail, login, bot, person_id, reason, joined_at, created_at)
         values ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, $10)"
    );
    let (person, reason) = joined.unzip();
    let at = person.map(|_| tx.now());
    let small = login.to_lowercase();
    tx.run(insert, args![tx.workspace(), id, key, login, small, bot, person, reason, at, tx.now()]).await?;
    Ok(())
}
