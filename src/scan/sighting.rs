use serde::Serialize;

use super::Place;
use crate::notice::{Identifier, codes};

/// An identifier that was seen somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Sighting {
    /// What was seen, in normal form.
    pub identifier: Identifier,
    /// Where.
    pub place: Place,
    /// Which reader saw it.
    pub source: Source,
    /// What it rests on.
    pub evidence: Evidence,
    /// What it is to the data that lies there.
    pub relation: Relation,
}

/// What a sighting rests on, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Code names it: the bytes were not seen, and need not be here.
    NamedInCode,
    /// A metadata file names it: the dataset that it describes should lie beside it.
    NamedInMetadata,
    /// A manifest states the digest of a file whose bytes were hashed here, and have another.
    DigestDisproved,
    /// A manifest, a pointer or the name of a file in a cache states the digest of a file. The bytes were not hashed here.
    DigestStated,
    /// The bytes were read and hashed here.
    BytesHashed,
}

codes!(Evidence {
    NamedInCode => "named-in-code",
    NamedInMetadata => "named-in-metadata",
    DigestDisproved => "digest-disproved",
    DigestStated => "digest-stated",
    BytesHashed => "bytes-hashed",
});

/// What an identifier is to the data that it was seen beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The dataset itself, or a version of it.
    Itself,
    /// One file of it.
    File,
    /// What it was made from: the source of a DVC import, `wasDerivedFrom`, `SourceDatasets`.
    Origin,
    /// What describes or cites it: a paper, a landing page of a project. A match says little about the data.
    Description,
    /// Used by the code that names it.
    Used,
}

codes!(Relation {
    Itself => "itself",
    File => "file",
    Origin => "origin",
    Description => "description",
    Used => "used",
});

/// Which reader saw something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A cache of the Hugging Face Hub: the names of its folders and blobs.
    HubCache,
    /// A cache of kagglehub: the names of its folders.
    KaggleCache,
    /// `checksums.tsv` of TensorFlow Datasets: URL, size, SHA-256, file name.
    TfdsChecksums,
    /// `dataset_info.json` of TensorFlow Datasets or of Hugging Face Datasets.
    DatasetInfo,
    /// `.git/config`, `HEAD` and packed refs: remotes with the commit that is checked out.
    Git,
    /// `.gitmodules`.
    GitModules,
    /// A pointer of Git LFS in place of a file.
    LfsPointer,
    /// A git-annex key: in a link, a pointer file, or the name of an object.
    AnnexKey,
    /// `*.dvc`.
    Dvc,
    /// `dvc.lock`.
    DvcLock,
    /// A bag (RFC 8493): manifests, `fetch.txt`, `bag-info.txt`.
    BagIt,
    /// Croissant 1.0 and 1.1.
    Croissant,
    /// `dataset_infos.json` of Hugging Face Datasets.
    HubInfos,
    /// `ro-crate-metadata.json`.
    RoCrate,
    /// `datapackage.json`.
    Frictionless,
    /// DataCite metadata as JSON or XML.
    DataCite,
    /// `dataset_description.json` of BIDS.
    Bids,
    /// `codemeta.json`.
    CodeMeta,
    /// `CITATION.cff`.
    CitationCff,
    /// `.zenodo.json`.
    Zenodo,
    /// A checksum file: GNU, BSD or CSV.
    Checksums,
    /// `*.torrent`.
    Torrent,
    /// A magnet link in a file of its own.
    Magnet,
    /// A constant in code, a notebook, a script, a bibliography or prose.
    Code,
    /// The bytes of a file or folder.
    Bytes,
}

codes!(Source {
    HubCache => "hub-cache",
    KaggleCache => "kaggle-cache",
    TfdsChecksums => "tfds-checksums",
    DatasetInfo => "dataset-info",
    Git => "git",
    GitModules => "git-modules",
    LfsPointer => "lfs-pointer",
    AnnexKey => "annex-key",
    Dvc => "dvc",
    DvcLock => "dvc-lock",
    BagIt => "bagit",
    Croissant => "croissant",
    HubInfos => "hub-infos",
    RoCrate => "ro-crate",
    Frictionless => "frictionless",
    DataCite => "datacite",
    Bids => "bids",
    CodeMeta => "codemeta",
    CitationCff => "citation-cff",
    Zenodo => "zenodo",
    Checksums => "checksums",
    Torrent => "torrent",
    Magnet => "magnet",
    Code => "code",
    Bytes => "bytes",
});
