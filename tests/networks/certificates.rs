//! A certificate authority for one storm, and a certificate for each host's address and name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::wires::{address, name};

pub(crate) struct Authority {
    folder: PathBuf,
}

impl Authority {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        let authority = Self { folder: folder.to_owned() };
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
        let root = ["req", "-x509", "-subj", "/CN=Palinode test", "-keyout", "root-key.pem", "-out", "root.pem"];
        authority.openssl(&[&root[..], &curve[..]].concat());
        authority
    }

    /// What the servers are to trust.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.join("root.pem")
    }

    /// The files of a host's certificate and key.
    pub(crate) fn certify(&self, host: usize) -> (PathBuf, PathBuf) {
        let [certificate, key, request, names] =
            ["pem", "key.pem", "csr", "names"].map(|ending| format!("host{host}.{ending}"));
        let extensions = format!("subjectAltName=IP:{},DNS:{}\nextendedKeyUsage=serverAuth\n", address(host), name(host));
        fs::write(self.folder.join(&names), extensions).expect("written");
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let asked = ["req", "-new", "-subj", "/CN=host", "-keyout", &key, "-out", &request];
        self.openssl(&[&asked[..], &curve[..]].concat());
        let signers = ["-CA", "root.pem", "-CAkey", "root-key.pem", "-CAcreateserial", "-days", "2"];
        let signed = ["x509", "-req", "-in", &request, "-extfile", &names, "-out", &certificate];
        self.openssl(&[&signed[..], &signers[..]].concat());
        (self.folder.join(certificate), self.folder.join(key))
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").args(arguments).current_dir(&self.folder).output().expect("openssl");
        assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
