//! `purl:`, package URLs (ECMA-427, purl-spec), as bills of materials name what went into a program. A model of the Hugging Face
//! Hub is that model; every other package URL is opaque and meets itself only, version and all.

use std::str::FromStr;

use packageurl::PackageUrl;

use super::{Identifier, IdentifierError, Scheme, hf};

/// Why a text is no package URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PurlFault {
    /// Not the form of the specification.
    #[error("a package URL is written pkg:type/namespace/name@version, as purl-spec says for its type")]
    Form,
}

impl PurlFault {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "called like the rules of all faults")]
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Form => "purl-form",
        }
    }
}

/// Where packages of the type `huggingface` come from when nothing else is said.
const HUB: [&str; 2] = ["https://huggingface.co", "https://huggingface.co/"];

/// Reads a package URL, `pkg:` included.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return Err(PurlFault::Form.into());
    }
    let purl = PackageUrl::from_str(text).ok().ok_or(PurlFault::Form)?;
    if let Some(model) = model(&purl) {
        return model;
    }
    let normal = purl.to_string();
    // A text that is still another after two readings has no normal form.
    if PackageUrl::from_str(&normal).ok().is_none_or(|again| again.to_string() != normal) {
        return Err(PurlFault::Form.into());
    }
    Identifier::assemble(Scheme::Purl, &normal)
}

/// The model that a package URL of the Hub names. Packages of another server are none of the Hub's.
fn model(purl: &PackageUrl<'_>) -> Option<Result<Identifier, IdentifierError>> {
    let from_the_hub = purl.qualifiers().get("repository_url").is_none_or(|url| HUB.contains(&url.as_ref()));
    if purl.ty() != "huggingface" || !from_the_hub {
        return None;
    }
    let owner = purl.namespace().map(|owner| format!("{owner}/")).unwrap_or_default();
    let version = purl.version().map(|version| format!("@{version}")).unwrap_or_default();
    Some(hf::identifier(&format!("models/{owner}{}{version}", purl.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "043235d6088ecd3dd5fb5ca3592b6913fd516027";

    fn purl(text: &str) -> Result<String, &'static str> {
        identifier(text).map(|id| id.as_str().to_owned()).map_err(|error| error.rule())
    }

    #[test]
    fn a_model_of_the_hub_is_that_model() {
        assert_eq!(purl("pkg:huggingface/Microsoft/Deberta-V3").as_deref(), Ok("hf:models/microsoft/deberta-v3"));
        let versioned = format!("pkg:huggingface/a/b@{}?repository_url=https://huggingface.co", COMMIT.to_uppercase());
        assert_eq!(purl(&versioned), Ok(format!("hf:models/a/b@{COMMIT}")));
        let elsewhere = purl("pkg:huggingface/a/b?repository_url=https://hub.example").unwrap();
        assert!(elsewhere.starts_with("purl:pkg:huggingface/a/b?repository_url="), "{elsewhere}");
    }

    #[test]
    fn others_are_opaque_in_the_canonical_form_of_the_specification() {
        assert_eq!(purl("pkg:PyPI/Torch_Geometric@2.0?b=2&a=1").as_deref(), Ok("purl:pkg:pypi/torch-geometric@2.0?a=1&b=2"));
        assert_eq!(purl("pkg://github/Acme/Faces@v1").as_deref(), Ok("purl:pkg:github/acme/faces@v1"));
        for text in ["pkg:", "pkg:pypi", "pypi/torch", "pkg:pypi/to rch", "pkg:/x/"] {
            assert_eq!(purl(text), Err("purl-form"), "{text}");
        }
    }
}
