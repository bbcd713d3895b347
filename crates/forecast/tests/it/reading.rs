use forecast::{finishes, origins};
use jiff::civil::date;

#[test]
fn dates_and_instants_of_many_forms_are_read() {
    let text = "\u{feff}finished at\r\n2024-05-01\r\n\r\n\"2024-05-01T23:30:00-02:00\"\r\n2024-05-03T00:30:00+02:00\n\
                2024-05-04T10:00:00.123Z,ABC-1\n  2024-05-05 10:00:00  \n2024-05-06T10:00:00.000+0000\n";
    let days = [1, 2, 2, 4, 5, 6].map(|day| date(2024, 5, day));
    assert_eq!(finishes(text).unwrap(), days);
    assert_eq!(finishes("id,finished\nA-1,2024-05-01\nA-2,2024-05-02\n").unwrap(), days[..2]);
    assert_eq!(finishes("").unwrap(), []);
    assert_eq!(finishes("2024-05-01").unwrap(), [date(2024, 5, 1)]);
}

#[test]
fn what_cannot_be_read_is_named_by_line_with_what_to_write() {
    let sentence = finishes("finished\n2024-05-01\n\nyesterday\n").unwrap_err().to_string();
    assert_eq!(
        sentence,
        "Line 4 says “yesterday”. Write a date such as 2024-05-01 or an instant such as 2024-05-01T09:30:00Z there, or \
         remove the line."
    );
    assert_eq!(finishes("2024-02-30").unwrap_err().line, 1);
}

#[test]
fn pairs_are_read_in_their_order() {
    let pairs = origins("as_of,days\n2024-05-01,28\n\"2023-01-01\",\"84\"\r\n").unwrap();
    assert_eq!(pairs, [(date(2024, 5, 1), 28), (date(2023, 1, 1), 84)]);
    for wrong in ["2024-05-01", "2024-05-01,0", "2024-05-01,x", "2024-05-01,99999"] {
        assert_eq!(origins(wrong).unwrap_err().line, 1, "{wrong}");
    }
}
