use super::{Identity, Reason, bots::is_bot};
use crate::repository::Signature;
use kernel::{Id, Person, Result, Tx, Value, args, list, sql};
use people::person::folded;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What tells one identity from another.
pub(crate) fn key(who: &Signature) -> String {
    format!("{} {}", who.mail.to_lowercase(), &*who.name)
}

/// The name at the code host: `123+login@users.noreply.github.com`.
pub(super) fn login(mail: &str) -> Option<String> {
    let (local, host) = mail.rsplit_once('@')?;
    let hidden = host.starts_with("users.noreply.");
    let login = local.split_once('+').map_or(local, |(_, login)| login);
    (hidden && !login.is_empty()).then(|| login.to_lowercase())
}

/// The identities of these people; new ones are made, and joined to people by the rules.
pub(crate) async fn of(tx: &mut Tx<'_>, people: &[&Signature]) -> Result<BTreeMap<String, Id<Identity>>> {
    let wanted: BTreeMap<String, &Signature> = people.iter().map(|who| (key(who), *who)).collect();
    let select = sql!(
        "select key, id from identities where workspace_id = $1 and key in (select value from json_each(cast($2 as text)))"
    );
    let found: Vec<(String, Id<Identity>)> = tx.all(select, args![tx.workspace(), list(wanted.keys())]).await?;
    let mut ids: BTreeMap<String, Id<Identity>> = found.into_iter().collect();
    let new: Vec<(&String, &Signature)> =
        wanted.iter().filter(|(key, _)| !ids.contains_key(*key)).map(|(k, s)| (k, *s)).collect();
    if new.is_empty() {
        return Ok(ids);
    }
    let rules = Rules::load(tx, &new, BTreeSet::new()).await?;
    let mut rows = Vec::with_capacity(new.len());
    for (key, who) in new {
        let id: Id<Identity> = tx.id();
        ids.insert(key.clone(), id);
        let (login, bot) = (login(&who.mail.to_lowercase()), is_bot(&who.name, &who.mail));
        let joined = if bot { None } else { rules.join(who, login.as_deref()) };
        rows.push((id, key, who, login, bot, joined));
    }
    let insert = sql!(
        "insert into identities (workspace_id, id, key, name, mail, login, bot, person_id, reason, joined_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let (workspace, now) = (tx.workspace(), tx.now());
    let joined_at = Some(now);
    let values: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|(id, key, who, login, bot, joined)| {
            let (person, reason) =
                (joined.as_ref().map(|(person, _)| person), joined.as_ref().map(|(_, reason)| reason));
            let at = joined_at.as_ref().filter(|_| joined.is_some());
            vec![
                kernel::Bind::bind(&workspace),
                kernel::Bind::bind(id),
                Value::Text(key),
                Value::Text(&who.name),
                Value::Text(&who.mail),
                login.as_deref().map_or(Value::Null, Value::Text),
                Value::Bool(*bot),
                person.map_or(Value::Null, kernel::Bind::bind),
                reason.map_or(Value::Null, kernel::Bind::bind),
                at.map_or(Value::Null, kernel::Bind::bind),
                kernel::Bind::bind(&now),
            ]
        })
        .collect();
    tx.run_many(insert, &values).await?;
    Ok(ids)
}

/// What the rules look up: three statements for any number of identities.
pub(super) struct Rules {
    by_mail: HashMap<String, Id<Person>>,
    by_login: HashMap<String, Id<Person>>,
    /// Names that exactly one person here has.
    by_name: HashMap<String, Id<Person>>,
}

impl Rules {
    /// `logins` are those that no address tells.
    pub(super) async fn load(
        tx: &mut Tx<'_>,
        new: &[(&String, &Signature)],
        logins: BTreeSet<String>,
    ) -> Result<Rules> {
        let mails: BTreeSet<String> = new.iter().map(|(_, who)| who.mail.to_lowercase()).collect();
        let by_mail = sql!(
            "select lower(email), id from people where workspace_id = $1 and lower(email) in (select value from json_each(cast($2 as text)))"
        );
        let by_mail: Vec<(String, Id<Person>)> = tx.all(by_mail, args![tx.workspace(), list(&mails)]).await?;
        let logins: BTreeSet<String> = mails.iter().filter_map(|mail| login(mail)).chain(logins).collect();
        let by_login = sql!(
            "select login, person_id from identities
              where workspace_id = $1 and person_id is not null and login in (select value from json_each(cast($2 as text)))"
        );
        let by_login: Vec<(String, Id<Person>)> = tx.all(by_login, args![tx.workspace(), list(&logins)]).await?;
        let names: BTreeSet<String> = new.iter().map(|(_, who)| folded(&who.name)).collect();
        let by_name = sql!(
            "select sort_name, min(id) from people
              where workspace_id = $1 and sort_name in (select value from json_each(cast($2 as text)))
              group by sort_name having count(*) = 1"
        );
        let by_name: Vec<(String, Id<Person>)> = tx.all(by_name, args![tx.workspace(), list(&names)]).await?;
        Ok(Rules {
            by_mail: by_mail.into_iter().collect(),
            by_login: by_login.into_iter().collect(),
            by_name: by_name.into_iter().collect(),
        })
    }

    pub(super) fn join(&self, who: &Signature, login: Option<&str>) -> Option<(Id<Person>, Reason)> {
        let mail = if who.mapped { Reason::Mailmap } else { Reason::Mail };
        let by_mail = self.by_mail.get(&who.mail.to_lowercase()).map(|person| (*person, mail));
        let by_login = login.and_then(|login| self.by_login.get(login)).map(|person| (*person, Reason::Login));
        let whole = who.name.trim().contains(' ');
        let by_name = self.by_name.get(&folded(&who.name)).filter(|_| whole).map(|person| (*person, Reason::Name));
        by_mail.or(by_login).or(by_name)
    }
}
