//! Documents by their words: FTS5 and the text search of PostgreSQL behind three functions.
//!
//! A document is its number and, in each index, a list of tokens. Who may read it is a token too, so that the access
//! check is part of the question and what a reader may not see takes no place among the answers. Whoever asks makes the
//! tokens: letters and digits in lower case, `=` and `_`; see the part `search`.
use kernel::{Result, Sql, Tx, args, sql};
use std::{fmt, ops::Range};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    Titles,
    Texts,
    /// Words with one letter left out, without their order.
    Near,
}

/// What is looked for. `All` and `Any` of nothing, and a phrase of nothing, are not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    Token(String),
    /// A token that begins like this.
    Start(String),
    /// Tokens one after the other.
    Phrase(Vec<String>),
    All(Vec<Pattern>),
    Any(Vec<Pattern>),
    /// The first, where the second is not.
    But(Box<Pattern>, Box<Pattern>),
}

/// Gives a document its tokens in one index, with a space between; it must have none there.
pub async fn put(tx: &mut Tx<'_>, index: Index, number: i64, tokens: &str) -> Result<()> {
    let insert = match index {
        Index::Titles => sql!(
            postgres: "insert into search_titles (number, tokens) values ($1, search_tokens($2))",
            sqlite: "insert into search_titles (rowid, tokens) values ($1, $2)",
        ),
        Index::Texts => sql!(
            postgres: "insert into search_texts (number, tokens) values ($1, search_tokens($2))",
            sqlite: "insert into search_texts (rowid, tokens) values ($1, $2)",
        ),
        Index::Near => sql!(
            postgres: "insert into search_near (number, tokens) values ($1, search_tokens($2))",
            sqlite: "insert into search_near (rowid, tokens) values ($1, $2)",
        ),
    };
    tx.run(insert, args![number, tokens]).await?;
    Ok(())
}

/// Takes a document out of all indexes.
pub async fn remove(tx: &mut Tx<'_>, number: i64) -> Result<()> {
    let deletes = [
        sql!(
            postgres: "delete from search_titles where number = $1",
            sqlite: "delete from search_titles where rowid = $1",
        ),
        sql!(
            postgres: "delete from search_texts where number = $1",
            sqlite: "delete from search_texts where rowid = $1",
        ),
        sql!(
            postgres: "delete from search_near where number = $1",
            sqlite: "delete from search_near where rowid = $1",
        ),
    ];
    for delete in deletes {
        tx.run(delete, args![number]).await?;
    }
    Ok(())
}

/// The highest numbers in a range whose documents fit, highest first.
pub async fn newest(
    tx: &mut Tx<'_>,
    index: Index,
    pattern: &Pattern,
    numbers: &Range<i64>,
    limit: i64,
) -> Result<Vec<i64>> {
    let question = pattern.to_string();
    tx.all(select(index), args![question, numbers.start, numbers.end, limit]).await
}

/// To be called once before the first [`newest`] of a transaction: PostgreSQL then looks at the words of each question
/// and chooses between the index, for rare words, and the newest rows one by one, for frequent ones.
pub async fn look_at_words(tx: &mut Tx<'_>) -> Result<()> {
    let setting = sql!(
        postgres: "select set_config('plan_cache_mode', 'force_custom_plan', true)",
        sqlite: "select ''",
    );
    tx.one::<String>(setting, args![]).await?;
    Ok(())
}

fn select(index: Index) -> Sql {
    match index {
        Index::Titles => sql!(
            postgres: "select number from search_titles where tokens @@ search_pattern($1) and number >= $2 and number < $3
                        order by number desc limit $4",
            sqlite: "select rowid from search_titles where search_titles match $1 and rowid >= $2 and rowid < $3
                      order by rowid desc limit $4",
        ),
        Index::Texts => sql!(
            postgres: "select number from search_texts where tokens @@ search_pattern($1) and number >= $2 and number < $3
                        order by number desc limit $4",
            sqlite: "select rowid from search_texts where search_texts match $1 and rowid >= $2 and rowid < $3
                      order by rowid desc limit $4",
        ),
        Index::Near => sql!(
            postgres: "select number from search_near where tokens @@ search_pattern($1) and number >= $2 and number < $3
                        order by number desc limit $4",
            sqlite: "select rowid from search_near where search_near match $1 and rowid >= $2 and rowid < $3
                      order by rowid desc limit $4",
        ),
    }
}

/// In the words of FTS5, which a function of the migration turns into those of PostgreSQL.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, all: &[Pattern], word: &str| {
            let texts: Vec<String> = all.iter().map(Pattern::to_string).collect();
            write!(f, "({})", texts.join(word))
        };
        match self {
            Pattern::Token(token) => write!(f, "\"{token}\""),
            Pattern::Start(start) => write!(f, "\"{start}\" *"),
            Pattern::Phrase(tokens) => write!(f, "(\"{}\")", tokens.join("\" + \"")),
            Pattern::All(all) => joined(f, all, " AND "),
            Pattern::Any(all) => joined(f, all, " OR "),
            Pattern::But(wanted, unwanted) => write!(f, "({wanted} NOT {unwanted})"),
        }
    }
}
