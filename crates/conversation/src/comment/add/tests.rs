use super::*;

#[test]
fn a_question_is_listed_without_the_names_at_its_beginning() {
    let names = ["Ines Okafor-Reyes".to_owned(), "Tomasz Zieliński".to_owned()];
    let plain = |text: &str| unaddressed(text, &names);
    assert_eq!(plain("@Ines Okafor-Reyes, @Tomasz Zieliński: do we keep the view?"), "Do we keep the view?");
    assert_eq!(plain("@Ines, @Tomasz: do we?"), "Do we?");
    assert_eq!(plain("Does @Ines Okafor-Reyes know?"), "Does @Ines Okafor-Reyes know?");
    assert_eq!(plain("@Nell, do we?"), "@Nell, do we?", "somebody who is not asked is part of the question");
    assert_eq!(plain("@Tomasz Zieliński"), "@Tomasz Zieliński");
}
