//! Seeded mutations of bytes: the same number gives the same mutation on every machine.

/// The numbers of a mutation: SplitMix64, which is enough where nobody guesses against us.
pub(crate) struct Dice(u64);

impl Dice {
    /// The row of numbers that begins with `seed`.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The next number.
    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap();
        usize::try_from(self.number() % end).unwrap()
    }

    /// Whether this one in `n` happens.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    fn byte(&mut self) -> u8 {
        self.number().to_le_bytes()[0]
    }
}

/// Pieces of text that decoders look for.
const WORDS: &[&str] = &[
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\n",
    "\r\n",
    "\n\n",
    "=",
    "==",
    "+",
    "-",
    "_",
    "/",
    " ",
    "\u{feff}",
    "\0",
    "%2f",
    "null",
    "true",
    "1.0",
    "-1",
    "1e400",
    "9007199254740992",
    "18446744073709551616",
    "\\ud800",
    "\\u0000",
    "\u{202e}",
    "\u{2014} ",
    "did:key:",
    "did:web:",
    "doi:",
    "url:https://",
    "x001/",
    ".p/",
    "old ",
    "..",
    "@",
    "é",
    "\u{1f600}",
    "A",
    "0",
];

/// Changes `bytes` at one to four places, among others by pieces of `other`.
pub(crate) fn mutate(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        mutate_once(bytes, other, dice);
    }
}

fn mutate_once(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let end = (at + 1 + dice.below(16)).min(bytes.len());
    match dice.below(10) {
        0 | 1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        2 if at < bytes.len() => bytes[at] = dice.byte(),
        3 => bytes.insert(at, dice.byte()),
        4 if at < end => drop(bytes.drain(at..end)),
        5 => insert(bytes, at, dice.pick(WORDS).as_bytes()),
        6 if at < end => {
            let again = bytes[at..end].to_vec();
            let to = dice.below(bytes.len() + 1);
            insert(bytes, to, &again);
        }
        7 => bytes.truncate(at),
        8 => {
            let from = dice.below(other.len() + 1);
            let to = (from + dice.below(64)).min(other.len());
            insert(bytes, at, &other[from..to]);
        }
        _ if at < bytes.len() => {
            // A digit or letter becomes its neighbour: what is written in digits changes its meaning, not its form.
            bytes[at] = if bytes[at].is_ascii_alphanumeric() { bytes[at].wrapping_add(1) } else { bytes[at].swap_bytes() };
            let with = dice.below(bytes.len());
            bytes.swap(at, with);
        }
        _ => {}
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// The variable of the environment, as a number.
#[expect(clippy::disallowed_methods, reason = "tests are told how long to run")]
pub(crate) fn from_environment(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{name}: {error}")),
        Err(_) => otherwise,
    }
}

/// Tells, when the test fails, which mutation it was that did it.
pub(crate) struct Told<'t> {
    /// What is mutated.
    pub(crate) what: &'t str,
    /// Which mutation.
    pub(crate) seed: u64,
}

impl Drop for Told<'_> {
    #[expect(clippy::print_stderr, reason = "whoever reads the failure wants to see it again")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { what, seed } = self;
            eprintln!("{what}: mutation {seed} did it; see it again at once with PALINODE_SEED={seed} PALINODE_MUTATIONS=1");
        }
    }
}
