//! Who is named in a text, and whether they hear of it.
use crate::{comment::Comment, thread::watch};
use kernel::{Error, Id, Person, Reference, Result, Tx, Verb, args, list, sql};
use people::{
    access::{VISIBLE, actor_of, today},
    holds,
    person::{Named, choices},
};
use std::collections::BTreeSet;
use ui::Submitted;

/// So many people are named at once at the most.
pub const MOST: usize = 50;

/// Those whom a text names, without its author.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub sees: Vec<Named<Person>>,
    /// The names of those who cannot see the record.
    pub blind: Vec<String>,
}

impl Heard {
    pub(crate) fn names(&self) -> Vec<String> {
        self.sees.iter().map(|one| one.name.clone()).collect()
    }
}

/// Who is named in the text or besides it: people, and the members that teams have today.
pub(crate) async fn heard(tx: &mut Tx<'_>, about: &Reference, text: &str, to: &[Id<Person>]) -> Result<Heard> {
    let mentions = markdown::mentions(text);
    let mut wanted: BTreeSet<String> = mentions.people.into_iter().collect();
    wanted.extend(to.iter().map(Id::to_string));
    wanted.extend(members(tx, &mentions.teams).await?);
    wanted.remove(tx.me().as_str());
    let people = visible(tx, &wanted).await?;
    if people.len() > MOST {
        let sentence = format!("This names {} people. Name at most {MOST}.", people.len());
        return Err(Error::invalid("body", sentence));
    }
    let mut heard = Heard::default();
    for one in people {
        match sees(tx, about, one.id).await? {
            true => heard.sees.push(one),
            false => heard.blind.push(one.name),
        }
    }
    Ok(heard)
}

/// Whether somebody has an account and sees the record.
pub(crate) async fn sees(tx: &mut Tx<'_>, about: &Reference, person: Id<Person>) -> Result<bool> {
    let Some(actor) = actor_of(tx, person).await? else { return Ok(false) };
    match tx.card_for(&actor, about).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The members that these teams have today, for somebody who sees teams.
pub(crate) async fn members(tx: &mut Tx<'_>, teams: &[String]) -> Result<Vec<String>> {
    if teams.is_empty() || !tx.actor().belongs() {
        return Ok(Vec::new());
    }
    let select = sql!(
        "select distinct m.person_id from memberships m
          where m.workspace_id = $1 and m.team_id in (select value from json_each(cast($2 as text))) and",
        holds!("m", "$3")
    );
    tx.all(select, args![tx.workspace(), list(teams), today(tx)]).await
}

/// Those of these people whom the actor sees and who are still here, by name.
pub(crate) async fn visible(tx: &mut Tx<'_>, ids: &BTreeSet<String>) -> Result<Vec<Named<Person>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = sql!(
        "select p.id, p.name from people p where",
        VISIBLE,
        "and p.deactivated_at is null and p.id in (select value from json_each(cast($4 as text))) order by p.sort_name, p.id"
    );
    let (belongs, me) = (tx.actor().belongs(), tx.me());
    let found: Vec<(Id<Person>, String)> = tx.all(select, args![tx.workspace(), belongs, me, list(ids)]).await?;
    Ok(found.into_iter().map(|(id, name)| Named { id, name }).collect())
}

/// Keeps who was named, and lets them watch. Whoever is named already stays as they were.
pub(crate) async fn keep(
    tx: &mut Tx<'_>,
    about: &Reference,
    comment: Id<Comment>,
    heard: &Heard,
    verb: Option<Verb>,
) -> Result<()> {
    let insert = sql!(
        "insert into mentions (workspace_id, comment_id, person_id, verb) values ($1, $2, $3, $4)
         on conflict (workspace_id, comment_id, person_id) do nothing"
    );
    for one in &heard.sees {
        tx.run(insert, args![tx.workspace(), comment, one.id, verb]).await?;
        watch(tx, about, one.id, false).await?;
    }
    Ok(())
}

/// Those whom the field `to` of a form names, parted by commas.
pub(crate) async fn named(form: &Submitted) -> Result<Vec<Id<Person>>> {
    let mut ids = Vec::new();
    for text in form.text("to").split([',', ';', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
        ids.push(match text.parse() {
            Ok(id) => id,
            Err(_) => choices::named(&form.cx, "to", text.trim_start_matches('@')).await?,
        });
    }
    Ok(ids)
}

/// `Ines`, `Ines and Tomasz`, `Ines, Tomasz and 3 others`
pub(crate) fn in_words(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} others", rest.len()),
    }
}
