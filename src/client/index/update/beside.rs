//! What answers need beside the list: the trust settings that its head names, and what is known of digest lists.

use std::time::Duration;

use super::{IndexError, IndexFault, Stage, Updater};
use crate::client::audit::{Got, Unreachable};
use crate::client::index::lists::{self, Named};
use crate::client::index::local::settings_name;
use crate::client::index::looking::{blocks_name, filter_name};
use crate::client::index::{ServerFolder, VerifiedHead};
use crate::compact::settings;
use crate::digests::{BlockHashes, Filter, ListForm, MAX_FILTER};
use crate::notice::{DigestList, DocumentHash};

/// How long a digest list may take.
const LIST_DEADLINE: Duration = Duration::from_mins(30);
/// A list of so many bytes is fetched whole: its filter would not be much smaller, and answers then ask nobody.
const SMALL_LIST: u64 = 1 << 20;
/// A refusal may have so many bytes, however small the thing is that was asked for.
const SMALL_ANSWER: usize = 65_536;

impl Updater<'_> {
    /// The settings that the head names.
    pub(super) async fn trust(&self, head: &VerifiedHead) -> Result<(), IndexError> {
        let hash = head.head().trust.to_string();
        let path = self.folder.file(&settings_name(&hash));
        if path.is_file() {
            return Ok(());
        }
        let bytes = self.bytes(&format!("v1/index/trust/{hash}"), settings::MAX_SETTINGS).await?;
        let trust = settings::parse(&bytes).map_err(|fault| self.broken(IndexFault::Settings(fault.to_string())))?;
        if trust.hash() != hash {
            return Err(self.broken(IndexFault::Settings("they are not those that the head names".to_owned())));
        }
        ServerFolder::write(&path, &bytes)
    }

    /// What answers need of the digest lists that notices name. How many are not to be had.
    pub(super) async fn lists(&self, named: &[Named], progress: &mut dyn FnMut(Stage, u64, u64)) -> Result<u64, IndexError> {
        let mut missing = 0;
        for (done, Named { list, .. }) in (0_u64..).zip(named) {
            progress(Stage::Lists, done, named.len() as u64);
            let is_whole = self.folder.file(&lists::document(&list.sha256)).is_file();
            let wants_whole = self.wanted.lists || list.size() <= SMALL_LIST;
            let had = is_whole || (wants_whole && self.whole(list).await?) || (!self.wanted.lists && self.sides(list).await?);
            missing += u64::from(!had);
        }
        Ok(missing)
    }

    /// A list as a whole, compared with its hash.
    async fn whole(&self, list: &DigestList) -> Result<bool, IndexError> {
        let most = usize::try_from(list.size()).unwrap_or(usize::MAX).max(SMALL_ANSWER);
        let is_right = |body: &[u8]| DocumentHash::of(body) == list.sha256;
        self.document(&format!("v1/documents/{}", list.sha256), &lists::document(&list.sha256), most, is_right).await
    }

    /// The filter of a list and the hashes of its blocks, which have the root that the notice names.
    async fn sides(&self, list: &DigestList) -> Result<bool, IndexError> {
        let is_filter = |body: &[u8]| Filter::parse_of(body.to_vec(), list.sha256, ListForm::of(list)).is_ok();
        let is_blocks = |body: &[u8]| BlockHashes::parse(body, list.size(), &list.blocks).is_ok();
        let most = usize::try_from(BlockHashes::file_size(list.size())).unwrap_or(usize::MAX).max(SMALL_ANSWER);
        let name = &list.sha256;
        let blocks = self.document(&format!("v1/documents/{name}/blocks"), &blocks_name(name), most, is_blocks).await?;
        Ok(blocks && self.document(&format!("v1/index/filter/{name}"), &filter_name(name), MAX_FILTER, is_filter).await?)
    }

    /// Fetches a file that never changes under its name, when it is not here; whether it is here now.
    async fn document(
        &self,
        path: &str,
        name: &str,
        most: usize,
        is_right: impl Fn(&[u8]) -> bool,
    ) -> Result<bool, IndexError> {
        let file = self.folder.file(name);
        if file.is_file() {
            return Ok(true);
        }
        match self.reader.get(path, most, LIST_DEADLINE, None).await {
            Ok(Got::Bytes { body, .. }) if is_right(&body) => ServerFolder::write(&file, &body).map(|()| true),
            // It is not there, is another one, or was removed for good (451).
            Ok(_) | Err(Unreachable::Status { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
