use pulldown_cmark::{Alignment, TagEnd};

use super::{Medium, Writer};

/// The table around this place.
#[derive(Default)]
pub struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    has_body: bool,
}

impl Writer<'_, '_> {
    pub fn start_table(&mut self, alignments: Vec<Alignment>, shown: bool) {
        self.table = Table { alignments, ..Table::default() };
        if shown && self.medium == Medium::Page {
            self.out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">");
        }
        self.out.push_str(if shown { "<table>\n" } else { "" });
    }

    pub fn start_row(&mut self, in_head: bool, shown: bool) {
        self.table.column = 0;
        self.table.in_head = in_head;
        let is_first = !self.table.has_body;
        self.table.has_body = !in_head;
        if shown {
            self.out.push_str(match (in_head, is_first) {
                (true, _) => "<thead>\n<tr>",
                (false, true) => "<tbody>\n<tr>",
                (false, false) => "<tr>",
            });
        }
    }

    pub fn start_cell(&mut self, shown: bool) {
        let alignment = self.table.alignments.get(self.table.column).copied().unwrap_or(Alignment::None);
        self.table.column += 1;
        if shown {
            self.out.push_str(if self.table.in_head { "<th scope=\"col\"" } else { "<td" });
            self.out.push_str(match alignment {
                Alignment::None => ">",
                Alignment::Left => " align=\"left\">",
                Alignment::Center => " align=\"center\">",
                Alignment::Right => " align=\"right\">",
            });
        }
    }

    pub fn end_table_part(&mut self, part: TagEnd, shown: bool) {
        let html = match part {
            _ if !shown => " ",
            TagEnd::TableCell if self.table.in_head => "</th>",
            TagEnd::TableCell => "</td>",
            TagEnd::TableHead => "</tr>\n</thead>\n",
            TagEnd::TableRow => "</tr>\n",
            _ => match (self.table.has_body, self.medium) {
                (true, Medium::Page) => "</tbody>\n</table></div>\n",
                (true, Medium::Mail) => "</tbody>\n</table>\n",
                (false, Medium::Page) => "</table></div>\n",
                (false, Medium::Mail) => "</table>\n",
            },
        };
        self.line_break(html);
    }
}
