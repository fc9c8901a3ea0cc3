//! For the property tests: identifiers of every scheme, and other spellings of each.

use proptest::prelude::*;

use super::{Identifier, Scheme};

/// Identifiers in normal form, of every scheme.
pub(super) fn normal_identifiers() -> impl Strategy<Value = Identifier> {
    let digest =
        |scheme: &'static str, digits: usize| prop::string::string_regex(&format!("{scheme}:[0-9a-f]{{{digits}}}")).unwrap();
    prop_oneof![
        "doi:10\\.[0-9]{4,6}/[a-z0-9_/-]{0,20}[a-z0-9]",
        "url:(https?|ftp|s3|gs)://[a-z][a-z0-9]{0,8}\\.example/([A-Za-z0-9~_-]{1,5}/){0,3}(\\?[a-z]=[A-Z0-9]{1,3})?",
        "hf:(datasets|models)/[a-z0-9]{1,8}/[a-z0-9]{1,8}(@[0-9a-f]{40})?",
        "kaggle:[a-z0-9]{1,8}/[a-z0-9]{1,8}(/versions/[1-9][0-9]{0,3})?",
        "git:(github\\.com|codeberg\\.org|gitlab\\.com)/[a-z0-9]{1,8}/[a-z0-9]{1,8}(@[0-9a-f]{40})?",
        "swh:1:(cnt|dir|rev|rel|snp):[0-9a-f]{40}",
        digest("btih", 40),
        "gdrive:[A-Za-z0-9_-]{19,44}",
        "arxiv:[0-9]{2}(0[1-9]|1[0-2])\\.[0-9]{4,5}(v[1-9])?",
        digest("md5", 32),
        digest("sha1", 40),
        digest("sha256", 64),
        digest("sha512", 128),
        digest("blake3", 64),
        "name:[a-z0-9]{4,20}",
        "ark:[0-9]{5}/[A-Za-z0-9]{1,10}(/[A-Za-z0-9=~_]{1,5})?",
        "hdl:2[0-9]\\.[0-9]{4,6}/[a-z0-9_-]{1,20}",
        "openml:[1-9][0-9]{0,8}",
        digest("btmh", 64),
        "archive:[A-Za-z0-9][A-Za-z0-9_.-]{0,30}",
        "baidu:1[A-Za-z0-9_-]{5,22}",
        digest("dirhash1", 64),
        digest("dvcdir", 32),
        "purl:pkg:(pypi|cargo|generic)/[a-z0-9]{1,8}(@[0-9]{1,3})?",
        digest("blind", 64),
    ]
    .prop_map(|text| Identifier::from_normal(&text).unwrap())
}

/// Another accepted spelling of a normal identifier; `choice` says which.
pub(super) fn respelled(id: &Identifier, choice: usize) -> String {
    let value = id.value();
    let upper = value.to_ascii_uppercase();
    let spellings = match id.scheme() {
        Scheme::Doi => vec![
            format!("https://doi.org/{upper}"),
            format!(" DOI: {upper}."),
            format!("http://dx.doi.org/{}", value.replace('_', "%5F")),
            format!("info:doi/{value};,"),
            upper,
        ],
        Scheme::Url => spellings_of_an_address(value),
        Scheme::Hf => {
            let (repository, commit) = value.split_once('@').unwrap_or((value, "main"));
            let page =
                repository.strip_prefix("models/").unwrap_or(repository).to_ascii_uppercase().replace("DATASETS/", "datasets/");
            vec![
                format!("https://huggingface.co/{page}/resolve/{commit}/data/x.csv"),
                format!("hf://{page}@{commit}/data/x.csv"),
                format!("HF: {value}"),
                format!("hf-mirror.com/{page}/tree/{commit}"),
            ]
        }
        Scheme::Kaggle => vec![
            format!("kaggle:{}", upper.replace("/VERSIONS/", "/versions/")),
            format!("https://www.kaggle.com/datasets/{value}?select=x.csv"),
            format!("kaggle:datasets/{value}"),
        ],
        Scheme::Git => {
            let (repository, reference) = value.split_once('@').unwrap_or((value, "main"));
            let (host, path) = repository.split_once('/').unwrap();
            vec![
                format!("git+ssh://git@{host}/{}.git@{reference}", path.to_ascii_uppercase()),
                format!("git:https://{}/{path}.git/@{reference}", host.to_ascii_uppercase()),
                format!("git@{host}:{path}.git@{reference}"),
                format!("git:{repository}/tree/{reference}"),
            ]
        }
        Scheme::Swh => vec![format!("{id};origin=https://example.org"), format!(" {id} ")],
        Scheme::Btih => vec![
            format!("BTIH:{upper}"),
            format!("magnet:?dn=x&xt=urn:btih:{upper}"),
            format!("https://academictorrents.com/download/{value}.torrent"),
        ],
        Scheme::Gdrive => {
            vec![
                format!("https://drive.google.com/uc?export=download&id={value}"),
                format!("drive.google.com/file/d/{value}/view"),
            ]
        }
        Scheme::Arxiv => vec![
            format!("arXiv:{value}"),
            format!("https://arxiv.org/pdf/{value}.pdf"),
            format!("arxiv.org/abs/{value}"),
            format!("arxiv:abs/{value}"),
        ],
        Scheme::Md5 | Scheme::Sha1 | Scheme::Sha256 | Scheme::Sha512 | Scheme::Blake3 => {
            let (algorithm, bytes) = id.digest().unwrap();
            vec![format!("{algorithm}: {upper}"), format!("{algorithm}:{}", data_encoding::BASE64.encode(&bytes))]
        }
        Scheme::Ark
        | Scheme::Hdl
        | Scheme::Openml
        | Scheme::Btmh
        | Scheme::Archive
        | Scheme::Baidu
        | Scheme::Dirhash1
        | Scheme::Dvcdir
        | Scheme::Purl
        | Scheme::Blind => spellings_of_the_second_group(id),
        Scheme::Name => {
            vec![format!("name:{upper}"), format!("name:({})", value.chars().flat_map(|c| [c, '-']).collect::<String>())]
        }
    };
    spellings[choice % spellings.len()].clone()
}

fn spellings_of_the_second_group(id: &Identifier) -> Vec<String> {
    let value = id.value();
    let upper = value.to_ascii_uppercase();
    match id.scheme() {
        Scheme::Ark => {
            let (authority, name) = value.split_once('/').unwrap();
            let hyphens: String = name.chars().flat_map(|c| if c == '/' { vec![c] } else { vec![c, '-'] }).collect();
            vec![
                format!("ark:/{authority}/{name}"),
                format!("ARK:{authority}/{hyphens}"),
                format!("https://n2t.net/ark:/{value}?info"),
                format!("ark:https://data.example/x/ark:{value}"),
            ]
        }
        Scheme::Hdl => vec![
            format!("HDL:{upper}"),
            format!("https://hdl.handle.net/{upper}"),
            format!("hdl.handle.net/api/handles/{value}?index=1"),
            format!("hdl: hdl:{value}"),
        ],
        Scheme::Openml => vec![
            format!("https://www.openml.org/d/{value}"),
            format!("https://www.openml.org/search?type=data&id={value}"),
            format!("OpenML:{value}"),
        ],
        Scheme::Btmh => {
            vec![format!("urn:btmh:1220{upper}"), format!("magnet:?dn=x&xt=urn:btmh:1220{value}"), format!("BTMH:{upper}")]
        }
        Scheme::Archive => vec![format!("https://archive.org/details/{value}"), format!("archive.org/download/{value}/x.zip")],
        Scheme::Baidu => vec![
            format!("https://pan.baidu.com/s/{value}?pwd=abcd"),
            format!("https://pan.baidu.com/share/init?surl={}", value.strip_prefix('1').unwrap()),
        ],
        Scheme::Dirhash1 => {
            let bytes = data_encoding::HEXLOWER.decode(value.as_bytes()).unwrap();
            vec![format!("dirhash1:{upper}"), format!("h1:{}", data_encoding::BASE64.encode(&bytes))]
        }
        Scheme::Dvcdir => vec![format!("dvcdir:{upper}"), format!("dvcdir:{value}.dir")],
        Scheme::Purl => vec![value.to_owned(), format!("PURL:pkg://{}", value.strip_prefix("pkg:").unwrap())],
        Scheme::Blind => vec![format!("BLIND: {upper}")],
        other => vec![format!("no spelling of {other} is known")],
    }
}

fn spellings_of_an_address(value: &str) -> Vec<String> {
    let (scheme, rest) = value.split_once("://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    vec![
        format!("{}://{}/./{path}#top", scheme.to_ascii_uppercase(), host.to_ascii_uppercase()),
        format!("{value}{}utm_source=x", if value.contains('?') { "&" } else { "?" }),
        format!("url:{}", value.replace('~', "%7e").replace('-', "%2D")),
        format!("{scheme}://{host}/x/../{path}"),
    ]
}
