//! Files that describe datasets, each with its name in the first line: what a scan reads, and what a draft begins with.

use serde_json::json;

use super::put;

/// Descriptions of datasets, each with its name in the first line.
pub(super) fn beginnings() {
    let md5 = "88813c6b15de58afc8fa75ea83361d7f";
    let sha256 = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
    let many: Vec<_> = (0..60).map(|n| json!({"@type": "cr:FileObject", "sha256": format!("{n:064x}"), "md5": md5})).collect();
    let files = [
        ("croissant", format!("croissant.json\n{}", json!({"@context": {}, "@type": "sc:Dataset", "name": "Faces", "alternateName": ["<b>", "a@example.org"], "version": "1.0", "license": "cc-by-4.0", "creator": {"@type": "sc:Person", "name": "Ada"}, "url": "https://example.org/", "citeAs": "arXiv:1710.08092", "distribution": [{"contentUrl": "https://example.org/a", "sha256": sha256, "md5": md5}]}))),
        ("many", format!("croissant.json\n{}", json!({"@type": "sc:Dataset", "name": "Faces", "distribution": many}))),
        ("crate", format!("ro-crate-metadata.json\n{}", json!({"@graph": [{"@id": "ro-crate-metadata.json", "about": {"@id": "./"}}, {"@id": "./", "name": "Faces", "publisher": {"@id": "#p"}}, {"@id": "#p", "@type": "Organization", "name": "Lab"}]}))),
        ("datacite-json", format!("datacite.json\n{}", json!({"doi": "10.5281/ZENODO.1", "titles": [{"title": "Faces"}, {"title": "Visages", "titleType": "TranslatedTitle"}], "creators": [{"name": "Lab", "nameType": "Organizational"}], "publisher": {"name": "Lab"}, "relatedIdentifiers": [{"relatedIdentifier": "10.5281/zenodo.2", "relatedIdentifierType": "DOI", "relationType": "IsVersionOf"}]}))),
        ("datacite-xml", "datacite.xml\n<resource><identifier identifierType=\"DOI\">10.5281/zenodo.1</identifier><titles><title>Faces</title></titles><publisher>Lab</publisher><version>1</version></resource>".to_owned()),
        ("zenodo", format!("record.json\n{}", json!({"conceptdoi": "10.5281/zenodo.7", "doi": "10.5281/zenodo.8", "metadata": {"title": "Faces", "creators": [{"name": "Ada"}]}, "files": [{"key": "a", "checksum": format!("md5:{md5}")}]}))),
        ("bag-info", "bag-info.txt\nSource-Organization: Lab\n of Faces\nExternal-Identifier: 10.5281/zenodo.1\n".to_owned()),
        ("bag", format!("manifest-sha256.txt\n{sha256}  data/a\n")),
    ];
    for (name, text) in files {
        put("beginning", name, text);
    }
}

/// Files that a scan reads, each with its name in the first line.
pub(super) fn metadata() {
    let md5 = "88813c6b15de58afc8fa75ea83361d7f";
    let sha256 = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
    let commit = "f59388cd04276e75d70b2136597aaa27e7937cc3";
    let files = [
        ("tfds", format!("checksums.tsv\nhttps://example.org/a.gz\t12\t{sha256}\ta.gz\n")),
        ("info", json!({"homepage": "https://example.org/", "download_checksums": {"https://example.org/a": {"checksum": sha256}}}).to_string()),
        ("modules", ".gitmodules\n[submodule \"d\"]\n\turl = https://github.com/a/b.git\n".to_owned()),
        ("dvc", format!("a.dvc\ndeps:\n- path: a\n  repo: {{url: 'https://github.com/a/b', rev_lock: {commit}}}\nouts:\n- md5: {md5}\n  path: a\n")),
        ("dvc-lock", format!("dvc.lock\nstages:\n  s:\n    outs:\n    - {{path: a, hash: md5, md5: {md5}.dir}}\n")),
        ("bag", format!("manifest-md5.txt\n{md5}  data/a%0Ab\n{md5}  ../b\n")),
        ("bag-info", "bag-info.txt\nExternal-Identifier: 10.5281/zenodo.1\n".to_owned()),
        ("croissant", format!("croissant.json\n{}", json!({"@type": "sc:Dataset", "sc:url": {"@id": "https://example.org/"}, "citeAs": "arXiv:1710.08092", "distribution": [{"contentUrl": "a", "sha256": md5}, {"cr:md5": 687_610_993}]}))),
        ("crate", format!("ro-crate-metadata.json\n{}", json!({"@graph": [{"@id": "ro-crate-metadata.json", "about": {"@id": "./"}}, {"@id": "./", "identifier": {"@id": "#p"}}, {"@id": "#p", "value": "doi:10.5281/zenodo.1"}, {"@id": "a", "@type": "File", "sha256": sha256}]}))),
        ("package", format!("datapackage.json\n{}", json!({"resources": [{"path": "https://example.org/a", "hash": md5}, {"hash": format!("sha1:{commit}")}]}))),
        ("datacite-json", format!("datacite.json\n{}", json!({"doi": "10.5281/ZENODO.1", "relatedIdentifiers": [{"relatedIdentifier": "10.5281/zenodo.2", "relatedIdentifierType": "DOI", "relationType": "IsDerivedFrom"}]}))),
        ("datacite-xml", "datacite.xml\n<resource><identifier identifierType=\"DOI\">10.5281/zenodo.1</identifier></resource>".to_owned()),
        ("bids", format!("dataset_description.json\n{}", json!({"DatasetDOI": "n/a", "SourceDatasets": [{"DOI": "10.5281/zenodo.1"}]}))),
        ("citation", "CITATION.cff\ndoi: 10.5281/zenodo.1\nreferences:\n- {type: dataset, doi: 10.5281/zenodo.2}\n".to_owned()),
        ("sums", format!("SHA256SUMS\n{sha256}  a\nSHA256 (b) = {sha256}\n{md5} *c\n")),
        ("sums-csv", format!("checksums.csv\npath,md5\n\"a,b\",{md5}\n")),
        ("torrent", "a.torrent\nd4:infod5:filesld6:lengthi3e6:md5sum32:88813c6b15de58afc8fa75ea83361d7feee12:meta versioni2e6:pieces0:ee".to_owned()),
        ("magnet", format!("a.magnet\nmagnet:?xt=urn:btih:{commit}\n")),
        ("lfs", format!("a.tar\nversion https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\n")),
        ("annex", format!("a.tar\n/annex/objects/SHA256E-s1--{sha256}.tar\n")),
        ("python", format!("a.py\nMD5 = '{md5}'\nload_dataset('a/b', revision='{commit}')\ngdown.download(id='1jjE85dRCMOgRtvJ5RQV9-Afs-2_5dY3O')\n")),
        ("notebook", format!("a.ipynb\n{}", json!({"cells": [{"source": ["tfds.load('mnist')\n", "https://example.org/{x}"]}]}))),
        ("bibliography", "a.bib\n@misc{a, doi = {10.1109/FG.2018.00020}, eprint = {1710.08092}}\n".to_owned()),
    ];
    for (name, text) in files {
        put("metadata", name, if name == "info" { format!("dataset_info.json\n{text}") } else { text });
    }
}
