//! Names in DataCite's words (kernel 4), as JSON and as XML.

use roxmltree::{Document, Node};

use super::super::readers::json::At;
use super::super::readers::markup;
use super::{Creator, Description};

/// A title is the title when it is of no type; subtitles are none.
fn title(kind: Option<&str>, text: String, described: &mut Description) {
    match kind {
        None | Some("") => described.titles.push(text),
        Some("Subtitle") => {}
        Some(_) => described.aliases.push(text),
    }
}

pub(super) fn of_json(root: &At, described: &mut Description) {
    let own = root.get("data").and_then(|data| data.get("attributes"));
    let root = own.as_ref().unwrap_or(root);
    for at in root.all("titles") {
        if let Some(text) = at.text_of("title") {
            title(at.text_of("titleType").as_deref(), text, described);
        }
    }
    for at in root.all("creators") {
        if let Some(name) = at.text_of("name").or_else(|| at.text_of("creatorName")) {
            let kind = at.text_of("nameType").or_else(|| at.text_of("type")).unwrap_or_default();
            described.creators.push(Creator { name, is_organisation: kind.starts_with("Organi") });
        }
    }
    let publisher = root.get("publisher").and_then(|at| at.text_of("name").or_else(|| at.text()));
    described.publishers.extend(publisher);
    described.versions.extend(root.text_of("version"));
    described.licences.extend(root.all("rightsList").iter().filter_map(|at| at.text_of("rights")));
    for at in root.all("relatedIdentifiers") {
        if let (Some(value), Some(word)) = (at.text_of("relatedIdentifier"), at.text_of("relationType")) {
            described.relate(&value, at.text_of("relatedIdentifierType").as_deref(), &word);
        }
    }
}

pub(super) fn of_xml(bytes: &[u8], described: &mut Description) {
    // What is no XML was remarked by the reader.
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(document) = markup(text) else { return };
    of_elements(&document, described);
}

fn of_elements(document: &Document, described: &mut Description) {
    // The members of the resource itself; what is nested deeper, in a related item, has names of its own.
    let is_below = |node: &Node, parent: &str, grand: usize| {
        let mut above = node.ancestors().skip(1);
        above.next().is_some_and(|node| node.tag_name().name() == parent)
            && node.ancestors().filter(Node::is_element).count() == grand
    };
    for node in document.descendants().filter(Node::is_element) {
        let text = || node.text().unwrap_or_default().trim().to_owned();
        match node.tag_name().name() {
            "title" if is_below(&node, "titles", 3) => title(node.attribute("titleType"), text(), described),
            "creatorName" if is_below(&node, "creator", 4) => {
                let is_organisation = node.attribute("nameType") == Some("Organizational");
                described.creators.push(Creator { name: text(), is_organisation });
            }
            "publisher" if is_below(&node, "resource", 2) => described.publishers.push(text()),
            "version" if is_below(&node, "resource", 2) => described.versions.push(text()),
            "rights" if is_below(&node, "rightsList", 3) => described.licences.push(text()),
            "relatedIdentifier" => {
                let word = node.attribute("relationType").unwrap_or_default();
                described.relate(&text(), node.attribute("relatedIdentifierType"), word);
            }
            _ => {}
        }
    }
}
