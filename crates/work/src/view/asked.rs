use super::{Column, Layout, ListViews, ShowView, View, Views, fits_layout};
use crate::{custom::CustomField, issue::Group};
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
    pub group: Option<Group>,
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
                let known = "Group by state, assignee, priority, label, sprint, project or milestone.";
                let group = group.parse().map_err(|_| Error::invalid("group", known))?;
                fits_layout(Some(group), layout)?;
                Some(group)
            }
            None => view.as_ref().and_then(|view| view.group).filter(|group| fits_layout(Some(*group), layout).is_ok()),
        };
        let columns = chosen_columns(cx)?.or_else(|| view.as_ref().map(|view| view.columns.clone()));
        let columns = columns.filter(|columns| !columns.is_empty()).unwrap_or_else(|| Column::USUAL.to_vec());
        let fields = match typed("columns").or(typed("fields")) {
            Some(_) => chosen_fields(cx),
            None => view.as_ref().map(|view| view.fields.clone()).unwrap_or_default(),
        };
        let q = typed("q").or_else(|| view.as_ref().map(|view| view.q.clone()));
        Ok(Asked { team, layout, views, view, q, group, columns, fields })
    }

    pub fn query(&self) -> &str {
        self.q.as_deref().unwrap_or_default()
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
                || self.layout != view.layout
                || !(usual || self.columns == view.columns || self.layout == Layout::Board)
                || !(self.fields == view.fields || self.layout == Layout::Board)
        })
    }

    /// All of it as the fields of a form or an address, without the view.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut all = vec![("q", self.q.clone().unwrap_or_default())];
        all.push(("group", self.group.map(Group::word).unwrap_or_default().to_owned()));
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
