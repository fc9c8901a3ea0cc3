//! Which reader a file is for: by its name, and for JSON and XML of other names by what stands in it.

use std::io::{BufRead, Read as _};

use serde_json::Value;

use super::super::{Source, Why};
use super::{
    Notes, bagit, bids, checksums, citation, codemeta, croissant, datacite, dataset_info, dvc, frictionless, git, json,
    ro_crate, tfds, torrent, zenodo,
};

/// How much of a file is looked at to tell what it is, in bytes.
pub const SNIFFED: u64 = 64 << 10;
/// Largest file that is read as a whole: JSON, YAML, XML, torrents. A metadata file beyond that is data.
pub const MOST_OF_JSON: u64 = 32 << 20;
/// Largest file that is read line by line.
pub const MOST_OF_LINES: u64 = 8 << 30;

/// A format of metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described where it is read")]
pub enum Format {
    TfdsChecksums,
    DatasetInfo,
    HubInfos,
    GitModules,
    Dvc,
    DvcLock,
    BagManifest,
    BagFetch,
    BagInfo,
    Croissant,
    RoCrate,
    Frictionless,
    DataCiteJson,
    DataCiteXml,
    Bids,
    CodeMeta,
    CitationCff,
    Zenodo,
    Checksums,
    ChecksumsCsv,
    Torrent,
    Magnet,
}

impl Format {
    /// The format of a file of this name; `None` when its name says nothing.
    pub fn of_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        Some(match lower.as_str() {
            "dataset_info.json" => Self::DatasetInfo,
            "dataset_infos.json" => Self::HubInfos,
            ".gitmodules" => Self::GitModules,
            "dvc.lock" => Self::DvcLock,
            "fetch.txt" => Self::BagFetch,
            "bag-info.txt" => Self::BagInfo,
            "croissant.json" => Self::Croissant,
            "ro-crate-metadata.json" | "ro-crate-metadata.jsonld" => Self::RoCrate,
            "datapackage.json" => Self::Frictionless,
            "datacite.json" => Self::DataCiteJson,
            "datacite.xml" => Self::DataCiteXml,
            "dataset_description.json" => Self::Bids,
            "codemeta.json" => Self::CodeMeta,
            "citation.cff" => Self::CitationCff,
            ".zenodo.json" => Self::Zenodo,
            _ if bagit::algorithm(&lower).is_some() => Self::BagManifest,
            _ => return Self::of_ending(&lower),
        })
    }

    fn of_ending(lower: &str) -> Option<Self> {
        if lower.starts_with("tagmanifest-") {
            return None;
        }
        let (stem, ending) = lower.rsplit_once('.').unwrap_or((lower, ""));
        let is_sums = lower.contains("checksum");
        match ending {
            "dvc" if !stem.is_empty() => Some(Self::Dvc),
            "tsv" if is_sums => Some(Self::TfdsChecksums),
            "csv" if is_sums => Some(Self::ChecksumsCsv),
            "torrent" => Some(Self::Torrent),
            "magnet" => Some(Self::Magnet),
            "json" if stem.ends_with(".datapackage") => Some(Self::Frictionless),
            "md5" | "sha1" | "sha256" | "sha512" | "b3" | "blake3" | "md5sum" | "sha1sum" | "sha256sum" | "sha512sum"
            | "b3sum" | "md5sums" | "sha1sums" | "sha256sums" | "sha512sums" => Some(Self::Checksums),
            "txt" | "" | "sums" if is_sums || is_list_of_sums(stem) => Some(Self::Checksums),
            _ => None,
        }
    }

    /// Whether a file of this name is looked into, because JSON and XML of any name may describe a dataset.
    pub fn may_be_sniffed(name: &str) -> bool {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        matches!(ending.as_deref(), Some("json" | "jsonld" | "xml"))
    }

    /// The format of JSON or XML that begins like this.
    pub fn of_content(beginning: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(beginning);
        if text.contains("datacite.org/schema/kernel-") {
            return Some(if text.trim_start().starts_with('{') { Self::DataCiteJson } else { Self::DataCiteXml });
        }
        if !text.contains("\"@context\"") {
            let is_record = ["\"conceptrecid\"", "local://records/record-"].iter().any(|word| text.contains(word));
            return is_record.then_some(Self::Zenodo);
        }
        let words = [
            ("w3id.org/ro/crate", Self::RoCrate),
            ("mlcommons.org/croissant", Self::Croissant),
            ("codemeta", Self::CodeMeta),
            ("schema.org", Self::Croissant),
        ];
        words.iter().find(|(word, _)| text.contains(word)).map(|(_, format)| *format)
    }

    /// Under which name its findings go.
    pub fn source(self) -> Source {
        match self {
            Self::TfdsChecksums => Source::TfdsChecksums,
            Self::DatasetInfo => Source::DatasetInfo,
            Self::HubInfos => Source::HubInfos,
            Self::GitModules => Source::GitModules,
            Self::Dvc => Source::Dvc,
            Self::DvcLock => Source::DvcLock,
            Self::BagManifest | Self::BagFetch | Self::BagInfo => Source::BagIt,
            Self::Croissant => Source::Croissant,
            Self::RoCrate => Source::RoCrate,
            Self::Frictionless => Source::Frictionless,
            Self::DataCiteJson | Self::DataCiteXml => Source::DataCite,
            Self::Bids => Source::Bids,
            Self::CodeMeta => Source::CodeMeta,
            Self::CitationCff => Source::CitationCff,
            Self::Zenodo => Source::Zenodo,
            Self::Checksums | Self::ChecksumsCsv => Source::Checksums,
            Self::Torrent => Source::Torrent,
            Self::Magnet => Source::Magnet,
        }
    }

    /// Whether it is read line by line, and may therefore be large.
    pub fn is_read_by_lines(self) -> bool {
        matches!(
            self,
            Self::TfdsChecksums | Self::BagManifest | Self::BagFetch | Self::BagInfo | Self::Checksums | Self::ChecksumsCsv
        )
    }

    /// Its largest file, in bytes.
    pub fn limit(self) -> u64 {
        if self.is_read_by_lines() { MOST_OF_LINES } else { MOST_OF_JSON }
    }
}

/// `SHA256SUMS`, `md5sum`, `SHA512SUMS.asc`'s neighbour and the like.
fn is_list_of_sums(stem: &str) -> bool {
    let word = stem.trim_end_matches('s');
    ["md5sum", "sha1sum", "sha256sum", "sha512sum", "b3sum", "shasum", "md5", "sha256", "sha512", "sha1", "hashe"]
        .iter()
        .any(|name| word == *name || word.strip_suffix(name).is_some_and(|before| before.ends_with(['_', '-', '.'])))
}

/// Reads a file of this format. `name` is its own, `folder` that of a folder above it whose name may say more.
pub fn read(format: Format, mut input: impl BufRead, name: &str, folder: Option<&str>, notes: &mut Notes) {
    let lower = name.to_ascii_lowercase();
    match format {
        Format::TfdsChecksums => return tfds::read(input, notes),
        Format::BagManifest => return bagit::read_manifest(input, &lower, notes),
        Format::BagFetch => return bagit::read_fetch(input, notes),
        Format::BagInfo => return bagit::read_info(input, notes),
        Format::Checksums => return checksums::read(input, &lower, notes),
        Format::ChecksumsCsv => return checksums::read_csv(input, notes),
        _ => {}
    }
    let mut bytes = Vec::new();
    match input.by_ref().take(MOST_OF_JSON + 1).read_to_end(&mut bytes) {
        Err(error) => notes.remark(Why::Unreadable { reason: error.to_string() }),
        Ok(_) if bytes.len() as u64 > MOST_OF_JSON => notes.remark(Why::TooLarge { what: "bytes", limit: MOST_OF_JSON }),
        Ok(_) => read_whole(format, &bytes, folder, notes),
    }
}

fn read_whole(format: Format, bytes: &[u8], folder: Option<&str>, notes: &mut Notes) {
    let of_json: fn(&Value, &mut Notes) = match format {
        Format::GitModules => return git::modules(bytes, notes),
        Format::Dvc => return dvc::read(bytes, notes),
        Format::DvcLock => return dvc::read_lock(bytes, notes),
        Format::DataCiteXml => return datacite::read_xml(bytes, notes),
        Format::CitationCff => return citation::read(bytes, notes),
        Format::Torrent => return torrent::read(bytes, notes),
        Format::Magnet => return torrent::read_magnets(bytes, notes),
        Format::HubInfos => dataset_info::read_all,
        Format::Croissant => croissant::read,
        Format::RoCrate => ro_crate::read,
        Format::Frictionless => frictionless::read,
        Format::DataCiteJson => datacite::read_json,
        Format::Bids => bids::read,
        Format::CodeMeta => codemeta::read,
        Format::Zenodo => zenodo::read,
        _ => |_, _| {},
    };
    match json::parse(bytes) {
        Err(error) => notes.invalid(error),
        Ok(json) if format == Format::DatasetInfo => dataset_info::read(&json, folder, notes),
        Ok(json) => of_json(&json, notes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_format_in_any_case() {
        for (name, format) in [
            ("SHA256SUMS", Some(Format::Checksums)),
            ("md5sum.txt", Some(Format::Checksums)),
            ("faces_md5sums.txt", Some(Format::Checksums)),
            ("faces.tar.gz.sha256", Some(Format::Checksums)),
            ("checksums.csv", Some(Format::ChecksumsCsv)),
            ("amazon.checksums.excerpt.tsv", Some(Format::TfdsChecksums)),
            ("CITATION.cff", Some(Format::CitationCff)),
            ("manifest-sha512.txt", Some(Format::BagManifest)),
            ("tagmanifest-sha512.txt", None),
            ("data.xml.dvc", Some(Format::Dvc)),
            (".dvc", None),
            ("covid-19.datapackage.json", Some(Format::Frictionless)),
            ("notes.txt", None),
            ("image.jpg", None),
        ] {
            assert_eq!(Format::of_name(name), format, "{name}");
        }
    }

    #[test]
    fn json_and_xml_of_other_names_are_known_by_what_they_say() {
        for (text, format) in [
            (r#"{"@context": {"cr": "http://mlcommons.org/croissant/"}}"#, Some(Format::Croissant)),
            (r#"{"@context": "https://w3id.org/ro/crate/1.2/context"}"#, Some(Format::RoCrate)),
            (r#"{"@context": "https://doi.org/10.5063/schema/codemeta-2.0"}"#, Some(Format::CodeMeta)),
            (r#"{"schemaVersion": "http://datacite.org/schema/kernel-4"}"#, Some(Format::DataCiteJson)),
            (r#"<resource xmlns="http://datacite.org/schema/kernel-4">"#, Some(Format::DataCiteXml)),
            (r#"{"conceptrecid": "7", "id": 8}"#, Some(Format::Zenodo)),
            (r#"{"annotations": []}"#, None),
        ] {
            assert_eq!(Format::of_content(text.as_bytes()), format, "{text}");
        }
    }
}
