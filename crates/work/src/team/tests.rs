use super::stem;

#[test]
fn a_key_is_made_of_the_name() {
    let of = |name| stem(name);
    assert_eq!(
        [of("Payments"), of("Mobile apps"), of("Équipe"), of("東京"), of("X")],
        ["PAY", "MA", "EQU", "TEAM", "TEAM"]
    );
}
