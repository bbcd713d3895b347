use super::{Flow, Spread, between, spread};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn half_of_it_may_rest_on_one() {
    assert_eq!(spread([8, 1, 1, 1, 1]), Some(Spread { people: 5, total: 12, half: 1, most: 3 }));
    assert_eq!(spread([2, 2, 2, 2, 0]), Some(Spread { people: 4, total: 8, half: 2, most: 4 }));
    assert_eq!(spread([5]), Some(Spread { people: 1, total: 5, half: 1, most: 1 }));
    assert_eq!(spread([0, 0]), None);
}

fn flow(by: Option<&str>, of: Option<&str>, count: usize) -> Flow {
    Flow { by: by.map(str::to_owned), of: of.map(str::to_owned), count }
}

#[test]
fn groups_are_shown_where_three_people_are_in_them() {
    let pay = [("ann", Some("Pay")), ("ben", Some("Pay")), ("cat", Some("Pay"))];
    let book = [("dan", Some("Books")), ("eve", Some("Books")), ("fay", Some("Books"))];
    let both: Vec<_> = pay.into_iter().zip(book).collect();
    assert_eq!(between(&both, 3), [flow(Some("Pay"), Some("Books"), 3)]);
    let two: Vec<_> = pay.into_iter().zip([book[0], book[1], book[0]]).collect();
    assert_eq!(between(&two, 3), [], "two people would be what is left, so nobody is shown");
    let mut three = two.clone();
    three.push((("gus", None), pay[0]));
    assert_eq!(between(&three, 3), [flow(None, Some("Pay"), 1), flow(Some("Pay"), None, 3)]);
}

proptest! {
    #[test]
    fn no_number_is_about_fewer(deeds in prop::collection::vec((0usize..9, 0usize..9), 0..40)) {
        let names: Vec<String> = (0..9).map(|number| format!("p{number}")).collect();
        let group = |number: usize| [Some("a"), Some("b"), Some("c"), None][number % 4];
        let all: Vec<_> =
            deeds.iter().map(|(by, of)| ((names[*by].as_str(), group(*by)), (names[*of].as_str(), group(*of)))).collect();
        let found = between(&all, 3);
        let shown: BTreeSet<Option<&str>> = found.iter().flat_map(|one| [one.by.as_deref(), one.of.as_deref()]).collect();
        for one in &shown {
            let folded = |group: &Option<&str>| group.is_some_and(|group| shown.contains(&Some(group)));
            let people: BTreeSet<&str> =
                all.iter().flat_map(|(by, of)| [by, of]).filter(|(_, group)| if folded(group) { group == one } else { one.is_none() }).map(|(who, _)| *who).collect();
            prop_assert!(people.len() >= 3, "{one:?}: {people:?}");
        }
        if !found.is_empty() {
            prop_assert_eq!(found.iter().map(|one| one.count).sum::<usize>(), all.len());
        }
    }
}
