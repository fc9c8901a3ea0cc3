//! Jupyter notebooks (nbformat 3 and 4): code and text of each cell. Outputs are not read: they show what was run, once.

use serde_json::Value;

use super::super::{Evidence, Relation};
use super::{Lines, Notes, find};

pub(super) fn read(text: &str, notes: &mut Notes) {
    let json: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(json) => json,
        Err(error) => return notes.invalid(error.to_string()),
    };
    // nbformat 3 had sheets of cells.
    let cells = [json.pointer("/cells"), json.pointer("/worksheets/0/cells")].into_iter().flatten().find_map(Value::as_array);
    for (n, cell) in (1_u32..).zip(cells.into_iter().flatten()) {
        let source = ["source", "input"].iter().find_map(|name| cell.get(*name)).map(joined).unwrap_or_default();
        let lines = Lines::of(&source);
        for found in find(&source) {
            let (line, column) = lines.place(found.at);
            notes.in_cell(n, line, column);
            notes.saw(found.identifier, Evidence::NamedInCode, Relation::Used);
        }
    }
}

/// A text, or a list of its lines.
fn joined(source: &Value) -> String {
    match source {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}
