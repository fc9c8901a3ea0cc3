use serde_json::json;

use super::*;
use crate::notice::{Beginning, SubjectRole};

const SHA: &str = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
const MD5: &str = "88813c6b15de58afc8fa75ea83361d7f";

fn subjects(beginning: &Beginning) -> Vec<(SubjectRole, &str)> {
    beginning.subjects_taken().iter().map(|subject| (subject.role, subject.id.as_str())).collect()
}

fn of_json(kind: Kind, json: &serde_json::Value) -> Proposal {
    propose(&Description::of_document(kind, json.to_string().as_bytes(), "description.json"))
}

fn taken(proposal: &Proposal, field: &str) -> Vec<String> {
    proposal.taken.iter().filter(|(name, _)| *name == field).map(|(_, value)| value.clone()).collect()
}

fn left_out(proposal: &Proposal) -> String {
    proposal.left_out.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn croissant_gives_names_identifiers_and_the_strongest_digest_of_each_file() {
    let proposal = of_json(
        Kind::Croissant,
        &json!({"@type": "sc:Dataset", "name": "Faces", "alternateName": "Example Faces", "version": "1.0.0", "license": "cc-by-4.0",
            "url": "https://example.org/faces/", "sameAs": "https://huggingface.co/datasets/example/faces",
            "creator": [{"@type": "sc:Organization", "name": "Example Lab"}],
            "citeAs": "@article{x, doi = {10.1109/FG.2018.00020}}", "isBasedOn": "https://doi.org/10.5281/zenodo.9",
            "distribution": [{"contentUrl": "https://example.org/a.tar", "sha256": SHA, "md5": MD5}]}),
    );
    assert_eq!((taken(&proposal, "title"), taken(&proposal, "publisher")), (vec!["Faces".into()], vec!["Example Lab".into()]));
    assert_eq!(
        subjects(&proposal.beginning),
        [
            (SubjectRole::LandingPage, "url:https://example.org/faces/"),
            (SubjectRole::Whole, "hf:datasets/example/faces"),
            (SubjectRole::DescribedBy, "doi:10.1109/fg.2018.00020"),
            (SubjectRole::File, "url:https://example.org/a.tar"),
            (SubjectRole::File, &format!("sha256:{SHA}")),
        ]
    );
    let left = left_out(&proposal);
    for reason in ["licence \"cc-by-4.0\"", "doi:10.5281/zenodo.9: the dataset was made from it", "1 md5 digests"] {
        assert!(left.contains(reason), "{reason} is not in {left}");
    }
}

#[test]
fn datacite_json_and_xml_begin_the_same_draft_and_leave_the_concept_out() {
    let json = json!({"doi": "10.82433/B09Z-4K37", "titles": [{"title": "Faces"}, {"title": "Visages", "titleType": "TranslatedTitle"}],
        "creators": [{"name": "Example, Ada", "nameType": "Personal"}], "publisher": "Example Lab", "version": "2",
        "relatedIdentifiers": [{"relatedIdentifier": "10.82433/ALL", "relatedIdentifierType": "DOI", "relationType": "IsVersionOf"},
            {"relatedIdentifier": "10.1000/paper", "relatedIdentifierType": "DOI", "relationType": "IsDescribedBy"},
            {"relatedIdentifier": "10.1000/other", "relatedIdentifierType": "DOI", "relationType": "Cites"}]});
    let xml = br#"<?xml version="1.0"?><resource xmlns="http://datacite.org/schema/kernel-4">
        <identifier identifierType="DOI">10.82433/B09Z-4K37</identifier>
        <creators><creator><creatorName nameType="Personal">Example, Ada</creatorName></creator></creators>
        <titles><title>Faces</title><title titleType="TranslatedTitle">Visages</title></titles>
        <publisher>Example Lab</publisher><version>2</version><relatedIdentifiers>
        <relatedIdentifier relatedIdentifierType="DOI" relationType="IsVersionOf">10.82433/ALL</relatedIdentifier>
        <relatedIdentifier relatedIdentifierType="DOI" relationType="IsDescribedBy">10.1000/paper</relatedIdentifier>
        <relatedIdentifier relatedIdentifierType="DOI" relationType="Cites">10.1000/other</relatedIdentifier></relatedIdentifiers>
        <relatedItems><relatedItem><titles><title>Another work</title></titles><publisher>Others</publisher></relatedItem></relatedItems>
        </resource>"#;
    let of_json = of_json(Kind::DataCite, &json);
    let of_xml = propose(&Description::of_document(Kind::DataCite, xml, "datacite.xml"));
    assert_eq!(of_json.beginning, of_xml.beginning);
    assert_eq!(
        subjects(&of_json.beginning),
        [(SubjectRole::Whole, "doi:10.82433/b09z-4k37"), (SubjectRole::DescribedBy, "doi:10.1000/paper")]
    );
    for proposal in [of_json, of_xml] {
        let left = left_out(&proposal);
        assert!(left.contains("doi:10.82433/all: related by \"isversionof\"") && left.contains("\"cites\""), "{left}");
    }
}

#[test]
fn a_record_of_one_version_does_not_name_all_of_them() {
    let proposal = of_json(
        Kind::Zenodo,
        &json!({"conceptdoi": "10.5281/zenodo.7", "doi": "10.5281/zenodo.8",
            "metadata": {"title": "Faces", "version": "2", "creators": [{"name": "Example, Ada"}]},
            "files": [{"key": "faces.tar", "checksum": format!("md5:{MD5}")}]}),
    );
    let md5 = format!("md5:{MD5}");
    assert_eq!(subjects(&proposal.beginning), [(SubjectRole::Whole, "doi:10.5281/zenodo.8"), (SubjectRole::File, &md5)]);
    assert!(left_out(&proposal).contains("doi:10.5281/zenodo.7"));
}

#[test]
fn a_crate_names_its_publisher_by_reference() {
    let proposal = of_json(
        Kind::RoCrate,
        &json!({"@graph": [{"@id": "ro-crate-metadata.json", "about": {"@id": "./"}},
            {"@id": "./", "@type": "Dataset", "name": "Rain", "identifier": "https://doi.org/10.5281/zenodo.3", "publisher": {"@id": "#p"}},
            {"@id": "#p", "@type": "Organization", "name": "Bureau"}]}),
    );
    assert_eq!(taken(&proposal, "publisher"), ["Bureau"]);
    assert_eq!(subjects(&proposal.beginning), [(SubjectRole::Whole, "doi:10.5281/zenodo.3")]);
}

#[test]
fn of_several_manifests_of_a_bag_the_strongest_is_taken() {
    let paper = |name: &str, text: String| Paper { name: name.to_owned(), bytes: text.into_bytes(), is_cut: false };
    let bag = Bag::of_papers(&[
        paper("bag-info.txt", "Source-Organization: Example\n  Lab\nExternal-Identifier: 10.5281/zenodo.8\n".to_owned()),
        paper("manifest-md5.txt", format!("{MD5}  data/a\n")),
        paper("manifest-sha256.txt", format!("{SHA}  data/a\n")),
        paper("manifest-sha384.txt", "00  data/a\n".to_owned()),
    ]);
    let proposal = propose(&bag.description);
    assert_eq!(bag.manifest.map(|(name, _, _)| name).as_deref(), Some("manifest-sha256.txt"));
    assert_eq!(bag.others, ["manifest-sha384.txt", "manifest-md5.txt"]);
    assert_eq!(taken(&proposal, "publisher"), ["Example Lab"]);
    let sha = format!("sha256:{SHA}");
    assert_eq!(subjects(&proposal.beginning), [(SubjectRole::Whole, "doi:10.5281/zenodo.8"), (SubjectRole::File, &sha)]);
}

#[test]
fn many_digests_become_a_list_of_one_algorithm() {
    let files: Vec<_> = (0..60).map(|n| json!({"@type": "cr:FileObject", "sha256": format!("{:064x}", n + 1)})).collect();
    let proposal = of_json(Kind::Croissant, &json!({"@type": "sc:Dataset", "name": "Faces", "distribution": files}));
    assert!(subjects(&proposal.beginning).is_empty());
    assert_eq!(proposal.sums.map(|sums| (sums.algorithm.as_str(), sums.digests.len())), Some(("sha256", 60)));
}

#[test]
fn a_kind_is_known_by_what_stands_in_a_file_and_not_by_its_name() {
    for (text, name, kind) in [
        (r#"{"@context": {"cr": "http://mlcommons.org/croissant/"}}"#, "datacite.json", Some(Kind::Croissant)),
        (r#"{"data": {"attributes": {"titles": []}}}"#, "x.json", Some(Kind::DataCite)),
        (r#"{"title": "Faces", "creators": []}"#, "x.json", Some(Kind::Zenodo)),
        (r#"<resource xmlns="http://datacite.org/schema/kernel-4">"#, "x", Some(Kind::DataCite)),
        ("{}", ".zenodo.json", Some(Kind::Zenodo)),
        ("{}", "x.json", None),
        ("", "x", None),
    ] {
        assert_eq!(Kind::of_document(text.as_bytes(), name), kind, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_input_panics_and_what_is_left_out_is_told(bytes: Vec<u8>, name in "[a-z.-]{0,20}") {
        for kind in Kind::ALL {
            let proposal = propose(&Description::of_document(*kind, &bytes, &name));
            proptest::prop_assert!(proposal.left_out.iter().all(|omission| !omission.to_string().is_empty()));
        }
    }
}
