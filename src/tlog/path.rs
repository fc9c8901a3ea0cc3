//! Paths of tiles and entry bundles under a log's prefix (tlog-tiles, "Merkle Tree" and "Log entries").

use std::fmt;

use super::tile::{TILE_HEIGHT, TileId};

/// The highest level that tlog-tiles lets a path name.
const MAX_LEVEL: u8 = 63;

/// The width of a full tile, which a path leaves out.
const FULL: u16 = 1 << TILE_HEIGHT;

/// What a path under the log's prefix names: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`.
///
/// The path has no leading slash: `<prefix>/` stands before it. Parsing accepts the one spelling that the specification
/// prescribes and nothing else, so that a resource has one address. Whether the tree has the tile is another question
/// ([`TileId::width_at`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TilePath {
    /// A bundle of entries, covering the same leaves as the tile of level 0 with this index.
    Entries {
        /// Position of the bundle, from 0.
        index: u64,
        /// Entries in it, 1 to 256; 256 is the full bundle.
        width: u16,
    },
    /// A tile of hashes.
    Hashes {
        /// Which tile.
        tile: TileId,
        /// Hashes in it, 1 to 256; 256 is the full tile.
        width: u16,
    },
}

/// The text is not the prescribed spelling of a tile path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Not 3-digit groups, all but the last with an `x`, without a group of leading zeroes; or beyond 64 bits.
    #[error("the index is not written as 3-digit groups, all but the last of them prefixed with x")]
    Index,
    /// Not `entries` and not a decimal from 0 to 63.
    #[error("the level is neither `entries` nor a decimal from 0 to 63")]
    Level,
    /// Does not begin with `tile/` and a level.
    #[error("not the path of a tile")]
    NotATile,
    /// Not a decimal from 1 to 255.
    #[error("the width is not a decimal from 1 to 255")]
    Width,
}

impl TilePath {
    /// Reads a path such as `tile/0/x001/234.p/17` or `tile/entries/000`.
    pub fn parse(path: &str) -> Result<Self, PathError> {
        let (level, rest) = path.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or(PathError::NotATile)?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, parse_decimal(width).filter(|&width| width > 0).ok_or(PathError::Width)?.into()),
            None => (rest, FULL),
        };
        let index = parse_index(index).ok_or(PathError::Index)?;
        if level == "entries" {
            return Ok(Self::Entries { index, width });
        }
        let level = parse_decimal(level).filter(|&level| level <= MAX_LEVEL).ok_or(PathError::Level)?;
        Ok(Self::Hashes { tile: TileId { level, index }, width })
    }

    /// The same tile or bundle when full: what a client may ask for instead of a partial that is gone.
    #[must_use]
    pub fn full(self) -> Self {
        match self {
            Self::Entries { index, .. } => Self::Entries { index, width: FULL },
            Self::Hashes { tile, .. } => Self::Hashes { tile, width: FULL },
        }
    }

    /// How many hashes or entries it names, 1 to 256.
    pub fn width(self) -> u16 {
        match self {
            Self::Entries { width, .. } | Self::Hashes { width, .. } => width,
        }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = match self {
            Self::Entries { index, .. } => {
                f.write_str("tile/entries/")?;
                *index
            }
            Self::Hashes { tile, .. } => {
                write!(f, "tile/{}/", tile.level)?;
                tile.index
            }
        };
        write_index(f, index)?;
        match self.width() {
            FULL => Ok(()),
            width => write!(f, ".p/{width}"),
        }
    }
}

/// Writes 1234067 as `x001/x234/067`.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let mut higher = index / 1000;
    let mut groups = Vec::new();
    while higher > 0 {
        groups.push(higher % 1000);
        higher /= 1000;
    }
    for group in groups.iter().rev() {
        write!(f, "x{group:03}/")?;
    }
    write!(f, "{:03}", index % 1000)
}

fn parse_index(text: &str) -> Option<u64> {
    let (higher, last) = text.rsplit_once('/').map_or((None, text), |(higher, last)| (Some(higher), last));
    let mut index = 0_u64;
    for group in higher.into_iter().flat_map(|higher| higher.split('/')) {
        index = index.checked_mul(1000)?.checked_add(parse_group(group.strip_prefix('x')?)?)?;
        if index == 0 {
            return None; // a first group of zeroes: a second spelling of a shorter path
        }
    }
    index.checked_mul(1000)?.checked_add(parse_group(last)?)
}

fn parse_group(text: &str) -> Option<u64> {
    (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// An ASCII decimal below 256 without sign or leading zeroes.
fn parse_decimal(text: &str) -> Option<u8> {
    let value: u8 = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hashes(level: u8, index: u64, width: u16) -> TilePath {
        TilePath::Hashes { tile: TileId { level, index }, width }
    }

    #[test]
    fn paths_are_spelled_as_the_specification_says() {
        for (path, text) in [
            (hashes(0, 0, 256), "tile/0/000"),
            (hashes(0, 273, 112), "tile/0/273.p/112"),
            (hashes(1, 1_234_067, 256), "tile/1/x001/x234/067"),
            (hashes(63, 1000, 255), "tile/63/x001/000.p/255"),
            (TilePath::Entries { index: 1234, width: 17 }, "tile/entries/x001/234.p/17"),
            (TilePath::Entries { index: u64::MAX, width: 256 }, "tile/entries/x018/x446/x744/x073/x709/x551/615"),
        ] {
            assert_eq!(path.to_string(), text);
            assert_eq!(TilePath::parse(text), Ok(path), "{text}");
        }
    }

    #[test]
    fn wrong_spellings_are_refused() {
        for (text, error) in [
            ("", PathError::NotATile),
            ("tile", PathError::NotATile),
            ("/tile/0/000", PathError::NotATile),
            ("tile/0", PathError::NotATile),
            ("tile/64/000", PathError::Level),
            ("tile/00/000", PathError::Level),
            ("tile/+1/000", PathError::Level),
            ("tile/-1/000", PathError::Level),
            ("tile//000", PathError::Level),
            ("tile/data/000", PathError::Level),
            ("tile/8/0/000", PathError::Index),
            ("tile/0/", PathError::Index),
            ("tile/0/0", PathError::Index),
            ("tile/0/00", PathError::Index),
            ("tile/0/0000", PathError::Index),
            ("tile/0/x000", PathError::Index),
            ("tile/0/x000/001", PathError::Index),
            ("tile/0/001/234", PathError::Index),
            ("tile/0/x001/x234", PathError::Index),
            ("tile/0/X001/234", PathError::Index),
            ("tile/0/x001//234", PathError::Index),
            ("tile/0/x001/234/", PathError::Index),
            ("tile/0/+01", PathError::Index),
            ("tile/0/x018/x446/x744/x073/x709/x551/616", PathError::Index),
            ("tile/0/x999/x999/x999/x999/x999/x999/999", PathError::Index),
            ("tile/0/000.p", PathError::Index),
            ("tile/0/000.p/", PathError::Width),
            ("tile/0/000.p/0", PathError::Width),
            ("tile/0/000.p/01", PathError::Width),
            ("tile/0/000.p/256", PathError::Width),
            ("tile/0/000.p/+1", PathError::Width),
            ("tile/0/000.p/1.p/1", PathError::Width),
            ("tile/0/000.p/1/", PathError::Width),
        ] {
            assert_eq!(TilePath::parse(text), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_path_round_trips(entries: bool, level in 0_u8..=63, index: u64, width in 1_u16..=256) {
            let path = if entries { TilePath::Entries { index, width } } else { hashes(level, index, width) };
            prop_assert_eq!(TilePath::parse(&path.to_string()), Ok(path));
        }

        #[test]
        fn what_parses_is_the_one_spelling(text in "tile/([0-9]{1,2}|entries)/(x[0-9]{3}/){0,2}[0-9]{3}(\\.p/[0-9]{1,3})?") {
            if let Ok(path) = TilePath::parse(&text) {
                prop_assert_eq!(path.to_string(), text);
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text: String) {
            let _ = TilePath::parse(&text);
            let _ = TilePath::parse(&format!("tile/{text}"));
        }
    }
}
