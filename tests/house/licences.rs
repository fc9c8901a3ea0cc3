//! Which licences may be linked: crates of the normal and build dependencies, for every platform.

use std::collections::{BTreeSet, HashMap};

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, PackageId};

/// Licences that may stand alone. All let us ship under MIT OR Apache-2.0.
const ALLOWED: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Unicode-3.0",
    "Zlib",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "BSL-1.0",
    "0BSD",
    "Unlicense",
];

/// Whether what an SPDX expression asks for can be met with allowed licences only: one side of an `OR`, both sides of an `AND`.
fn is_allowed(expression: &str) -> Result<bool, String> {
    // The older spelling `MIT/Apache-2.0` means OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words };
    let allowed = reader.either()?;
    match reader.words {
        [] => Ok(allowed),
        [word, ..] => Err(format!("unexpected `{word}` in `{expression}`")),
    }
}

/// Recursive descent over `OR` (weakest), `AND`, parentheses, `WITH`.
struct Reader<'w> {
    words: &'w [&'w str],
}

impl<'w> Reader<'w> {
    fn next_is(&mut self, word: &str) -> bool {
        match self.words {
            [first, rest @ ..] if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn either(&mut self) -> Result<bool, String> {
        let mut allowed = self.both()?;
        while self.next_is("OR") {
            allowed |= self.both()?;
        }
        Ok(allowed)
    }

    fn both(&mut self) -> Result<bool, String> {
        let mut allowed = self.one()?;
        while self.next_is("AND") {
            allowed &= self.one()?;
        }
        Ok(allowed)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.next_is("(") {
            let allowed = self.either()?;
            return if self.next_is(")") { Ok(allowed) } else { Err("a parenthesis is open".to_owned()) };
        }
        let words: &'w [&'w str] = self.words;
        let [licence, rest @ ..] = words else { return Err("a licence is missing".to_owned()) };
        if matches!(*licence, "OR" | "AND" | "WITH" | ")") {
            return Err(format!("a licence is missing before `{licence}`"));
        }
        self.words = rest;
        if !self.next_is("WITH") {
            return Ok(ALLOWED.contains(licence));
        }
        let words: &'w [&'w str] = self.words;
        let [exception, rest @ ..] = words else { return Err("an exception is missing".to_owned()) };
        self.words = rest;
        Ok(ALLOWED.contains(&format!("{licence} WITH {exception}").as_str()))
    }
}

/// Packages that the normal and build dependencies reach; test dependencies are not linked into what is shipped.
fn linked(metadata: &Metadata) -> BTreeSet<PackageId> {
    let resolve = metadata.resolve.as_ref().expect("metadata has a dependency graph");
    let nodes: HashMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut reached = BTreeSet::new();
    let mut next = vec![resolve.root.clone().expect("the graph has a root")];
    while let Some(id) = next.pop() {
        if !reached.insert(id.clone()) {
            continue;
        }
        for dependency in &nodes[&id].deps {
            if dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development) {
                next.push(dependency.pkg.clone());
            }
        }
    }
    reached
}

#[test]
fn no_linked_crate_is_under_a_licence_that_we_could_not_ship() {
    let metadata = MetadataCommand::new()
        .manifest_path(super::sources::root().join("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(vec!["--locked".to_owned()])
        .exec()
        .expect("cargo metadata runs");
    let linked = linked(&metadata);
    assert!(linked.len() > 100, "only {} packages: the graph was not read", linked.len());
    let mut faults = Vec::new();
    for package in metadata.packages.iter().filter(|package| linked.contains(&package.id)) {
        match package.license.as_deref().map(is_allowed) {
            Some(Ok(true)) => {}
            Some(Ok(false)) => faults.push(format!("{} {}: {:?}", package.name, package.version, package.license)),
            Some(Err(fault)) => faults.push(format!("{} {}: {fault}", package.name, package.version)),
            None => faults.push(format!("{} {}: no licence given", package.name, package.version)),
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn licence_expressions_mean_what_spdx_says() {
    for expression in [
        "MIT",
        "MIT OR GPL-3.0-or-later",
        "MIT/Apache-2.0",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR MIT",
        "GPL-2.0-only OR MIT AND ISC",
    ] {
        assert_eq!(is_allowed(expression), Ok(true), "{expression}");
    }
    for expression in [
        "GPL-3.0-or-later",
        "AGPL-3.0-only",
        "LGPL-2.1-or-later",
        "MIT AND GPL-3.0-only",
        "(MIT OR GPL-2.0-only) AND LGPL-3.0-only",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "MPL-2.0",
    ] {
        assert_eq!(is_allowed(expression), Ok(false), "{expression}");
    }
    for expression in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "MIT)", "AND MIT"] {
        assert!(is_allowed(expression).is_err(), "{expression}");
    }
}
