use super::{Column, Layout, ListViews, ShowView, View, Views, fits_layout};
use crate::{
    custom::{CustomField, FieldView},
    issue::Grouping,
};
use kernel::{Error, Id, Result, Team};
use ui::Cx;

/// What a page of issues is asked for: by its address, else by the view that this names, else by that with which the
/// issues of the team begin.
pub(crate) struct Asked {
    pub team: Option<Id<Team>>,
    pub layout: Layout,
    pub views: Views,
    pub view: Option<View>,
    /// Nothing where neither says a query.
    pub q: Option<String>,
    pub group: Option<Grouping>,
    /// By what the groups of a list are parted once more.
    pub subgroup: Option<Grouping>,
    /// Never none.
    pub columns: Vec<Column>,
    /// Fields that were added to issues, as columns behind the others.
    pub fields: Vec<Id<CustomField>>,
}

impl Asked {
    pub async fn read(cx: &Cx, team: Option<Id<Team>>, layout: Layout) -> Result<Asked> {
        let views = cx.read(ListViews { team, across: team.is_none() }).await?;
        let typed = |name: &str| cx.texts.iter().find(|(key, _)| key == name).map(|(_, text)| text.clone());
        let view = match typed("view") {
            Some(view) => Some(cx.read(ShowView { view: view.parse()? }).await?),
            None if typed("q").is_none() && layout == Layout::List => {
                views.views.iter().find(|view| view.first).cloned()
            }
            None => None,
        };
        let group = match typed("group") {
            Some(group) if group.is_empty() => None,
            Some(group) => {
                let group = group.parse()?;
                fits_layout((Some(group), None), layout)?;
                Some(group)
            }
            None => {
                let fits = |group: &Grouping| fits_layout((Some(*group), None), layout).is_ok();
                view.as_ref().and_then(|view| view.group).filter(fits)
            }
        };
        let subgroup = match typed("subgroup") {
            Some(within) if within.is_empty() => None,
            Some(within) => Some(within.parse()?),
            None => view.as_ref().and_then(|view| view.subgroup),
        };
        let subgroup = subgroup.filter(|_| group.is_some() && group != subgroup && layout == Layout::List);
        let columns = chosen_columns(cx)?.or_else(|| view.as_ref().map(|view| view.columns.clone()));
        let columns = columns.filter(|columns| !columns.is_empty()).unwrap_or_else(|| Column::USUAL.to_vec());
        let fields = match typed("columns").or(typed("fields")) {
            Some(_) => chosen_fields(cx),
            None => view.as_ref().map(|view| view.fields.clone()).unwrap_or_default(),
        };
        let q = typed("q").or_else(|| view.as_ref().map(|view| view.q.clone()));
        Ok(Asked { team, layout, views, view, q, group, subgroup, columns, fields })
    }

    pub fn query(&self) -> &str {
        self.q.as_deref().unwrap_or_default()
    }

    /// Groups by fields that issues here do not have any more are no groups.
    pub fn without_strangers(&mut self, offered: &[FieldView]) {
        let known = |one: &Grouping| one.field().is_none_or(|id| offered.iter().any(|view| view.field.id == id));
        self.group = self.group.filter(known);
        self.subgroup = self.subgroup.filter(known).filter(|_| self.group.is_some());
    }

    /// Where the view is shown that is asked for, if that is another page than this one.
    pub fn elsewhere(&self, cx: &Cx) -> Option<String> {
        let view = self.view.as_ref().filter(|view| view.layout != self.layout || view.team_id != self.team)?;
        let as_it_is = cx.texts.iter().all(|(name, _)| matches!(name.as_str(), "view" | "team"));
        as_it_is.then(|| view.href())
    }

    /// Whether the page shows something else than its view says.
    pub fn differs(&self) -> bool {
        self.view.as_ref().is_some_and(|view| {
            let usual = view.columns.is_empty() && self.columns == Column::USUAL;
            self.q.as_deref() != Some(&view.q)
                || self.group != view.group
                || self.subgroup != view.subgroup
                || self.layout != view.layout
                || !(usual || self.columns == view.columns || self.layout == Layout::Board)
                || !(self.fields == view.fields || self.layout == Layout::Board)
        })
    }

    /// All of it as the fields of a form or an address, without the view.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut all = vec![("q", self.q.clone().unwrap_or_default())];
        let word = |one: Option<Grouping>| one.map(|one| one.to_string()).unwrap_or_default();
        all.extend([("group", word(self.group)), ("subgroup", word(self.subgroup))]);
        if self.layout == Layout::List && self.columns != Column::USUAL {
            all.extend(self.columns.iter().map(|column| ("columns", column.word().to_owned())));
        }
        all.extend(self.fields.iter().map(|field| ("fields", field.to_string())));
        all
    }
}

/// Each once; what is no field any more is no column.
fn chosen_fields(cx: &Cx) -> Vec<Id<CustomField>> {
    let mut all: Vec<Id<CustomField>> = Vec::new();
    for field in cx.texts.iter().filter(|(name, _)| name == "fields").filter_map(|(_, text)| text.parse().ok()) {
        if !all.contains(&field) {
            all.push(field);
        }
    }
    all
}

fn chosen_columns(cx: &Cx) -> Result<Option<Vec<Column>>> {
    let named: Vec<&str> =
        cx.texts.iter().filter(|(name, _)| name == "columns").map(|(_, text)| text.as_str()).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let wrong = |_| Error::invalid("columns", "A column of this name is not known.");
    let columns = named.into_iter().filter(|text| !text.is_empty()).map(|text| text.parse().map_err(wrong));
    columns.collect::<Result<_>>().map(Some)
}
