use super::{Node, Xml, text};
use intake::File;

fn outline(bytes: &[u8]) -> Result<String, String> {
    let file = File::new("x.xml", bytes);
    let text = text(&file).map_err(|error| error.to_string())?;
    let mut xml = Xml::new(&file, &text);
    let mut said = String::new();
    while let Some(node) = xml.next().map_err(|error| error.to_string())? {
        match node {
            Node::Open(name, attributes) => said += &format!("<{name} {attributes}>"),
            Node::Close(name, text) => said += &format!("{text}</{name}>"),
        }
    }
    Ok(said)
}

#[test]
fn elements_attributes_and_text() {
    let found =
        outline(b"<?xml version='1.0'?><!DOCTYPE a><x:a q='1 &lt; &#50;'>1 &amp; <![CDATA[<2>]]><b/></x:a>").unwrap();
    assert_eq!(found, "<a {\"q\":\"1 < 2\"}><b {}></b>1 & <2></a>");
    assert_eq!(outline(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>").unwrap(), "<a {}>\u{e9}</a>");
}

#[test]
fn what_is_hostile_or_broken_says_where() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
    assert!(outline(bomb.as_bytes()).unwrap_err().contains("uses the entity &c; of its own"));
    assert!(outline("<a>".repeat(300).as_bytes()).unwrap_err().contains("nested deeper than 200 levels"));
    assert_eq!(outline(b"<a>\n <b>").unwrap_err(), "x.xml, line 2, column 5: the file ends inside <b>.");
    assert!(outline(b"<a></b>").unwrap_err().starts_with("x.xml, line 1"));
    assert!(outline(b"<a>\xff</a>").unwrap_err().ends_with("this is no text in UTF-8."));
    assert_eq!(outline(b" ").unwrap_err(), "x.xml, line 1, column 2: this is no XML.");
}
