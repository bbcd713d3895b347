use super::*;

fn answers(text: &str, questions: usize) -> Vec<String> {
    read(text, questions).answers.iter().map(|answer| answer.trim().to_owned()).collect()
}

#[test]
fn a_text_without_letters_answers_the_first_question() {
    assert_eq!(answers("The card form.\n\nAnd its tests.", 2), ["The card form.\n\nAnd its tests.", ""]);
}

#[test]
fn letters_name_the_questions_in_any_order() {
    assert_eq!(answers("b) Refunds\nand receipts\na) The card form", 2), ["The card form", "Refunds\nand receipts"]);
    assert_eq!(answers("a) One (see b) below\nz) stays", 2), ["One (see b) below\nz) stays", ""]);
}

#[test]
fn a_line_that_says_so_is_a_blocker() {
    let found = read("a) Form\nBlocked: no access to the bank's test system\nb) Refunds", 2);
    assert_eq!(found.blockers, ["no access to the bank's test system"]);
    assert_eq!(answers("Blocked:\nNothing", 1), ["Blocked:\nNothing"]);
}
