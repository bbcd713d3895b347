//! What a query asks of the fields that were added to issues.
use super::{
    named::{matching, named_people},
    way::FEW,
};
use crate::{
    custom::{CustomField, Kind, Number, choices_of, day_key, everything, sought, text_key},
    query::{Asked, Comparison, Mistake, Moment, Word},
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Id, Result, Tx, args, columns, list, sql};

/// From the first to the second of what is sought, both included.
type Range = [String; 2];

/// Conditions on what issues hold, all of which have to be met.
#[derive(Default)]
pub(super) struct Holds {
    /// Each a list of ranges, in one of which the issue holds something.
    hit: Vec<Vec<Range>>,
    /// Fields in which it holds nothing.
    empty: Vec<String>,
    /// What it does not hold.
    missed: Vec<String>,
}

impl Holds {
    pub async fn add(
        &mut self,
        tx: &mut Tx<'_>,
        negated: bool,
        field: &Word,
        asked: &Asked,
        zone: &TimeZone,
    ) -> Result<()> {
        let fields = Named::of(tx, field).await?;
        match asked {
            Asked::Compare(comparison, word) => {
                let comparison = if negated { comparison.opposite() } else { *comparison };
                let today = tx.now().date(zone);
                self.hit.push(compared(&fields, comparison, word, today)?);
            }
            Asked::Is(words) => match words.iter().find(|word| word.text == "none") {
                Some(none) if words.len() > 1 => {
                    return Err(Mistake::new(none.at, "`none` stands alone among the values of a field.").into());
                }
                Some(_) if negated => self.hit.push(fields.iter().map(|field| everything(field.id)).collect()),
                Some(_) => self.empty.extend(fields.iter().map(|field| field.id.to_string())),
                None => {
                    let all = exact(tx, &fields, words, zone).await?;
                    match negated {
                        true => self.missed.extend(all),
                        false => self.hit.push(all.into_iter().map(|one| [one.clone(), one]).collect()),
                    }
                }
            },
        }
        Ok(())
    }

    /// Each as whether nothing is asked, and as a list: the ranges to be hit, and the fields that are to be empty.
    pub fn lists(&self) -> [(bool, String); 2] {
        let hit = list(self.hit.iter().map(|ranges| list(ranges.iter().map(list))));
        [(self.hit.is_empty(), hit), (self.empty.is_empty() && self.missed.is_empty(), list(&self.empty))]
    }

    /// What is not to be held; the second list says whether it counts.
    pub fn missed(&self) -> String {
        list(&self.missed)
    }

    /// The issues that meet one of the conditions, where the index knows that they are few.
    pub async fn few(&self, tx: &mut Tx<'_>) -> Result<Option<String>> {
        let select = sql!(
            "select issue_id from issue_values where workspace_id = $1 and sought >= $2 and sought <= $3 limit $4"
        );
        for ranges in &self.hit {
            let mut found: Vec<String> = Vec::new();
            for [first, last] in ranges {
                let more = (FEW + 1).saturating_sub(found.len()) as i64;
                found.extend(tx.all::<String>(select, args![tx.workspace(), first, last, more]).await?);
            }
            if found.len() <= FEW {
                return Ok(Some(list(found)));
            }
        }
        Ok(None)
    }
}

/// A field of the name that a query says; several teams may have one.
struct Named {
    id: Id<CustomField>,
    name: String,
    kind: Kind,
}
columns!(Named { id, name, kind });

impl Named {
    async fn of(tx: &mut Tx<'_>, field: &Word) -> Result<Vec<Named>> {
        let select = sql!("select id, name, kind from custom_fields where workspace_id = $1 and $2");
        let mut all: Vec<Named> = tx.all(select, args![tx.workspace(), tx.actor().belongs()]).await?;
        let names: Vec<(String, String)> = all.iter().map(|one| (one.id.to_string(), one.name.clone())).collect();
        let found = matching(field, "field", &names, |id| id == field.text)?;
        all.retain(|one| found.iter().any(|id| id == one.id.as_str()));
        Ok(all)
    }
}

fn wrong(word: &Word, fields: &[Named]) -> Mistake {
    let holds = match fields.first().map(|field| field.kind) {
        Some(Kind::Number) => "a number, such as 12 or <=0.5",
        Some(Kind::Day) => "a day, such as 2026-04-01, today or <7d",
        Some(Kind::Choice) => "one of its choices",
        _ => "a text, which is not compared",
    };
    let name = fields.first().map(|field| field.name.as_str()).unwrap_or_default();
    Mistake::new(word.at, format!("`{}` does not fit “{name}”. It takes {holds}.", word.text))
}

/// Only numbers and days are compared.
fn compared(fields: &[Named], comparison: Comparison, word: &Word, today: Date) -> Result<Vec<Range>, Mistake> {
    let keys = |field: &Named| match field.kind {
        Kind::Number => {
            let number = word.text.parse::<Number>().ok()?;
            let ends = [Number::LEAST.key(), Number::MOST.key()];
            Some(within(comparison, ends, number.key(), [number.previous().key(), number.next().key()]))
        }
        Kind::Day => {
            let day = Moment::read(&word.text)?.day(today);
            let near = [day.yesterday().unwrap_or(day), day.tomorrow().unwrap_or(day)];
            let ends = ["0001-01-01".to_owned(), "9999-12-31".to_owned()];
            Some(within(comparison, ends, day_key(day), near.map(day_key)))
        }
        _ => None,
    };
    let ranges = fields.iter().filter_map(|field| Some(keys(field)?.map(|key| sought(field.id, &key))));
    let ranges: Vec<Range> = ranges.collect();
    if ranges.is_empty() { Err(wrong(word, fields)) } else { Ok(ranges) }
}

/// What compares so with a key, of which the keys right before and behind it are given, as all keys in order.
fn within(comparison: Comparison, [first, last]: Range, key: String, [before, after]: Range) -> Range {
    match comparison {
        Comparison::Less => [first, before],
        Comparison::LessOrSame => [first, key],
        Comparison::More => [after, last],
        Comparison::MoreOrSame => [key, last],
    }
}

/// What is sought for each value. A word has to fit one of the fields.
async fn exact(tx: &mut Tx<'_>, fields: &[Named], words: &[Word], zone: &TimeZone) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for word in words {
        let (before, mut mistake) = (all.len(), None);
        for field in fields {
            match keys(tx, field, word, zone).await? {
                Ok(keys) => all.extend(keys.iter().map(|key| sought(field.id, key))),
                Err(one) => mistake = mistake.or(Some(one)),
            }
        }
        if let Some(mistake) = mistake.filter(|_| all.len() == before) {
            return Err(mistake.into());
        }
    }
    Ok(all)
}

async fn keys(tx: &mut Tx<'_>, field: &Named, word: &Word, zone: &TimeZone) -> Result<Result<Vec<String>, Mistake>> {
    let unfit = || wrong(word, std::slice::from_ref(field));
    Ok(match field.kind {
        Kind::Text | Kind::Link => Ok(vec![text_key(&word.text)]),
        Kind::Number => word.text.parse::<Number>().map(|number| vec![number.key()]).map_err(|_| unfit()),
        Kind::Day => match Moment::read(&word.text) {
            Some(Moment::Span(_)) | None => Err(unfit()),
            Some(moment) => Ok(vec![day_key(moment.day(tx.now().date(zone)))]),
        },
        Kind::Choice => {
            let all = choices_of(tx, &[field.id]).await?;
            let named: Vec<(String, String)> = all.into_iter().map(|(_, one)| (one.id.to_string(), one.name)).collect();
            matching(word, "choice", &named, |id| id == word.text)
        }
        Kind::Person => Ok(named_people(tx, std::slice::from_ref(word)).await?.into_iter().collect()),
    })
}

/// More names are not proposed in queries.
const MOST_NAMES: i64 = 500;

/// The names of all fields, for completion.
pub(super) async fn field_names(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let select = sql!(
        "select distinct name from custom_fields where workspace_id = $1 and $2 and archived_at is null
          order by name limit $3"
    );
    tx.all(select, args![tx.workspace(), tx.actor().belongs(), MOST_NAMES]).await
}

/// What can be chosen in a field of this name, and `none`.
pub(super) async fn value_names(tx: &mut Tx<'_>, field: &str) -> Result<Vec<String>> {
    let select = sql!(
        "select distinct c.name from custom_choices c
           join custom_fields f on f.workspace_id = c.workspace_id and f.id = c.field_id
          where c.workspace_id = $1 and $2 and lower(f.name) = lower($3) and c.archived_at is null
          order by c.name limit $4"
    );
    let names: Vec<String> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), field, MOST_NAMES]).await?;
    Ok(["none".to_owned()].into_iter().chain(names).collect())
}
