use comfy_table::{ContentArrangement, Table, presets};

/// A plain table for people, without lines; write it with `trim_fmt`.
pub fn table<'h>(headings: impl IntoIterator<Item = &'h str>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).set_header(headings);
    table
}
