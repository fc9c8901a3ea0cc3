//! DataCite metadata (schema.datacite.org, kernel 4), as JSON of its REST interface and as XML.
//!
//! XML is read without a document type: no external entities, and no entities that expand.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;

use super::super::Relation;
use super::Notes;
use super::croissant::tell;
use super::json::At;

/// Most nodes of an XML document.
const MOST_NODES: u32 = 1_000_000;

/// What a relation makes of the other identifier; DataCite has 39 of them, and most only cite. Zenodo writes the same words with a small
/// first letter, `InvenioRDM` in small letters throughout.
fn relation(word: &str) -> Relation {
    match word.to_ascii_lowercase().as_str() {
        "isidenticalto" | "isversionof" | "isvariantformof" | "isoriginalformof" | "isalternateidentifier" => Relation::Itself,
        "isderivedfrom" | "issupplementedby" | "compiles" => Relation::Origin,
        _ => Relation::Description,
    }
}

/// How a value of a type is read.
enum Kind {
    /// With this prefix, where it does not stand there already.
    Of(&'static str),
    /// As an address.
    Address,
    /// It names no data: ISBN, ISSN, EAN, local numbers.
    Other,
}

fn kind(word: &str) -> Kind {
    match word.to_ascii_uppercase().as_str() {
        "DOI" => Kind::Of("doi"),
        "HANDLE" | "HDL" => Kind::Of("hdl"),
        "ARK" => Kind::Of("ark"),
        "ARXIV" => Kind::Of("arxiv"),
        "SWHID" => Kind::Of("swh"),
        "URL" | "URN" | "PURL" | "W3ID" => Kind::Address,
        _ => Kind::Other,
    }
}

/// An identifier of a type, as DataCite and Zenodo write it.
pub(super) fn typed(word: &str, value: &str, relation: Relation, notes: &mut Notes) {
    match kind(word) {
        Kind::Of(scheme) => notes.names_as(scheme, word, value, relation),
        Kind::Address => notes.address(word, value, relation),
        Kind::Other => {}
    }
}

/// A value of a relation's word.
pub(super) fn related(kind: &str, value: &str, word: &str, notes: &mut Notes) {
    typed(kind, value, relation(word), notes);
}

pub(super) fn read_json(json: &Value, notes: &mut Notes) {
    let root = At::root(json);
    let root = root.get("data").and_then(|data| data.get("attributes")).unwrap_or(root);
    if let Some(doi) = root.get("doi") {
        notes.at_member(&doi.pointer);
        notes.names_as("doi", "doi", &doi.text().unwrap_or_default(), Relation::Itself);
    }
    for name in ["url", "id"] {
        root.get(name).into_iter().for_each(|at| tell(&at, Relation::Itself, notes));
    }
    for at in root.all("contentUrl") {
        tell(&at, Relation::File, notes);
    }
    let own = [("identifiers", "identifier", "identifierType"), ("identifier", "identifier", "identifierType")];
    let other = [("alternateIdentifiers", "alternateIdentifier", "alternateIdentifierType")];
    for (list, name, kind) in own.into_iter().chain(other) {
        for at in root.all(list) {
            let (Some(value), Some(kind)) = (at.text_of(name), at.text_of(kind)) else { continue };
            notes.at_member(&at.pointer);
            typed(&kind, &value, Relation::Itself, notes);
        }
    }
    for at in root.all("relatedIdentifiers") {
        let (value, kind) = (at.text_of("relatedIdentifier"), at.text_of("relatedIdentifierType"));
        let (Some(value), Some(kind)) = (value, kind) else { continue };
        notes.at_member(&at.pointer);
        related(&kind, &value, &at.text_of("relationType").unwrap_or_default(), notes);
    }
}

/// XML without a document type, with or without a byte-order mark.
pub(in super::super) fn markup(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text.trim_start_matches('\u{feff}'), options)
}

pub(super) fn read_xml(bytes: &[u8], notes: &mut Notes) {
    let Ok(text) = std::str::from_utf8(bytes) else { return notes.invalid("it is no UTF-8 text") };
    let document = match markup(text) {
        Ok(document) => document,
        Err(error) => return notes.invalid(error.to_string()),
    };
    for node in document.descendants().filter(Node::is_element) {
        let value = node.text().unwrap_or_default().trim();
        let line = document.text_pos_at(node.range().start).row;
        notes.at_line(line);
        match node.tag_name().name() {
            "identifier" => typed(node.attribute("identifierType").unwrap_or("DOI"), value, Relation::Itself, notes),
            "alternateIdentifier" => {
                typed(node.attribute("alternateIdentifierType").unwrap_or_default(), value, Relation::Itself, notes);
            }
            "relatedIdentifier" => {
                let kind = node.attribute("relatedIdentifierType").unwrap_or_default();
                related(kind, value, node.attribute("relationType").unwrap_or_default(), notes);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    fn said(read: impl FnOnce(&mut Notes)) -> (Vec<String>, usize) {
        let mut notes = Notes::of(Place::named(0, "datacite"), Source::DataCite);
        read(&mut notes);
        let found = notes.sightings.iter().map(|s| format!("{} {}", s.relation, s.identifier)).collect();
        (found, notes.remarks.len())
    }

    #[test]
    fn json_and_xml_say_the_same() {
        let json = serde_json::json!({"doi": "10.82433/B09Z-4K37", "relatedIdentifiers": [
            {"relatedIdentifier": "10.5281/zenodo.1", "relatedIdentifierType": "DOI", "relationType": "IsDerivedFrom"},
            {"relatedIdentifier": "arXiv:0706.0001", "relatedIdentifierType": "arXiv", "relationType": "IsReviewedBy"},
            {"relatedIdentifier": "978-3-905673-82-1", "relatedIdentifierType": "ISBN", "relationType": "IsCitedBy"}]});
        let xml = br#"<?xml version="1.0"?><resource xmlns="http://datacite.org/schema/kernel-4">
            <identifier identifierType="DOI">10.82433/B09Z-4K37</identifier><relatedIdentifiers>
            <relatedIdentifier relatedIdentifierType="DOI" relationType="IsDerivedFrom">10.5281/zenodo.1</relatedIdentifier>
            <relatedIdentifier relatedIdentifierType="arXiv" relationType="IsReviewedBy">arXiv:0706.0001</relatedIdentifier>
            <relatedIdentifier relatedIdentifierType="ISBN" relationType="IsCitedBy">978-3-905673-82-1</relatedIdentifier>
            </relatedIdentifiers></resource>"#;
        let expected = ["itself doi:10.82433/b09z-4k37", "origin doi:10.5281/zenodo.1", "description arxiv:0706.0001"];
        let expected = (expected.map(str::to_owned).to_vec(), 0);
        assert_eq!(said(|notes| read_json(&json, notes)), expected);
        assert_eq!(said(|notes| read_xml(xml, notes)), expected);
    }

    #[test]
    fn a_document_type_is_refused_so_no_entity_expands() {
        let bomb = br#"<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><r><identifier>&b;</identifier></r>"#;
        assert_eq!(said(|notes| read_xml(bomb, notes)), (vec![], 1));
        let outside = br#"<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><r><identifier>&a;</identifier></r>"#;
        assert_eq!(said(|notes| read_xml(outside, notes)), (vec![], 1));
    }
}
