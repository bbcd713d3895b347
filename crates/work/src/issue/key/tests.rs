use super::Which;

#[test]
fn a_key_is_read_in_any_case_and_an_id_as_it_is() {
    assert_eq!("pay-482".parse::<Which>().unwrap().to_string(), "PAY-482");
    let id = kernel::Id::new();
    assert_eq!(id.to_string().parse::<Which>().unwrap(), Which::Id(id));
    // Former trackers have longer keys.
    assert_eq!("my_project_of_2019-7".parse::<Which>().unwrap().to_string(), "MY_PROJECT_OF_2019-7");
    let long = format!("{}-1", "P".repeat(41));
    for wrong in ["", "x", "PAY", "PAY-", "-1", "_P-1", "1AB-1", "PAY-1x", "PAY-1234567890", "PA Y-1", &long] {
        assert!(wrong.parse::<Which>().is_err(), "{wrong}");
    }
}
