//! The second layer: whatever the writer wrote, only this comes out.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

use crate::highlight::CLASSES;

const ELEMENTS: &str = "a abbr b blockquote br code del details div em h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol \
     p pre q s samp section small span strong sub summary sup table tbody td th thead tr u ul wbr";

const ATTRIBUTES: [(&str, &[&str]); 17] = [
    ("a", &["href", "title", "id", "data-kind", "aria-label"]),
    ("abbr", &["title"]),
    ("details", &["open"]),
    ("div", &["tabindex", "role", "aria-label"]),
    ("h1", &["id"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("img", &["src", "alt", "title", "loading"]),
    ("input", &["checked", "disabled", "data-task", "aria-label"]),
    ("li", &["id"]),
    ("ol", &["start"]),
    ("section", &["aria-label"]),
    ("td", &["align"]),
    ("th", &["align", "scope"]),
];

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let set = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.split_whitespace().collect())
        .clean_content_tags(set(&["script", "style"]))
        .generic_attributes(HashSet::new())
        .tag_attributes(ATTRIBUTES.into_iter().map(|(element, names)| (element, set(names))).collect())
        .tag_attribute_values(HashMap::from([("input", HashMap::from([("type", set(&["checkbox"]))]))]))
        .allowed_classes(HashMap::from([
            ("a", set(&["mention", "reference", "footnote-back"])),
            ("div", set(&["scroll"])),
            ("section", set(&["footnotes"])),
            ("span", set(&CLASSES)),
            ("sup", set(&["footnote"])),
        ]))
        .url_schemes(set(&["http", "https", "mailto"]))
        .link_rel(Some("nofollow noopener noreferrer"))
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| {
            let is_foreign = (element, attribute) == ("img", "src") && !value.starts_with("/files/");
            (!is_foreign).then(|| value.into())
        });
    builder
});

pub fn clean(html: &str) -> String {
    SANITIZER.clean(html).to_string()
}
