use crate::{Answer, Confusion, Kind, answers};
use proptest::prelude::*;

fn done(number: usize, text: &str) -> Answer {
    Answer { number, kind: Kind::Done, text: text.into() }
}

fn declined(number: usize, text: &str) -> Answer {
    Answer { number, kind: Kind::Declined, text: text.into() }
}

#[test]
fn a_line_that_begins_with_a_number_answers_that_ask() {
    let cases: &[(&str, Vec<Answer>)] = &[
        ("2 done", vec![done(2, "")]),
        ("2: yes, ship it", vec![done(2, "yes, ship it")]),
        ("2 decline: not me", vec![declined(2, "not me")]),
        ("2 declined, not me", vec![declined(2, "not me")]),
        ("2 Decline: not me", vec![declined(2, "not me")]),
        ("2 read", vec![done(2, "")]),
        ("2) Done.", vec![done(2, "")]),
        ("#2 done", vec![done(2, "")]),
        ("2. done: with two remarks", vec![done(2, "with two remarks")]),
        ("1 done\n3 decline: Priya knows more", vec![done(1, ""), declined(3, "Priya knows more")]),
        ("1, 3 done\n2 no", vec![done(1, ""), done(3, ""), done(2, "no")]),
        ("1 and 2 read", vec![done(1, ""), done(2, "")]),
        ("Hi,\n\n1 done", vec![done(1, "")]),
        ("Thanks for both.\n\n1 done", vec![done(1, "Thanks for both.")]),
        ("2 yes:\n\n- one\n- two\n\n3 done", vec![done(2, "yes:\n\n- one\n- two"), done(3, "")]),
        ("2 donald is right", vec![done(2, "donald is right")]),
        ("2 we meet at\n2:30 pm\n2.5 hours", vec![done(2, "we meet at\n2:30 pm\n2.5 hours")]),
        ("2 in short:\n10 attempts", vec![done(2, "in short:\n10 attempts")]),
        ("2 👍", vec![done(2, "")]),
    ];
    for (text, expected) in cases {
        assert_eq!(answers(text, 3).as_ref(), Ok(expected), "{text}");
    }
}

#[test]
fn a_letter_that_asks_one_thing_needs_no_number() {
    let cases: &[(&str, Answer)] = &[
        ("done", done(1, "")),
        ("Yes, ship it.", done(1, "Yes, ship it.")),
        ("decline: not me", declined(1, "not me")),
        ("Hi Mara,\n\ndecline: not me", declined(1, "not me")),
        ("1 done", done(1, "")),
        ("2 weeks should do", done(1, "2 weeks should do")),
        ("First the tests, then this:\n1. the timer", done(1, "First the tests, then this:\n1. the timer")),
    ];
    for (text, expected) in cases {
        assert_eq!(answers(text, 1), Ok(vec![expected.clone()]), "{text}");
    }
}

#[test]
fn what_is_not_clear_changes_nothing() {
    let cases = [
        ("", Confusion::Empty),
        ("  \n", Confusion::Empty),
        ("done", Confusion::NoNumber),
        ("Yes to all of it", Confusion::NoNumber),
        ("9 done", Confusion::NoSuchNumber(9)),
        ("0 done", Confusion::NoSuchNumber(0)),
        ("1 done\n9 done", Confusion::NoSuchNumber(9)),
        ("1 done\n1 decline: no", Confusion::Twice(1)),
        ("2", Confusion::NoAnswer(2)),
        ("2 decline", Confusion::NoReason(2)),
        ("2 decline: ", Confusion::NoReason(2)),
    ];
    for (text, expected) in cases {
        assert_eq!(answers(text, 3), Err(expected), "{text:?}");
    }
    assert_eq!(answers("done", 0), Err(Confusion::NoNumber));
}

#[test]
fn a_sentence_that_a_mail_program_broke_before_a_number_stays_whole() {
    let text =
        "1 the client gives up too early, and we should raise the budget to about\n2 hundred milliseconds\n2 done";
    let expected = "the client gives up too early, and we should raise the budget to about\n2 hundred milliseconds";
    assert_eq!(answers(text, 2), Ok(vec![done(1, expected), done(2, "")]));
}

proptest! {
    #[test]
    fn each_ask_gets_at_most_one_answer_and_none_that_is_not_there(text in "([0-9]{1,3}|done|decline|[a-z:., #)\n]){0,40}", count in 0..5usize) {
        if let Ok(found) = answers(&text, count) {
            prop_assert!(!found.is_empty());
            let mut numbers: Vec<usize> = found.iter().map(|answer| answer.number).collect();
            prop_assert!(numbers.iter().all(|number| (1..=count).contains(number)));
            numbers.sort_unstable();
            numbers.dedup();
            prop_assert_eq!(numbers.len(), found.len());
            prop_assert!(found.iter().all(|answer| answer.kind == Kind::Done || !answer.text.is_empty()));
        }
    }
}
