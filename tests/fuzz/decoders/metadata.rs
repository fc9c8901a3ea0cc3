//! Files that a scan reads: the first line is the name of the file, the rest what stands in it. Whatever is found is in normal form.

use std::io::Cursor;

use palinode::notice::Identifier;
use palinode::scan::code::{self, Language};
use palinode::scan::readers::{Format, link, pointer, read, stored_file};
use palinode::scan::{Notes, Place, Source};

pub fn check(data: &[u8]) {
    let (name, bytes) = data.split_at(data.iter().position(|b| *b == b'\n').unwrap_or(data.len()));
    let Ok(name) = std::str::from_utf8(name) else { return };
    let bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
    let notes = |source: Source| Notes::of(Place::named(0, name), source);
    for format in [Format::of_name(name), Format::of_content(bytes)].into_iter().flatten() {
        let mut found = notes(format.source());
        read(format, Cursor::new(bytes), name, Some("owner___name"), &mut found);
        is_normal(found);
    }
    if let Some(language) = Language::of_name(name) {
        let mut found = notes(Source::Code);
        code::read(bytes, language, &mut found);
        is_normal(found);
    }
    let parts: Vec<&str> = name.split('/').collect();
    for found in [pointer(bytes, notes), link(name, notes), stored_file(&parts, notes)].into_iter().flatten() {
        is_normal(found);
    }
}

fn is_normal(notes: Notes) {
    let (sightings, remarks) = notes.into_parts();
    for sighting in sightings {
        assert_eq!(Identifier::from_normal(sighting.identifier.as_str()), Ok(sighting.identifier));
    }
    for remark in remarks {
        assert!(!remark.to_string().is_empty());
    }
}
