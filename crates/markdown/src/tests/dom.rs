//! A small tree from a real HTML parser, which has nothing to do with the sanitiser's settings.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, ns, parse_fragment};

/// An element with its attributes and children, or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Element { name: String, attributes: Vec<(String, String)>, children: Vec<Node> },
    Text(String),
    Comment,
}

/// What a browser makes of HTML that is put into an element such as `div`. Elements of SVG and MathML have their
/// namespace before their name.
pub fn parse(html: &str, context: &str) -> Vec<Node> {
    let name = QualName::new(None, ns!(html), context.into());
    let options = ParseOpts::default();
    let tree = parse_fragment(Tree::default(), options, name, Vec::new(), true).one(html);
    // The fragment's root is an `html` element within the document.
    let Some(root) = tree.children(0).first().copied() else { return Vec::new() };
    tree.nodes(root)
}

/// The tree as HTML once more, without any escaping that a browser's serialiser does not do (WHATWG HTML, 13.3).
pub fn serialize(nodes: &[Node]) -> String {
    let mut html = String::new();
    nodes.iter().for_each(|node| push(&mut html, node));
    html
}

fn push(html: &mut String, node: &Node) {
    match node {
        Node::Comment => html.push_str("<!---->"),
        Node::Text(text) => {
            html.push_str(
                &text.replace('&', "&amp;").replace('\u{a0}', "&nbsp;").replace('<', "&lt;").replace('>', "&gt;"),
            );
        }
        Node::Element { name, attributes, children } => {
            html.push_str(&format!("<{name}"));
            for (name, value) in attributes {
                let value = value.replace('&', "&amp;").replace('\u{a0}', "&nbsp;").replace('"', "&quot;");
                html.push_str(&format!(" {name}=\"{value}\""));
            }
            html.push('>');
            if !["br", "hr", "img", "input", "wbr"].contains(&name.as_str()) {
                children.iter().for_each(|child| push(html, child));
                html.push_str(&format!("</{name}>"));
            }
        }
    }
}

/// All elements with their attributes, and all text, of a tree.
pub fn flatten(nodes: &[Node]) -> Vec<&Node> {
    let mut found = Vec::new();
    for node in nodes {
        found.push(node);
        if let Node::Element { children, .. } = node {
            found.extend(flatten(children));
        }
    }
    found
}

pub fn text(nodes: &[Node]) -> String {
    let texts = flatten(nodes).into_iter().map(|node| if let Node::Text(text) = node { text.as_str() } else { "" });
    texts.collect()
}

#[derive(Default)]
struct Tree {
    nodes: RefCell<Vec<Entry>>,
    quirks: Cell<bool>,
}

#[derive(Default)]
struct Entry {
    parent: Option<usize>,
    children: Vec<usize>,
    name: Option<Name>,
    attributes: Vec<(String, String)>,
    text: Option<String>,
    contents: Option<usize>,
}

/// A name that the parser may keep while the tree changes.
#[derive(Clone, Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Tree {
    fn add(&self, entry: Entry) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        if nodes.is_empty() {
            nodes.push(Entry::default());
        }
        nodes.push(entry);
        nodes.len() - 1
    }

    fn children(&self, of: usize) -> Vec<usize> {
        self.nodes.borrow().get(of).map(|entry| entry.children.clone()).unwrap_or_default()
    }

    fn detach(&self, node: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[node].parent.take() {
            nodes[parent].children.retain(|child| *child != node);
        }
    }

    fn insert(&self, parent: usize, place: usize, child: NodeOrText<usize>) {
        let node = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                let before = place.checked_sub(1).and_then(|at| self.children(parent).get(at).copied());
                let mut nodes = self.nodes.borrow_mut();
                if let Some(existing) = before.and_then(|at| nodes[at].text.as_mut()) {
                    existing.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(Entry { text: Some(text.to_string()), ..Entry::default() })
            }
        };
        self.detach(node);
        let mut nodes = self.nodes.borrow_mut();
        nodes[node].parent = Some(parent);
        nodes[parent].children.insert(place, node);
    }

    fn nodes(&self, parent: usize) -> Vec<Node> {
        let contents = self.nodes.borrow()[parent].contents;
        let children =
            self.children(parent).into_iter().chain(contents.map(|at| self.children(at)).unwrap_or_default());
        children.map(|at| self.node(at)).collect()
    }

    fn node(&self, at: usize) -> Node {
        let children = self.nodes(at);
        let nodes = self.nodes.borrow();
        let entry = &nodes[at];
        match (&entry.name, &entry.text) {
            (Some(Name(name)), _) => {
                let space = if name.ns == ns!(html) { String::new() } else { format!("{}:", name.ns) };
                Node::Element { name: format!("{space}{}", name.local), attributes: entry.attributes.clone(), children }
            }
            (None, Some(text)) => Node::Text(text.clone()),
            (None, None) => Node::Comment,
        }
    }
}

impl TreeSink for Tree {
    type Handle = usize;
    type Output = Self;
    type ElemName<'a> = Name;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name(&self, target: &usize) -> Name {
        self.nodes.borrow()[*target].name.clone().expect("only elements are asked for their name")
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> usize {
        let attributes = attributes.into_iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
        let contents = flags.template.then(|| self.add(Entry::default()));
        self.add(Entry { name: Some(Name(name)), attributes, contents, ..Entry::default() })
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.add(Entry::default())
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.add(Entry::default())
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert(*parent, self.children(*parent).len(), child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        self.nodes.borrow()[*target].contents.expect("only templates are asked for their contents")
    }

    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.quirks.set(mode == QuirksMode::Quirks);
    }

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        let Some(parent) = self.nodes.borrow()[*sibling].parent else { return };
        if let NodeOrText::AppendNode(node) = &child {
            self.detach(*node);
        }
        let place = self.children(parent).iter().position(|node| node == sibling).unwrap_or_default();
        self.insert(parent, place, child);
    }

    fn add_attrs_if_missing(&self, target: &usize, attributes: Vec<Attribute>) {
        let entry = &mut self.nodes.borrow_mut()[*target];
        let names: HashSet<String> = entry.attributes.iter().map(|(name, _)| name.clone()).collect();
        let added = attributes.into_iter().map(|a| (a.name.local.to_string(), a.value.to_string()));
        entry.attributes.extend(added.filter(|(name, _)| !names.contains(name)));
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &usize, parent: &usize) {
        for child in self.children(*node) {
            self.append(parent, NodeOrText::AppendNode(child));
        }
    }
}

#[test]
fn a_tree_is_what_a_browser_makes_of_html() {
    let nodes = parse("<p>a<div onclick=x>b<svg><path/></svg></div><script>c</script>", "div");
    let names: Vec<String> = flatten(&nodes)
        .into_iter()
        .filter_map(|node| if let Node::Element { name, .. } = node { Some(name.clone()) } else { None })
        .collect();
    assert_eq!(names, ["p", "div", "http://www.w3.org/2000/svg:svg", "http://www.w3.org/2000/svg:path", "script"]);
    assert_eq!(text(&nodes), "abc");
    assert_eq!(serialize(&parse("a&amp;<b title='\"'>&lt;</b>", "div")), "a&amp;<b title=\"&quot;\">&lt;</b>");
}
