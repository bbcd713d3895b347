//! `search.find`: what the pages, the API and the command line ask.
use crate::{
    entry::{author_key, begins, kind_key, numbers, reader_key, team_key, whole},
    extract::{Marks, Piece, extract, title},
    keep::kinds,
    query::{Name, Query},
    words::slips,
};
use db::search::{Index, Pattern, look_at_words, newest};
use kernel::{
    Actor, Card, Document, Documents, Error, Id, Method::Get, Operation, Person, Reader, Reference, Result, Role,
    Route, Team, Time, Tx, args, list, sql,
};
use people::{
    access::teams_of,
    documents::{people_named, teams_named},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Finds the records that the reader may see, by their words.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindRecords {
    /// Words, of which the last may go on; `"a phrase"`; `-word`; and the filters `is:person`, `by:me`, `by:"a name"`,
    /// `team:name`, `before:2026-05`, `after:2026-05-31` (days of UTC, the named time not included), `in:title`.
    #[serde(default)]
    pub q: String,
    /// 1 to 100 records; 20 if left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Found {
    /// The best first: what is called so, what begins so, what has the words in its title, what has them in its text;
    /// a whole word before the beginning of one, and of those that fit as well the newest.
    pub hits: Vec<Hit>,
    /// There are others, which a larger limit shows.
    pub more: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Hit {
    pub kind: String,
    /// The kind as a heading, such as `People`.
    pub heading: String,
    pub id: String,
    pub title: Vec<Piece>,
    pub extract: Vec<Piece>,
    /// A word about the state of the record, such as `Left`, or nothing.
    pub mark: String,
    /// The address of its page, from the root of the site.
    pub href: String,
    pub at: Time,
}

/// Fewer hits than this, and titles with a slip in them are looked at too.
const FEW: usize = 3;
/// A text is searched for the beginning of a word from so many letters on; before, only titles are.
const SHORTEST_START: usize = 3;

/// A question with the names in it looked up.
pub struct Asked {
    query: Query,
    authors: Vec<Id<Person>>,
    teams: Vec<Id<Team>>,
}

impl Operation for FindRecords {
    const NAME: &str = "search.find";
    const ROUTE: Route = Route(Get, "/search");
    const READS: bool = true;
    type Target = Asked;
    type Output = Found;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Asked> {
        let kinds: Vec<&'static str> = kinds(tx).into_iter().map(|(kind, _)| kind).collect();
        let query = Query::parse(&self.q, &kinds)?;
        let (mut authors, mut teams) = (Vec::new(), Vec::new());
        for name in &query.authors {
            match name {
                Name::Me => authors.push(tx.me()),
                Name::Like(text) => authors.extend(people_named(tx, text).await?),
            }
        }
        for name in &query.teams {
            if let Name::Like(text) = name {
                teams.extend(teams_named(tx, text).await?);
            }
        }
        Ok(Asked { query, authors, teams })
    }

    fn allows(_: &Actor, _: &Asked) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, asked: Asked) -> Result<Found> {
        let limit = self.limit.unwrap_or(20).clamp(1, 100) as usize;
        let Asked { query, authors, teams } = &asked;
        let nobody = (authors.is_empty() && !query.authors.is_empty()) || (teams.is_empty() && !query.teams.is_empty());
        if query.is_empty() || nobody {
            return Ok(Found { hits: Vec::new(), more: false });
        }
        look_at_words(tx).await?;
        let readers = readers(tx).await?;
        let search = Search { reach: asked.reach(tx.workspace(), &readers), query, readers: &readers, limit };
        let mut hits = search.run(tx).await?;
        let more = hits.len() > limit;
        hits.truncate(limit);
        Ok(Found { hits, more })
    }
}

/// What the actor is to documents: one of these must be among a document's readers.
async fn readers(tx: &mut Tx<'_>) -> Result<Vec<Reader>> {
    let (actor, me) = (tx.actor(), tx.me());
    let mut all = vec![Reader::Person(me)];
    if actor.belongs() {
        all.push(Reader::Colleagues);
        all.extend(teams_of(tx, me).await?.into_iter().map(Reader::Team));
        all.extend(roles(actor).map(Reader::Role));
    }
    Ok(all)
}

/// To be a member or a guest says no more than the above.
fn roles(actor: &Actor) -> impl Iterator<Item = Role> {
    let special = Role::ALL.into_iter().filter(|role| !matches!(role, Role::Member | Role::Guest));
    special.filter(|role| actor.is(*role))
}

impl Asked {
    /// What every document that is found must have, whatever its words are.
    fn reach(&self, workspace: Id<kernel::Workspace>, readers: &[Reader]) -> Vec<Pattern> {
        let any = |keys: Vec<String>| Pattern::Any(keys.into_iter().map(Pattern::Token).collect());
        let choices = [
            readers.iter().map(|reader| reader_key(workspace, *reader)).collect::<Vec<_>>(),
            self.query.kinds.iter().map(|kind| kind_key(kind)).collect(),
            self.authors.iter().map(|id| author_key(*id)).collect(),
            self.teams.iter().map(|id| team_key(*id)).collect(),
        ];
        choices.into_iter().filter(|keys| !keys.is_empty()).map(any).collect()
    }
}

/// One way to fit: the better ones come first, and each finds what those before it in the same index find, too.
struct Tier {
    index: Index,
    words: Vec<Pattern>,
}

struct Search<'a> {
    query: &'a Query,
    reach: Vec<Pattern>,
    readers: &'a [Reader],
    limit: usize,
}

impl Search<'_> {
    /// One hit more than the limit, if there is one.
    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Hit>> {
        let (mut hits, mut seen) = (Vec::new(), BTreeSet::new());
        for tier in self.tiers() {
            let slips = tier.index == Index::Near;
            if hits.len() > self.limit || (slips && hits.len() >= FEW.min(self.limit)) {
                break;
            }
            let limit = self.limit + 1 + seen.len();
            let range = numbers(self.query.from, self.query.until);
            let found = newest(tx, tier.index, &self.pattern(tier.words), &range, limit as i64).await?;
            let fresh: Vec<i64> = found.into_iter().filter(|number| seen.insert(*number)).collect();
            self.look_up(tx, &fresh, &self.marks(slips), &mut hits).await?;
        }
        Ok(hits)
    }

    fn pattern(&self, words: Vec<Pattern>) -> Pattern {
        let wanted = Pattern::All(self.reach.iter().cloned().chain(words).collect());
        let unwanted: Vec<Pattern> = self.query.unwanted.iter().map(|words| exact(words)).collect();
        match unwanted.is_empty() {
            true => wanted,
            false => Pattern::But(Box::new(wanted), Box::new(Pattern::Any(unwanted))),
        }
    }

    fn tiers(&self) -> Vec<Tier> {
        use Index::{Near, Texts, Titles};
        let query = self.query;
        // Whether a text has a word that must not be there is not known to the index of titles.
        let titles = query.only_titles || query.unwanted.is_empty();
        let worded = !query.wanted.is_empty() || !query.unwanted.is_empty();
        let texts = worded && !query.only_titles;
        let mut all = Vec::new();
        let mut add = |wanted: bool, index: Index, words: Option<Vec<Pattern>>| {
            all.extend(words.filter(|_| wanted).map(|words| Tier { index, words }));
        };
        let exact: Vec<Pattern> = query.wanted.iter().map(|words| exact(words)).collect();
        let whole = self.whole();
        add(titles, Titles, whole.clone().map(|text| vec![Pattern::Token(text)]));
        let end = if query.open { "" } else { "_" };
        add(titles, Titles, whole.map(|text| vec![begins(&(text + end))]));
        add(titles, Titles, Some(exact.clone()));
        add(titles, Titles, self.with_start(&exact, 1));
        add(texts, Texts, Some(exact.clone()));
        add(texts, Texts, self.with_start(&exact, SHORTEST_START));
        add(titles && query.unwanted.is_empty(), Near, self.near());
        all
    }

    /// The question as a whole title, if it is made of single words.
    fn whole(&self) -> Option<String> {
        let single = !self.query.wanted.is_empty() && self.query.wanted.iter().all(|words| words.len() == 1);
        single.then(|| whole(&self.query.wanted.concat()))
    }

    /// The words, the last of which may go on, if it has so many letters.
    fn with_start(&self, exact: &[Pattern], letters: usize) -> Option<Vec<Pattern>> {
        let start = self.start().filter(|word| !word.is_ascii() || word.len() >= letters)?;
        let others = exact.iter().take(exact.len() - 1).cloned();
        Some(others.chain([Pattern::Start(start.clone())]).collect())
    }

    fn start(&self) -> Option<&String> {
        self.query.wanted.last().filter(|_| self.query.open).and_then(|words| words.last())
    }

    fn near(&self) -> Option<Vec<Pattern>> {
        let any = |word: &String| Pattern::Any(slips(word).into_iter().map(Pattern::Token).collect());
        let words = self.query.wanted.concat();
        let long = words.iter().any(|word| slips(word).len() > 1);
        long.then(|| words.iter().map(any).collect())
    }

    fn marks(&self, slips: bool) -> Marks {
        let words = self.query.wanted.iter().flatten().cloned().collect();
        Marks { words, start: self.start().cloned(), slips }
    }

    /// Adds those that are still there and that the reader may see now, in this order, until there is one too many.
    async fn look_up(&self, tx: &mut Tx<'_>, numbers: &[i64], marks: &Marks, hits: &mut Vec<Hit>) -> Result<()> {
        let kinds = kinds(tx);
        for (kind, id) in references(tx, numbers).await? {
            let Some((_, documents)) = kinds.iter().find(|(name, _)| *name == kind) else { continue };
            if let Some((document, card)) =
                self.live(tx, documents, &Reference { kind: kind.clone(), id: id.clone() }).await?
            {
                hits.push(hit(kind, id, documents.title, &document, card, marks));
            }
            if hits.len() > self.limit {
                break;
            }
        }
        Ok(())
    }

    /// The record as it stands now, whatever the index says of it.
    async fn live(
        &self,
        tx: &mut Tx<'_>,
        documents: &Documents,
        record: &Reference,
    ) -> Result<Option<(Document, Card)>> {
        let document = (documents.read)(tx, &record.id).await?;
        let mine = |document: &Document| document.readers.iter().any(|reader| self.readers.contains(reader));
        let Some(document) = document.filter(mine) else { return Ok(None) };
        match tx.card(record).await {
            Ok(card) => Ok(Some((document, card))),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn exact(words: &[String]) -> Pattern {
    match words {
        [word] => Pattern::Token(word.clone()),
        words => Pattern::Phrase(words.to_vec()),
    }
}

async fn references(tx: &mut Tx<'_>, numbers: &[i64]) -> Result<Vec<(String, String)>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let select = sql!(
        "select kind, id from search_documents
          where workspace_id = $1 and number in (select cast(value as bigint) from json_each(cast($2 as text)))
          order by number desc"
    );
    tx.all(select, args![tx.workspace(), list(numbers)]).await
}

fn hit(kind: String, id: String, heading: &str, document: &Document, card: Card, marks: &Marks) -> Hit {
    Hit {
        kind,
        heading: heading.to_owned(),
        id,
        title: title(&card.title, marks),
        extract: extract(&document.body, marks),
        mark: document.mark.to_owned(),
        href: card.href,
        at: document.at,
    }
}
