use super::*;

fn row(receiver: u128, verb: Verb, worked: i64) -> Row {
    Row {
        receiver_id: Id::from_u128(receiver),
        verb,
        state: "done".into(),
        raised_at: Time(0),
        due_at: Time(100),
        ended_at: Some(Time(50)),
        worked_minutes: Some(worked),
        urgent: receiver == 1,
        crossed: false,
        short_minutes: 0,
    }
}

#[test]
fn nothing_rests_on_fewer_than_five_people() {
    let four: Vec<Row> = (0..40).map(|i| row(i % 4, Verb::Answer, 10)).collect();
    assert!(span(&four, Time(0), Time(200)).is_none());
    let mut five: Vec<Row> = (0..5).map(|i| row(i, Verb::Answer, 10 * i as i64)).collect();
    five.push(row(0, Verb::Review, 5));
    let span = span(&five, Time(0), Time(200)).unwrap();
    assert_eq!(span.answers.len(), 1, "the review is that of one person");
    assert_eq!((span.answers[0].verb, span.answers[0].median_minutes), (Verb::Answer, 20));
    assert_eq!((span.urgent.percent, span.urgent.of, span.silent.percent), (Some(17), 10, None));
}
