use super::{Data, Line, rows};

#[test]
fn the_files_can_be_read() {
    Data::read().expect("every row is complete, and every change fits what follows it");
}

#[test]
fn a_row_that_is_not_complete_is_named() {
    let text = "[[line]]\nperson = 'a'\nmanager = 'b'\nfrom = 1\n[[line]]\nperson = 'a'\nfrom = 2\n";
    let error = rows::<Line>("lines.toml", "line", text).expect_err("the second row has no manager").to_string();
    assert!(error.starts_with("Row 2 of lines.toml") && error.contains("manager"), "{error}");
}
