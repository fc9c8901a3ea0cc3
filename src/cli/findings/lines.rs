use serde_json::{Value, json};

use super::model::Findings;

/// One JSON object a line: a summary first, then each finding with the dataset that it is about, then what could not be checked.
pub(super) fn text(findings: &Findings) -> Result<String, serde_json::Error> {
    let mut summary = serde_json::to_value(findings)?;
    for list in ["datasets", "unchecked", "remarks"] {
        if let Value::Object(members) = &mut summary {
            members.remove(list);
        }
    }
    let mut lines = vec![json!({"line": "summary", "summary": summary})];
    for dataset in &findings.datasets {
        for finding in &dataset.findings {
            let notices = json!(
                dataset
                    .notices
                    .iter()
                    .filter(|(id, _)| finding.matches.iter().any(|met| met.notice == **id))
                    .collect::<std::collections::BTreeMap<_, _>>()
            );
            lines.push(json!({"line": "finding", "dataset": dataset.title, "finding": finding, "notices": notices}));
        }
    }
    lines.extend(findings.unchecked.iter().map(|unchecked| json!({"line": "unchecked", "unchecked": unchecked})));
    lines.extend(findings.remarks.iter().map(|remark| json!({"line": "remark", "remark": remark})));
    Ok(lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"))
}
