use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Query {
    text.parse().unwrap_or_else(|mistake: Mistake| panic!("{text}: {mistake:?}"))
}

fn mistake(text: &str) -> (usize, String) {
    let mistake = text.parse::<Query>().expect_err(text);
    (mistake.at, mistake.sentence)
}

#[test]
fn the_example_is_read_as_it_is_meant() {
    let query =
        read("team:payments state:started,\"In review\" updated:<5d -assignee:me time-in(review)>3d sort:rank late");
    assert_eq!(query.sort, Some(Sort::Rank));
    assert_eq!(query.alternatives().unwrap()[0].len(), 6);
    let printed =
        "team:payments state:started,\"In review\" updated:<5d -assignee:me time-in(review):>3d late sort:rank";
    assert_eq!(query.to_string(), printed);
}

#[test]
fn each_mistake_is_told_where_it_stands() {
    let cases = [
        ("team:payments stat:done", 14, "Did you mean `state`?"),
        ("nothing:1", 0, "The fields are team, state"),
        ("priority:hihg", 9, "Did you mean `high`?"),
        ("updated:<soon", 9, "does not fit `updated`"),
        ("updated:5d", 8, "does not fit `updated`"),
        ("assignee:", 9, "Something has to stand here."),
        ("label:a,", 8, "Something has to stand here."),
        ("blocked:maybe", 8, "yes or no"),
        ("\"open", 0, "not closed"),
        ("field:x", 6, "between brackets"),
        ("field(\"Seats\"", 13, "closing bracket"),
        ("field(Seats)>5", 12, "A colon is missing."),
        ("field():5", 6, "Something has to stand here."),
        ("field(Seats):", 13, "Something has to stand here."),
        ("time-in(review", 14, "closing bracket"),
        ("time-in(review)", 15, "Compare the time."),
        ("time-in(review):>x", 17, "no length of time"),
        ("sort:size", 5, "Sort by one of rank"),
        ("sort:rank sort:due", 15, "already"),
        ("-sort:rank", 0, "negated"),
        ("team:a(b", 6, "`(` cannot stand here."),
        ("state:done or", 13, "both sides of `or`"),
        ("or state:done", 0, "both sides of `or`"),
        ("a or or b", 5, "both sides of `or`"),
        ("a (b or c", 2, "not closed"),
        ("a or b) c", 6, "closes nothing"),
        ("a ()", 3, "between brackets"),
        ("(a sort:due)", 3, "outside of brackets"),
        ("(a)b", 3, "`b` cannot stand here."),
        ("état:x stat:y", 7, "Did you mean `state`?"),
        ("team:none", 5, "does not fit `team`"),
        ("team:>a", 6, "does not fit `team`"),
    ];
    for (query, at, part) in cases {
        let found = mistake(query);
        assert!(found.0 == at && found.1.contains(part), "{query}: {found:?}");
    }
}

#[test]
fn what_is_too_long_is_refused_at_once() {
    assert_eq!(mistake(&"a ".repeat(41)).0, 80);
    assert_eq!(mistake(&"(".repeat(1_000_000)).0, 2_000);
    assert_eq!(mistake(&"(".repeat(1_900)), (10, "Brackets stand at most 10 deep.".into()));
    let many = "(a or b) ".repeat(5);
    assert!(read(&many).alternatives().unwrap_err().sentence.contains("more than 16 alternatives"));
    assert!(read(&format!("-({})", "(a b) or ".repeat(8) + "c")).alternatives().is_err());
    assert!(mistake(&format!("label:{}", "a,".repeat(500))).1.contains("at most 100 values"));
}

/// The alternatives of a query, printed.
fn resolved(query: &str) -> Vec<String> {
    let all = read(query).alternatives().unwrap();
    all.iter().map(|terms| terms.iter().map(Term::to_string).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn brackets_are_resolved_into_alternatives() {
    assert_eq!(resolved(""), [""]);
    assert_eq!(resolved("a or b c"), ["a", "b c"]);
    assert_eq!(resolved("(a OR b) -c"), ["a -c", "b -c"]);
    assert_eq!(resolved("-(a or b) c"), ["-a -b c"]);
    assert_eq!(resolved("-(a -b)"), ["-a", "b"]);
    assert_eq!(resolved("-((a or b) c)"), ["-a -b", "-c"]);
    assert_eq!(resolved("sort:due is:open or \"or\""), ["is:open", "\"or\""]);
}

#[test]
fn what_is_being_typed_is_known() {
    assert_eq!(place("a (st", 5), (3, Place::Field(vec![Field::State, Field::Started])));
    assert_eq!(place("a -(state:re", 12), (10, Place::Value(Field::State, "re".into())));
    assert_eq!(place("a o", 3), (2, Place::Or));
    assert_eq!(place("st", 2), (0, Place::Field(vec![Field::State, Field::Started])));
    assert_eq!(place("team:pay sta", 12), (9, Place::Field(vec![Field::State, Field::Started])));
    assert_eq!(place("-state:a,rev x", 12), (9, Place::Value(Field::State, "rev".into())));
    assert_eq!(place("updated:<5", 10), (9, Place::Value(Field::Updated, "5".into())));
    assert_eq!(place("time-in(re", 10), (8, Place::TimeIn("re".into())));
    assert_eq!(place("a field(Cu", 10), (8, Place::Custom("Cu".into())));
    assert_eq!(place("field(\"Plan\"):a,b", 17), (16, Place::Held("Plan".into(), "b".into())));
    assert_eq!(place("sort:u", 6), (5, Place::Sort("u".into())));
}

fn word() -> impl Strategy<Value = Word> {
    "[a-zA-Z0-9 :,<>()\"\\\\äß-]{1,12}".prop_map(|text| Word { text, at: 0 })
}

fn value_of(field: Field) -> BoxedStrategy<Word> {
    let texts: BoxedStrategy<String> = match field.kind() {
        Kind::Name => "[a-z \"ü,(-]{1,9}".prop_filter("`none` has its own meaning", |text| text != "none").boxed(),
        Kind::Words(words) => prop::sample::select(words).prop_map(str::to_owned).boxed(),
        Kind::Number => (0..99_999_i64).prop_map(|n| crate::estimate::Estimate(n).to_string()).boxed(),
        Kind::Past | Kind::Day => {
            prop::sample::select(&["today", "2026-04-01", "yesterday"][..]).prop_map(str::to_owned).boxed()
        }
    };
    texts.prop_map(|text| Word { text, at: 0 }).boxed()
}

fn term() -> impl Strategy<Value = Term> {
    let fields: Vec<Field> = FIELDS.iter().map(|(field, ..)| *field).collect();
    let compared: Vec<Field> =
        fields.iter().copied().filter(|f| !matches!(f.kind(), Kind::Name | Kind::Words(_))).collect();
    let comparison = || prop::sample::select(&Comparison::ALL[..]);
    let length = || "[1-9][0-9]{0,3}[mhdw]".prop_map(|text| Word { text, at: 0 });
    let what = prop_oneof![
        word().prop_map(What::Text),
        prop::sample::select(fields).prop_flat_map(
            |field| prop::collection::vec(value_of(field), 1..4).prop_map(move |words| What::Is(field, words))
        ),
        (prop::sample::select(compared), comparison())
            .prop_flat_map(|(field, how)| value_of(field).prop_map(move |word| What::Compare(field, how, word))),
        (prop::collection::vec(word(), 1..3), comparison(), length())
            .prop_map(|(states, how, word)| What::TimeIn(states, how, word)),
        (word(), prop::collection::vec(word(), 1..4)).prop_map(|(field, words)| What::Custom(field, Asked::Is(words))),
        (word(), comparison(), word()).prop_map(|(field, how, word)| What::Custom(field, Asked::Compare(how, word))),
    ];
    (any::<bool>(), what).prop_map(|(negated, what)| Term { negated, what })
}

/// Brackets within brackets, as deep as somebody would write them.
fn part() -> impl Strategy<Value = Part> {
    term().prop_map(Part::Term).prop_recursive(3, 12, 3, |inner| {
        let within = prop::collection::vec(prop::collection::vec(inner, 1..3), 1..3);
        (any::<bool>(), within).prop_map(|(negated, any)| Part::Group { negated, any })
    })
}

/// As the reader counts it.
fn size(any: &Any) -> usize {
    let part = |part: &Part| match part {
        Part::Term(_) => 1,
        Part::Group { any, .. } => 1 + size(any),
    };
    any.iter().flatten().map(part).sum()
}

fn query() -> impl Strategy<Value = Query> {
    let all = prop::collection::vec(prop::collection::vec(part(), 1..3), 0..4);
    let sort = prop::option::of(prop::sample::select(&Sort::ALL[..]));
    (all, sort).prop_map(|(any, sort)| Query { any, sort }).prop_filter("as long as one writes", |query| {
        size(&query.any) + usize::from(query.sort.is_some()) <= 40 && query.to_string().len() < 1_900
    })
}

/// Whether the query holds if these of its terms do, by what `or`, brackets and `-` mean.
fn holds(any: &Any, is: &impl Fn(&What) -> bool) -> bool {
    let part = |part: &Part| match part {
        Part::Term(term) => is(&term.what) != term.negated,
        Part::Group { negated, any } => holds(any, is) != *negated,
    };
    any.is_empty() || any.iter().any(|all| all.iter().all(part))
}

proptest! {
    #[test]
    fn alternatives_hold_where_the_query_does(query in query(), salt in any::<u64>()) {
        let is = |what: &What| kernel::fingerprint(&format!("{salt}{what:?}")) % 2 == 0;
        if let Ok(alternatives) = query.alternatives() {
            let found = alternatives.iter().any(|all| all.iter().all(|term| is(&term.what) != term.negated));
            prop_assert_eq!(found, holds(&query.any, &is));
        }
    }

    #[test]
    fn what_is_printed_is_read_again(query in query()) {
        prop_assert_eq!(read(&query.to_string()), query);
    }

    #[test]
    fn nothing_that_is_typed_is_a_panic(text in "\\PC{0,60}", at in 0_usize..80) {
        let _ = text.parse::<Query>();
        let _ = place(&text, at);
    }
}
