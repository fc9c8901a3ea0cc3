//! A path has one spelling, and stands for what is published: hundreds of paths, asked for at every size where a log changes its
//! shape. What may be there is worked out here from the size alone (tlog-tiles), and everything else must not be.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tempfile::tempdir;

use crate::client::{Answer, request};
use crate::filling::grow_to;
use crate::lying::address;
use crate::server_process::{Launch, ServerProcess};
use crate::speaker::Speaker;

fn get(server: SocketAddr, path: &str) -> Answer {
    request(server, "GET", path, &[], b"")
}

/// Writes an index as the specification does: 1234067 is `x001/x234/067`.
fn spelled(index: u64) -> String {
    let digits = format!("{index:03}");
    let digits = format!("{digits:0>width$}", width = digits.len().div_ceil(3) * 3);
    let groups: Vec<_> = digits.as_bytes().chunks(3).map(|group| std::str::from_utf8(group).unwrap()).collect();
    match groups.split_last().unwrap() {
        (last, []) => (*last).to_owned(),
        (last, higher) => format!("x{}/{last}", higher.join("/x")),
    }
}

/// Every path of a tile or bundle that a log of `size` entries publishes, with the number of hashes or entries there: full tiles,
/// and partial ones at every width up to the one they have.
fn published(size: u64) -> BTreeMap<String, u64> {
    let mut paths = BTreeMap::new();
    let rooms = (0..8_u32).map(|level| (level.to_string(), size >> (8 * level))).chain([("entries".to_owned(), size)]);
    for (room, hashes) in rooms {
        for index in 0..hashes / 256 {
            paths.insert(format!("/log/tile/{room}/{}", spelled(index)), 256);
        }
        for index in 0..hashes.div_ceil(256) {
            // A tile that is full by now keeps the paths that it had while it was partial.
            let widths = (hashes - index * 256).min(255);
            for width in 1..=widths {
                paths.insert(format!("/log/tile/{room}/{}.p/{width}", spelled(index)), width);
            }
        }
    }
    paths
}

/// What follows `/log/tile/<room>/` in right spellings and in wrong ones.
const REST: [&str; 78] = [
    "000",
    "001",
    "002",
    "255",
    "256",
    "272",
    "273",
    "274",
    "999",
    "x001/000",
    "x001/234",
    "x001/x234/067",
    "000.p/1",
    "000.p/2",
    "000.p/43",
    "000.p/44",
    "000.p/45",
    "000.p/254",
    "000.p/255",
    "001.p/1",
    "001.p/2",
    "001.p/44",
    "001.p/45",
    "001.p/255",
    "002.p/1",
    "273.p/111",
    "273.p/112",
    "273.p/113",
    "x001/000.p/1",
    // Widths that are none.
    "000.p/0",
    "000.p/00",
    "000.p/01",
    "000.p/001",
    "000.p/256",
    "000.p/257",
    "000.p/1000",
    "000.p/-1",
    "000.p/+1",
    "000.p/1.0",
    "000.p/1e0",
    "000.p/0x1",
    "000.p/",
    "000.p",
    "000.p/1/",
    "000.p//1",
    "000.p/1/1",
    "000.p/1.p/1",
    "000.P/1",
    "000.p/a",
    "000.p%2F1",
    "000%2Ep/1",
    "000.p/%31",
    "000.p/1%00",
    "000.p/1%20",
    "000.p/%D9%A1",
    "000p/1",
    "000/.p/1",
    "000./p/1",
    // Indexes that are none, or have another spelling.
    "",
    "0",
    "00",
    "0000",
    "x000",
    "x000/000",
    "x000/001",
    "x000/x000/000",
    "000/000",
    "001/000",
    "x001/x000",
    "X001/000",
    "x1/000",
    "-01",
    "+01",
    "%30%30%30",
    "00%30",
    "x001%2F000",
    "000/",
    "x018/x446/x744/x073/x709/x551/616",
];

/// What stands between `/log/tile/` and the index: levels that there are or may come to be, and bundles.
const ROOMS: [&str; 7] = ["0", "1", "2", "3", "7", "63", "entries"];

/// What no room is called.
const NO_ROOMS: [&str; 17] =
    ["8", "62", "64", "65", "255", "256", "-1", "+0", "00", "01", "0x0", "Entries", "ENTRIES", "data", "8/0", "entrie", "%2e"];

/// Whole paths that name nothing, or that name something wrongly.
const OTHERS: [&str; 43] = [
    "/log/",
    "/log/checkpoint/",
    "/log/Checkpoint",
    "/LOG/checkpoint",
    "/log/%63heckpoint",
    "/log/checkpoint%00",
    "/log/checkpoint%20",
    "/log/checkpoint.txt",
    "/log/checkpoint;x",
    "/log//checkpoint",
    "//log/checkpoint",
    "/log/./checkpoint",
    "/log/../log/checkpoint",
    "/log%2Fcheckpoint",
    "/./log/checkpoint",
    "/checkpoint",
    "/log/latest",
    "/log/tile",
    "/log/tile/",
    "/log/tile/0",
    "/log/tile/0/",
    "/log/tile//000.p/1",
    "/log/tile//0/000.p/1",
    "/log//tile/0/000.p/1",
    "/log/tile/0//000.p/1",
    "/log/tile/./0/000.p/1",
    "/log/tile/../tile/0/000.p/1",
    "/log/tile/%30/000.p/1",
    "/log/tile%2F0/000.p/1",
    "/log/Tile/0/000.p/1",
    "/log/tile/0/000.p/1;x",
    "/tile/0/000.p/1",
    "/log/tiles/0/000.p/1",
    "/log/entry",
    "/log/entry/",
    "/log/entry/0",
    "/log/entry/../checkpoint",
    "/log/tile/e%6Etries/000.p/1",
    "/log/tile/entries/",
    "/log/tile/entries",
    "/log/seq/000",
    "/log/tree/head",
    "/log/tile/0/000.p/1%",
];

/// The length in bytes that a tile must have; a bundle is at least as long as its length prefixes.
fn has_right_length(path: &str, count: u64, answer: &Answer) -> bool {
    let length = answer.body.len() as u64;
    if path.starts_with("/log/tile/entries/") { length > 2 * count } else { length == 32 * count }
}

fn check_there(path: &str, count: u64, answer: &Answer) {
    assert_eq!(answer.status, 200, "{path}");
    assert!(has_right_length(path, count, answer), "{path}: {} bytes", answer.body.len());
    assert_eq!(answer.header("content-type"), Some("application/octet-stream"), "{path}");
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
    assert_eq!(answer.header("content-encoding"), None, "{path}");
}

/// Nothing is there, and no cache may keep that: it may be there in a moment.
fn check_not_there(path: &str, answer: &Answer) {
    assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    assert_eq!(answer.rule(), "not-found", "{path}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    assert_eq!(answer.header("etag"), None, "{path}");
}

/// Asks for everything in the table, and gives how many paths were there and how many were not.
fn check_table(server: SocketAddr, size: u64) -> (usize, usize) {
    let published = published(size);
    let (mut there, mut not_there) = (0, 0);
    let paths = |rooms: &[&str], rest: &[&str]| -> Vec<String> {
        rooms.iter().flat_map(|room| rest.iter().map(move |rest| format!("/log/tile/{room}/{rest}"))).collect()
    };
    for path in paths(&ROOMS, &REST).into_iter().chain(paths(&NO_ROOMS, &["000", "000.p/1", "001", "x001/000"])) {
        let answer = get(server, &path);
        if let Some(count) = published.get(&path) {
            check_there(&path, *count, &answer);
            there += 1;
        } else {
            check_not_there(&path, &answer);
            not_there += 1;
        }
    }
    for path in OTHERS {
        check_not_there(path, &get(server, path));
    }
    (there, not_there + OTHERS.len())
}

#[tokio::test]
async fn what_is_published_is_there_under_one_spelling_and_nothing_else_is() {
    let folder = tempdir().unwrap();
    let server = Launch::on(folder.path().join("a")).start();
    let (speaker, at) = (Speaker::new(), address(&server));
    let mut right = Vec::new();
    for size in [0, 1, 255, 256, 257, 300] {
        grow_to(&server, &speaker, size).await;
        let published = published(size);
        for (path, count) in &published {
            check_there(path, *count, &get(at, path));
        }
        let (there, not_there) = check_table(at, size);
        assert!(not_there > 550, "{not_there} wrong paths at size {size}");
        right.push((published.len(), there));
    }
    // 300 entries: 1 full tile and 255 + 44 partial widths, twice (hashes, entries), and the first hash of level 1.
    assert_eq!(right[5], (2 * (1 + 255 + 44) + 1, right[5].1), "{right:?}");
    assert_eq!(right[0], (0, 0), "an empty log has no tiles");
    assert!(right.windows(2).all(|two| two[0].1 < two[1].1), "{right:?}");
}

/// The same table where there are three levels. All published paths would be 140,000, so each full tile and the right edge.
pub(crate) async fn paths_of_a_large_log(server: &ServerProcess, size: u64) {
    assert_eq!(server.tree_size().await, size);
    let at = address(server);
    let (there, not_there) = check_table(at, size);
    assert!(there > 20 && not_there > 550, "{there} paths are there, {not_there} are not");
    for level in 0..8_u32 {
        let hashes = size >> (8 * level);
        let edge = format!("/log/tile/{level}/{}", spelled(hashes / 256));
        check_not_there(&edge, &get(at, &edge));
        let width = hashes % 256;
        if width > 0 {
            let path = format!("{edge}.p/{width}");
            check_there(&path, width, &get(at, &path));
        }
        let beyond = format!("{edge}.p/{}", width + 1);
        check_not_there(&beyond, &get(at, &beyond));
    }
}

#[tokio::test]
async fn questions_methods_and_conditions_change_nothing_about_what_is_there() {
    let folder = tempdir().unwrap();
    let server = Launch::on(folder.path().join("a")).start();
    grow_to(&server, &Speaker::new(), 3).await;
    let at = address(&server);
    let leaf = data_encoding::HEXLOWER.encode(&get(at, "/log/tile/0/000.p/1").body);
    let entry = format!("/log/entry/{leaf}");
    for path in ["/log/checkpoint", "/log/tile/0/000.p/3", "/log/tile/entries/000.p/3", &entry] {
        let plain = get(at, path);
        assert_eq!(plain.status, 200, "{path}");
        // A query names nothing: whatever it says, the same bytes come, so a cache that ignores it cannot be led astray.
        for query in ["?", "?x", "?size=2", "?path=../checkpoint"] {
            let asked = get(at, &format!("{path}{query}"));
            assert_eq!(
                (asked.status, &asked.body, asked.header("etag")),
                (200, &plain.body, plain.header("etag")),
                "{path}{query}"
            );
        }
        let head = request(at, "HEAD", path, &[], b"");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        for name in ["content-type", "cache-control", "etag", "content-length"] {
            assert_eq!(head.header(name), plain.header(name), "{name} of {path}");
        }
        for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] {
            let refused = request(at, method, path, &[], b"");
            assert_eq!(refused.rule(), "method-not-allowed", "{method} {path}");
            assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{method} {path}");
        }
        let tag = plain.header("etag").unwrap();
        let known = request(at, "GET", path, &[("If-None-Match", tag)], b"");
        assert_eq!((known.status, known.body.len()), (304, 0), "{path}");
    }
    let checkpoint = get(at, "/log/checkpoint");
    assert_eq!(checkpoint.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(checkpoint.header("cache-control"), Some("no-cache"));
    // A condition does not make something of nothing.
    for path in ["/log/tile/0/000", "/log/tile/0/000.p/4", "/log/tile/1/000.p/1"] {
        for headers in [[("If-None-Match", "*")], [("If-None-Match", "\"tile/0/000\"")], [("Range", "bytes=0-31")]] {
            check_not_there(path, &request(at, "GET", path, &headers, b""));
        }
        assert_eq!(request(at, "HEAD", path, &[], b"").status, 404, "{path}");
    }
    let upper = format!("/log/entry/{}", leaf.to_uppercase());
    for path in [
        upper.as_str(),
        &format!("{entry}0"),
        &entry[..entry.len() - 1],
        &format!("{entry}/"),
        &format!("/log/entry/{}", "0".repeat(64)),
    ] {
        check_not_there(path, &get(at, path));
    }
}
